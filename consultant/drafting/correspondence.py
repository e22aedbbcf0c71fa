"""Outgoing letters: from values to a subject, a plain text and an HTML text, and to the letter that is sent.

Each letter has one folder under templates/email and one context type, which holds exactly what the templates need.
What a stranger wrote (name, subject, letter) is cleaned and capped here, before any template sees it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from consultant.drafting.outline import TITLES
from consultant.mail.letter import Address, Outbound
from consultant.mail.thread import CASE_FIELD, bare_subject, subject_with_tag
from consultant.privacy.phi import PLACEHOLDER
from consultant.rendering import blocks, email_environment, inlined, plain, quote_lines

MAX_NAME = 60
"""Characters of a name in a greeting."""

MAX_SUBJECT = 120
"""Characters of the asker's subject that an answer repeats."""

QUOTED_LINES = 40
"""Lines of the asker's text that a letter repeats, as they stand in the plain-text part."""

# Far more than forty lines hold; what is behind it is never looked at.
_MAX_QUOTED = 20_000

PARTS = ("subject.txt", "body.txt", "body.html")
"""The templates of every letter."""

LANGUAGE = "en"

_TAG = re.compile(r"<[^<>]{0,200}>")
_LIKE_AN_ADDRESS = re.compile(r"[@/\\:]|\bwww\b|\w\w\.\w\w|\d")
# Credentials and generations stand behind a comma too, but are no given name.
_SUFFIX = re.compile(r"(?:[A-Z][A-Za-z]?[A-Z][A-Za-z.-]{0,6}|Jr\.?|Sr\.?|I{1,3}|IV|[A-Z.]{2,8})(?:[ ,]+[A-Z.-]{2,8})*")
_BLANKS = re.compile(r"[ \xa0]{1,1000}\n")
_MANY_LINES = re.compile(r"\n{3,}")


class LetterKind(StrEnum):
    """Which letter; the value names its folder under templates/email."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    QUESTION = "question"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """What every letter needs."""

    desk: Address
    """Who writes: the desk's name and mailbox."""
    zone: tzinfo
    """The desk's time zone, in which times are given."""
    reference: str
    """The case: C-2026-000123."""
    asker_name: str
    """The asker's display name as it came, from the sealed original; empty when there is none."""
    asked_subject: str
    """The subject of the asker's letter, masked; empty to head the letter with our own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementContext(Correspondence):
    """The letter came in; sent automatically."""

    expect_by: datetime
    """When an answer is due, aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverContext(Correspondence):
    """A person takes the question up; sent automatically, and promises no time and no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Correspondence):
    """What a letter needs that a reviewer has approved."""

    subject: str
    """The draft's own subject line; heads the letter where the asker's cannot be repeated."""
    body: str
    """The approved plain text, in the shape that `write` documents, its list of sources included."""
    asked_text: str
    """What the asker wrote, masked."""
    asked_at: datetime
    """When that letter came, aware."""
    reviewer_name: str
    reviewer_credential: str
    """Such as CPC; empty when the reviewer has stated none."""
    date_of_service: date
    date_assumed: bool
    """True where the asker gave no date of service."""
    release: str
    """The knowledge release: 2026.4+sha256:..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContext(Reviewed):
    """The approved answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContext(Reviewed):
    """The approved question back: what the asker still has to tell."""


Context = Correspondence
"""Any of the four; `render` refuses the values of another letter."""

CONTEXTS: Mapping[LetterKind, type[Context]] = MappingProxyType(
    {
        LetterKind.ACKNOWLEDGEMENT: AcknowledgementContext,
        LetterKind.ANSWER: AnswerContext,
        LetterKind.QUESTION: QuestionContext,
        LetterKind.HAND_OVER: HandOverContext,
    }
)
AUTOMATIC = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.HAND_OVER})
"""Letters that no person has approved: they say so in the header (RFC 3834, 5) and quote nothing of the asker's."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's three parts; LF line ends."""

    subject: str
    """Without the tag of the case."""
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """The asker's text as a letter repeats it."""

    lines: tuple[str, ...]
    folded: bool
    """True where the asker's text goes on."""

    @property
    def masked(self) -> bool:
        """Tell whether a placeholder stands in it."""
        return any(PLACEHOLDER.search(line) for line in self.lines)


def render(kind: str, context: Context) -> Rendered:
    """Render the three parts of a letter.

    Raises `ValueError` for an unknown kind or the context of another letter, `jinja2.UndefinedError` for a template
    that names what its context does not hold.
    """
    letter = LetterKind(kind)
    if type(context) is not CONTEXTS[letter]:
        raise ValueError(f"The letter {letter} takes {CONTEXTS[letter].__name__}, not {type(context).__name__}.")
    values = template_values(context)
    subject, text, html = (email_environment().get_template(f"{letter}/{part}").render(values) for part in PARTS)
    return Rendered(" ".join(subject.split()), _tidy(text), inlined(html))


