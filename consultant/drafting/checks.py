"""What must hold of a body before it may be sent: run on the engine's draft, and again on the reviewer's text.

A failing check does not forbid the letter; it asks the reviewer for a reason, which is kept with the approval.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from consultant.drafting import reading
from consultant.drafting.model import Draft, Outcome
from consultant.drafting.outline import CLAIM_SECTIONS, TITLES, source_text
from consultant.evidence.wording import joined
from consultant.privacy import phi
from knowledge.model import CodePage, CodeRemark, Diagnosis, DocumentationItem, Statement
from knowledge.official_model import NoEdition
from knowledge.release import Release

OFFICIAL_HOSTS = frozenset({"www.cms.gov", "cms.gov", "www.cdc.gov", "www.federalregister.gov", "www.ecfr.gov"})
"""Where a link in a letter may lead: the publishers of the official texts, and nobody else."""

# Words by which a sentence says that a code is not to be used on the date of service.
_SAID_TO_BE_OUT = re.compile(
    r"\bnot (?:in force|valid|held|in the|billable|hold|reported|billed|among)\b|\bno (?:code|longer)\b"
    r"|\bdo not report\b|\bdeleted\b|\bended\b",
    re.IGNORECASE,
)
_CODE_SYSTEMS = frozenset({"CPT", "HCPCS", "ICD-10-CM"})


@dataclass(frozen=True, slots=True)
class Check:
    """One rule with its result and a sentence for the reviewer."""

    rule: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class _Body:
    """A body taken apart, with what it is checked against."""

    text: str
    draft: Draft
    release: Release
    letter_codes: frozenset[str]
    entries: tuple[reading.Entry, ...]

    def of(self, *sections: str) -> tuple[reading.Entry, ...]:
        """Return the entries of these sections."""
        return tuple(entry for entry in self.entries if entry.section in sections)

    def said(self) -> tuple[reading.Entry, ...]:
        """Return everything but the list of sources, which names editions and rows."""
        return tuple(entry for entry in self.entries if entry.section != "sources")

    def in_force(self, code: str) -> bool:
        """Tell whether the release holds this code on the date of service, or names it in a statement of its own."""
        held = _CODE_SYSTEMS & set(self.release.systems_of(code, self.draft.date_of_service))
        return bool(held) or (self.release.page(code) is None and code in self.stated())

    def stated(self) -> frozenset[str]:
        """Return the codes that the release's own statements name: quoted word for word, they come from the release."""
        said = {code for text in self.statements() for code in reading.codes(text)}
        beyond = {code for row in self.release.choosers() for way in row.table.outside for code in way.codes}
        return frozenset(said | beyond | self.primaries())

    def primaries(self) -> frozenset[str]:
        """Return the primary codes that the rows of the letter's add-on codes name, held by themselves or not."""
        on = self.draft.date_of_service
        rows = (self.release.addon(code, on, nearest=True) for code in self.letter_codes)
        return frozenset(
            code for answer in rows if not isinstance(answer, NoEdition) for row in answer for code in row.primaries
        )

    def statements(self) -> tuple[str, ...]:
        """Return the words of every rule, test and page of the release."""
        pages = (page for row in self.release.pages() if (page := self.release.page(row.code)))
        said = [said.text for page in pages for section in _sections(page) for said in section]
        return (*said, *(row.text for row in self.release.rules()))


def _sections(page: CodePage) -> tuple[tuple[Statement | DocumentationItem | CodeRemark | Diagnosis, ...], ...]:
    """Return the sections of a code's page whose statements may stand in a draft."""
    said = (page.description, page.applies_when, page.does_not_apply, page.common_mistakes, page.included)
    return (*said, page.documentation, page.neighbours, page.diagnoses, page.modifiers, page.separately_reportable)


def check(text: str, draft: Draft, release: Release, letter_codes: frozenset[str]) -> tuple[Check, ...]:
    """Check a body against its draft, the release and the codes and modifiers that the letter itself names."""
    body = _Body(text, draft, release, letter_codes, reading.entries(text))
    return tuple(Check(rule, not wrong, wrong or right) for rule, look, right in _RULES for wrong in (look(body),))


def identifies(text: str, draft: Draft, release: Release) -> bool:
    """Tell whether a body fails the check for identifiers of a person."""
    return _identifiers(_Body(text, draft, release, frozenset(), reading.entries(text))) is not None


def _unknown_codes(body: _Body) -> str | None:
    """Find codes that come neither from the release nor from the sender's own words."""
    named = {code for entry in body.said() for code in reading.codes(entry.text)}
    unknown = sorted(code for code in named if code not in body.letter_codes and not body.in_force(code))
    return f"Neither the release nor the letter has {joined(unknown)}." if unknown else None


def _out_of_force(body: _Body) -> str | None:
    """Find a code that is not in force on the date of service and is not said to be so where it is named."""
    quiet = {
        code
        for entry in body.said()
        for sentence in reading.sentences(entry.text)
        for code in reading.codes(sentence)
        if not _SAID_TO_BE_OUT.search(sentence) and not body.in_force(code)
    }
    if not quiet:
        return None
    on = body.draft.date_of_service.isoformat()
    return f"The text names {joined(sorted(quiet))} without saying that the release does not hold it on {on}."


