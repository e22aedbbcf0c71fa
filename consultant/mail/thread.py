"""Which case a letter says that it belongs to, and the marks by which our own letters say it.

Every letter of ours names its case with a keyed token: in the subject, in X-Consultant-Case, in its Message-ID and,
where the server has sub-addressing (RFC 5233), in the Reply-To. A case that is named with a wrong token is a forgery
or a typing error and is reported apart; whether the sender belongs to the case is for the caller to check.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from consultant.mail.charsets import clean_line
from consultant.mail.letter import Letter
from consultant.mail.reference import PATTERN, parse_reference

CASE_FIELD = "X-Consultant-Case"

_TOKEN_LENGTH = 8
_SUBJECT_TAG = re.compile(rf"\[\s*({PATTERN})\.([a-z0-9]{{1,40}})\s*\]", re.I)
_CASE_VALUE = re.compile(rf"\s*({PATTERN})\.([a-z0-9]{{1,40}})\s*", re.I)
_OUR_ID = re.compile(rf"<({PATTERN})\.[a-z0-9_-]{{1,80}}\.([a-z0-9]{{1,40}})@[^<>@\s]+>", re.I)
_PLUS = re.compile(rf"[^@\s]+\+({PATTERN})\.([a-z0-9]{{1,40}})@[^@\s]+", re.I)
_UNIQUE = re.compile(r"[A-Za-z0-9_-]{1,80}")

_REFERENCE = re.compile(rf"(?<![\w-]){PATTERN}(?!\w)", re.I)

# What mail programs set before a subject when answering or forwarding, in the languages of our askers and their
# providers; a count as in "Re[2]:" and a full-width colon occur.
_PREFIX = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|rv|tr|réf|ref|rif|res|r|odp|ynt|fwd?|wg|doorst|enc|i)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]",
    re.I,
)
_MAX_SUBJECT = 200
_MAX_TEXT = 200_000
"""Characters of a letter's text in which a tag of ours is looked for."""
# Where servers note the recipient of the envelope, which To and Cc need not name.
_ENVELOPE_FIELDS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


@dataclass(frozen=True, slots=True)
class ThreadClues:
    """What a letter says of the case it belongs to."""

    references: tuple[str, ...]
    """Cases named with the right token, in the order found, each once."""
    message_ids: tuple[str, ...]
    """The letters answered: In-Reply-To first, then References from the newest to the oldest."""
    forged: tuple[str, ...]
    """Cases named only with a wrong token."""


def make_token(reference: str, key: bytes) -> str:
    """Return the token of a case: 40 bits of HMAC-SHA256 (RFC 2104), in lower-case base32."""
    digest = hmac.new(key, b"consultant case " + reference.upper().encode("ascii"), hashlib.sha256).digest()
    return base64.b32encode(digest)[:_TOKEN_LENGTH].decode("ascii").lower()


def token_is_right(reference: str, token: str, key: bytes) -> bool:
    """Compare in constant time, so that a token cannot be found out letter by letter."""
    return hmac.compare_digest(make_token(reference, key).encode("ascii"), token.lower().encode("utf-8"))


def find_tokens(letter: Letter, key: bytes) -> tuple[str, ...]:
    """Return the references that the letter names with the right token, each once.

    A letter that names none in its own fields may forward one of ours: its attached letters are looked at, then its
    text.
    """
    for places in (_named(letter), _forwarded(letter), _SUBJECT_TAG.findall(letter.text[:_MAX_TEXT])):
        named = ((reference.upper(), token) for reference, token in places)
        right = dict.fromkeys(reference for reference, token in named if token_is_right(reference, token, key))
        if right:
            return tuple(right)
    return ()


def clues(letter: Letter, key: bytes) -> ThreadClues:
    """Return all that the letter says of its thread; a damaged token beside a right one is no forgery."""
    right = find_tokens(letter, key)
    named = dict.fromkeys(reference for reference, _ in _named(letter))
    answered = dict.fromkeys((*letter.in_reply_to, *reversed(letter.references)))
    return ThreadClues(right, tuple(answered), tuple(reference for reference in named if reference not in right))