def outbound(
    kind: str,
    context: Context,
    *,
    desk: Address,
    to: Address,
    reference: str,
    token: str,
    message_id: str,
    delivery_id: str,
    date: datetime,
    in_reply_to: str | None,
    references: tuple[str, ...],
    reply_to: Address | None = None,
    cc: tuple[Address, ...] = (),
) -> Outbound:
    """Return the letter to send, as `consultant.mail.compose.compose` takes it.

    The subject ends with the tag of the case, `[C-2026-000123.token]`; X-Consultant-Case says the same. Raises
    `ValueError` when desk or reference are not those that the letter itself names.
    """
    if (desk, reference) != (context.desk, context.reference):
        raise ValueError(
            f"The letter names {context.desk.mailbox} and case {context.reference}, but was to go out from "
            f"{desk.mailbox} for case {reference}."
        )
    rendered = render(kind, context)
    return Outbound(
        sender=desk,
        to=(to,),
        cc=cc,
        subject=subject_with_tag(rendered.subject, reference, token),
        text=rendered.text,
        html=rendered.html,
        message_id=message_id,
        delivery_id=delivery_id,
        date=date,
        in_reply_to=in_reply_to,
        references=references,
        reply_to=reply_to,
        automatic=LetterKind(kind) in AUTOMATIC,
        extra=((CASE_FIELD, f"{reference}.{token}"),),
    )


def draft_html(text: str) -> str:
    """Return a body as HTML without the letter around it, for `consultant draft --json`."""
    return str(blocks(text, TITLES))


def template_values(context: Context) -> dict[str, Any]:
    """Return what the templates see: the context's fields with strangers' words cleaned, and what follows from them."""
    values: dict[str, Any] = {field.name: getattr(context, field.name) for field in fields(context)}
    values |= {
        "lang": LANGUAGE,
        "asker_name": greeting_name(context.asker_name),
        "asked_subject": repeated_subject(context.asked_subject),
    }
    if isinstance(context, Reviewed):
        signer = (values.pop("reviewer_name"), values.pop("reviewer_credential"))
        values |= {
            "titles": TITLES,
            "asked": quoted(values.pop("asked_text")),
            "signer": ", ".join(_joined(row) for row in signer if row.strip()),
            # The part behind the plus sign is a checksum, which says nothing to an asker.
            "release": context.release.partition("+")[0],
        }
    return values


def greeting_name(name: str) -> str:
    """Return a display name fit for a greeting, or "" where it is no name but an address, a link or noise.

    Mark-up, control characters and marks that turn reading direction are dropped, "Last, First" is turned round,
    credentials are left out, and what is over 60 characters is cut at a word.
    """
    words = _joined(_TAG.sub(" ", plain(unicodedata.normalize("NFC", name)))).strip(" \"'`“”‘’()[]{}<>,;")
    if _LIKE_AN_ADDRESS.search(words):
        return ""
    kept = _joined("".join(char for char in words if char.isalpha() or unicodedata.combining(char) or char in " -'’.,"))
    last, _, first = (part.strip() for part in kept.partition(","))
    if first and not _SUFFIX.fullmatch(first):
        first = first.partition(",")[0]
        kept = f"{first} {last}".strip()
    else:
        kept = last
    if len(kept) > MAX_NAME:
        kept = kept[: MAX_NAME + 1].rpartition(" ")[0]
    return kept if any(char.isalpha() for char in kept) else ""


def repeated_subject(subject: str) -> str:
    """Return the asker's subject as an answer repeats it; "" where something was masked in it, or nothing is left."""
    bare = bare_subject(_joined(plain(subject)))
    if PLACEHOLDER.search(bare):
        return ""
    return bare if len(bare) <= MAX_SUBJECT else bare[: MAX_SUBJECT - 1].rpartition(" ")[0] + "…"


def quoted(text: str, limit: int = QUOTED_LINES) -> Quoted:
    """Fold the asker's text so that it takes at most `limit` lines of the plain-text part."""
    source = _MANY_LINES.sub("\n\n", _BLANKS.sub("\n", plain(text[:_MAX_QUOTED])).strip()).split("\n")
    kept: list[str] = []
    room = limit
    for line in source:
        pieces = quote_lines(line)
        if len(pieces) > room:
            kept += [" ".join(pieces[:room])] if room else []
            return Quoted(tuple(kept), folded=True)
        kept.append(line)
        room -= len(pieces)
    return Quoted(tuple(kept), folded=len(text) > _MAX_QUOTED)


def _joined(text: str) -> str:
    """Return the words with one space between them."""
    return " ".join(text.split())


def _tidy(text: str) -> str:
    """Take out blanks at line ends and surplus empty lines that the tags of a template leave behind."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", lines).strip("\n") + "\n"
