"""Lets the configured language model word a draft: the one call to a model, and every way in which it can fail.

Whatever happens here, a draft comes back: the model's wording where it passes, else the engine's own with a sentence
that says why. Nothing is logged of what was asked or answered.
"""

import structlog

from consultant.drafting import rewriting
from consultant.drafting.model import Draft
from consultant.drafting.ports import LanguageModel
from consultant.drafting.rewriting import noted
from consultant.errors import ConsultantError
from consultant.questions.model import Question
from knowledge.release import Release

log = structlog.get_logger(__name__)

BROKEN = "The language model's answer could not be judged, because of a fault in this program; the log names it."


def reworded(draft: Draft, question: Question, release: Release, model: LanguageModel | None) -> Draft:
    """Return the draft as the model words it, or as it is. Takes no longer than the model's timeout; never raises."""
    if model is None:
        return draft
    try:
        return _asked(draft, frozenset(mention.code for mention in question.codes), release, model)
    except ConsultantError as error:
        log.warning("language model failed", why=str(error))
        return noted(draft, str(error))
    except Exception:
        # A fault of ours in judging a strange answer must not hold a case that has a good draft.
        log.exception("language model not judged")
        return noted(draft, BROKEN)


def _asked(draft: Draft, letter_codes: frozenset[str], release: Release, model: LanguageModel) -> Draft:
    prompt = rewriting.prompt(draft)
    if prompt is None:
        return noted(draft, rewriting.NOTHING_TO_WORD)
    if not rewriting.passes(draft, release, letter_codes):
        return noted(draft, rewriting.CHECKS_FAIL)
    made = rewriting.reworded(draft, model.ask(prompt), release, letter_codes)
    log.info("language model asked", words_of=str(made.writer))
    return made