def quotes_others(letter: Letter, own: Collection[str] = ()) -> bool:
    """Tell whether what a letter quotes was written by others than us, so that it belongs to what is asked.

    A reply to us names its case, and what it quotes of us names the case or one of our `own` addresses, in lower case.
    """
    quoted = letter.quoted_text[:_MAX_TEXT].lower()
    if not quoted.strip() or next(_named(letter), None) is not None or _REFERENCE.search(quoted):
        return False
    return not any(address in quoted for address in own)


def make_message_id(reference: str, key: bytes, domain: str, unique: str) -> str:
    """Return the Message-ID of one letter of a case; `unique` holds letters, digits, "-" and "_" only.

    Raises `ValueError` for anything that would not be found again by `find_tokens`.
    """
    identifier = f"<{reference}.{unique}.{make_token(reference, key)}@{domain}>"
    if not (parse_reference(reference) and _UNIQUE.fullmatch(unique) and _OUR_ID.fullmatch(identifier)):
        raise ValueError(f"No Message-ID can be made of {reference!r}, {unique!r} and {domain!r}.")
    return identifier


def case_field(reference: str, key: bytes) -> tuple[str, str]:
    """Return the header field that names the case, for `Outbound.extra`."""
    return CASE_FIELD, f"{reference}.{make_token(reference, key)}"


def plus_address(mailbox: str, reference: str, key: bytes) -> str:
    """Return the mailbox with the case in its sub-address: desk+C-2026-000123.token@domain."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{reference}.{make_token(reference, key)}@{domain}"


def base_address(mailbox: str) -> str:
    """Return the mailbox, in lower case, without its sub-address (RFC 5233)."""
    local, _, domain = mailbox.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def without_other_cases(references: Iterable[str], reference: str) -> tuple[str, ...]:
    """Return Message-IDs without those that we made for another case, each once.

    A letter that was split off its thread is answered in its own case; an answer to that must not name the other one.
    """
    ours = ((each, _OUR_ID.fullmatch(each)) for each in dict.fromkeys(references))
    return tuple(each for each, match in ours if match is None or match[1].upper() == reference)


def bare_subject(subject: str) -> str:
    """Return the subject without reply and forward prefixes and without tags of ours, at most 200 characters."""
    bare = clean_line(_SUBJECT_TAG.sub(" ", subject))
    while (prefix := _PREFIX.match(bare)) is not None:
        bare = bare[prefix.end() :].lstrip()
    return bare if len(bare) <= _MAX_SUBJECT else bare[: _MAX_SUBJECT - 1].rstrip() + "…"


def subject_with_tag(subject: str, reference: str, token: str) -> str:
    """Return the subject with the tag of the case once, at its end; prefixes, where any, become one "Re: "."""
    prefixed = _PREFIX.match(clean_line(_SUBJECT_TAG.sub(" ", subject))) is not None
    words = ("Re:" if prefixed else "", bare_subject(subject), f"[{reference}.{token}]")
    return " ".join(word for word in words if word)


def reply_subject(subject: str, reference: str, token: str) -> str:
    """Return the subject of an answer: "Re: " once, the bare subject, and the tag of the case."""
    return subject_with_tag(f"Re: {bare_subject(subject)}", reference, token)


def _named(letter: Letter) -> Iterator[tuple[str, str]]:
    """Yield every case that the letter names with some token, as (reference, token)."""
    whole = [(_CASE_VALUE, value) for value in letter.header_all(CASE_FIELD)]
    whole += [(_OUR_ID, identifier) for identifier in (*letter.in_reply_to, *letter.references)]
    delivered = [value.strip(" <>") for name in _ENVELOPE_FIELDS for value in letter.header_all(name)]
    whole += [(_PLUS, mailbox) for mailbox in (*(each.mailbox for each in (*letter.to, *letter.cc)), *delivered)]
    matches = (pattern.fullmatch(text) for pattern, text in whole)
    for match in (*_SUBJECT_TAG.finditer(letter.subject), *filter(None, matches)):
        yield match[1].upper(), match[2]


def _forwarded(letter: Letter) -> Iterator[tuple[str, str]]:
    """Yield the cases that attached letters name, by their own Message-IDs too: ours bear the token."""
    for attached in letter.forwarded:
        if (match := _OUR_ID.fullmatch(attached.message_id or "")) is not None:
            yield match[1], match[2]
        yield from _named(attached)
        yield from _forwarded(attached)