def _unknown_modifiers(body: _Body) -> str | None:
    """Find modifiers that come neither from the release nor from the sender's own words."""
    named = {row for entry in body.said() for row in reading.modifiers(entry.text)}
    on = body.draft.date_of_service
    unknown = sorted(
        row
        for row in named
        if row not in body.letter_codes
        and "MODIFIER" not in body.release.systems_of(row, on)
        and not body.release.rules(modifier=row)
    )
    return f"Neither the release nor the letter has modifier {joined(unknown)}." if unknown else None


def _loose_marks(body: _Body) -> str | None:
    """Find citation marks that refer to no source in the list."""
    listed = {number for entry in body.of("sources") for number in reading.marks(entry.text)[:1]}
    loose = sorted({number for entry in body.said() for number in reading.marks(entry.text)} - listed)
    return f"No source is listed for {joined([f'[{number}]' for number in loose])}." if loose else None


def _changed_sources(body: _Body) -> str | None:
    """Find a listed source that is not one of the draft's, under its own number."""
    other = _foreign_sources(body)
    return f"This listed source is not the draft's: {other[0]}" if other else None


def _foreign_sources(body: _Body) -> list[str]:
    """Return what stands in the list of sources and is none of the draft's."""
    ours = {f"[{number}] {source_text(row)}" for number, (_, row) in enumerate(body.draft.citations, 1)}
    return [entry.text for entry in body.of("sources") if entry.text not in ours]


def _uncited(body: _Body) -> str | None:
    """Find entries of the sections of claims that carry no citation mark."""
    bare = [entry for entry in body.of(*CLAIM_SECTIONS) if reading.uncited(entry.text)]
    if bare:
        start = reading.uncited(bare[0].text)[:60]
        many = "1 claim cites" if len(bare) == 1 else f"{len(bare)} claims cite"
        return f'{many} nothing, first under {TITLES[bare[0].section or ""]}: "{start}".'
    needed = body.draft.outcome is Outcome.ANSWER and not body.of(*CLAIM_SECTIONS)
    return "The answer has no section with claims, so nothing in it is cited." if needed else None


def _identifiers(body: _Body) -> str | None:
    """Find what looks like something that identifies a person; it is not repeated."""
    # The sources that the draft gave name documents; whatever else was written below them is read as well.
    texts = [*(entry.text for entry in body.said()), *_foreign_sources(body)]
    spans = [(found.kind, text[found.start : found.end]) for text in texts for found in phi.mask(text).spans]
    own = " ".join(body.statements()).lower() if spans else ""
    kinds = sorted({kind for kind, value in spans if value.lower() not in own})
    if kinds:
        return f"The text holds what looks like an identifier of a person ({', '.join(kinds)})."
    if phi.PLACEHOLDER.search(body.text):
        return "The text repeats a placeholder of the masked letter."
    return None


def _foreign_links(body: _Body) -> str | None:
    """Find links that lead to anyone but the publisher of an official text."""
    foreign = [link for link in reading.links(body.text) if _host(link) not in OFFICIAL_HOSTS]
    return f"Links may lead to official publishers only, not to {joined(foreign)}." if foreign else None


def _rejected_billed(body: _Body) -> str | None:
    """Find codes on a claim line that the evidence rejects."""
    reported = {line.code for line in body.draft.lines}
    rejected = {row.code for row in body.draft.rejected} - reported
    billed = sorted(rejected & {code for entry in body.of("lines") for code in reading.codes(entry.text)})
    return f"The claim lines hold {joined(billed)}, which the evidence rejects." if billed else None


def _lines_lost(body: _Body) -> str | None:
    """Compare the codes of the claim lines with those that the evidence chose."""
    chosen = {line.code for line in body.draft.lines} | {d for line in body.draft.lines for d in line.diagnoses}
    written = {code for entry in body.of("lines") for code in reading.codes(entry.text)}
    if chosen == written:
        return None
    ours, theirs = joined(sorted(chosen)) or "no code", joined(sorted(written)) or "none"
    return f"The evidence gives {ours}, the claim lines say {theirs}."


def _host(link: str) -> str:
    """Return the host that a link leads to, in lower case; empty where it names none."""
    try:
        return (urlsplit(link if "//" in link else f"//{link}").hostname or "").lower()
    except ValueError:
        return ""


_RULES: tuple[tuple[str, Callable[[_Body], str | None], str], ...] = (
    ("codes_known", _unknown_codes, "Every code comes from the release or from the letter."),
    ("codes_in_force", _out_of_force, "Every code is in force on the date of service, or is said not to be."),
    ("modifiers_known", _unknown_modifiers, "Every modifier comes from the release or from the letter."),
    ("marks_have_sources", _loose_marks, "Every citation mark refers to a listed source."),
    ("sources_unchanged", _changed_sources, "Every listed source is one that the evidence gave."),
    ("claims_cited", _uncited, "Every claim carries a citation."),
    ("no_identifiers", _identifiers, "Nothing that identifies a patient was found."),
    ("official_links_only", _foreign_links, "No link leads anywhere but to an official publisher."),
    ("rejected_not_billed", _rejected_billed, "No rejected code stands on a claim line."),
    ("lines_as_chosen", _lines_lost, "The claim lines are those that the evidence gives."),
)
