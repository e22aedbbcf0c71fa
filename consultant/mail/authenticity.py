"""Whether the receiving server vouches for the sender: its Authentication-Results field, read (RFC 8601).

SPF, DKIM and DMARC are not evaluated here: at the mailbox there is no client address left to check. Anyone can write
such a field, so only the topmost one that bears our own server's authserv-id is believed (RFC 8601, 5 has that
server remove forged ones). A field without an authserv-id, as Microsoft 365 writes it, could be anybody's: it counts
only where the account says that its provider writes it so, and only as the topmost field of all.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from consultant.mail.letter import Letter


class Trust(StrEnum):
    """What the server says of the sender's domain."""

    # S105 takes the word for a password.
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    DOUBTFUL = "doubtful"
    """Something that should vouch for him is missing: a person looks, and no machine answers."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Authenticity:
    """The verdict over the domain of From, with the reason as a sentence."""

    verdict: Trust
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result in the field (RFC 8601, 2.2)."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...]
    """Such as ("header.d", "clinic.example"), lower case."""


_RESULT = re.compile(r"\s*([a-z][a-z0-9_-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.I)
_PROPERTY = re.compile(r'\b([a-z][a-z0-9-]*\.[a-z][a-z0-9_-]*)\s*=\s*("[^"]*"|[^\s;]+)', re.I)
_SEGMENT = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?|[^";])+')
_COMMENT_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|\\.|[()]|[^"()\\]+|\\')
_BROKEN = ("fail", "softfail", "policy")
# Which property of a passing method names the domain that has to fit the From field (RFC 7489, 3.1).
_ALIGNED_BY = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.mail")}


def authenticity(letter: Letter, authserv_id: str | None) -> Authenticity:
    """Return what our own receiving server found; unknown when none is configured, doubtful when it did not say.

    `authserv_id` is empty for a provider that leaves its name out of the field.
    """
    if authserv_id is None:
        return Authenticity(Trust.UNKNOWN, "No authserv-id of the receiving server is configured.")
    own = authserv_id.strip().lower() or None
    fields = letter.header_all("Authentication-Results")
    # Without a name to tell ours by, whatever does not stand on top may have come with the letter.
    for value in fields if own else fields[:1]:
        server, results = read_results(value)
        if server == own:
            return _judge(results, letter.sender.mailbox.rpartition("@")[2] if letter.sender else "")
    whose = f"of {authserv_id}" if own else "of its provider on top"
    return Authenticity(Trust.DOUBTFUL, f"The letter bears no Authentication-Results {whose}.")


def read_results(value: str) -> tuple[str | None, tuple[Result, ...]]:
    """Return the authserv-id in lower case, None when the field has none, and the results that could be read.

    Tolerant and linear: what is not understood is left out.
    """
    segments = [segment.strip() for segment in _SEGMENT.findall(_without_comments(value[:16_384]))]
    server: str | None = None
    # Microsoft writes results without an authserv-id in front.
    if segments and segments[0] and "=" not in segments[0]:
        server = segments[0].split()[0].strip('"').lower()
        segments = segments[1:]
    results = []
    for segment in segments:
        if (match := _RESULT.match(segment)) is not None:
            properties = tuple(
                (m[1].lower(), m[2].strip('"').lower()) for m in _PROPERTY.finditer(segment, match.end())
            )
            results.append(Result(match[1].lower(), match[2].lower(), properties))
    return server, tuple(results)


def _judge(results: tuple[Result, ...], domain: str) -> Authenticity:
    """DMARC decides where it was evaluated; else an aligned DKIM or SPF pass does."""
    for result in results:
        if result.method == "dmarc" and result.result in ("pass", "fail"):
            word = "passed" if result.result == "pass" else "failed"
            return Authenticity(Trust(result.result), f"The receiving server says that DMARC {word} for {domain}.")
    for result in results:
        names = _ALIGNED_BY.get(result.method, ())
        named = [value for name, value in result.properties if name in names]
        if result.result == "pass" and any(aligned(value, domain) for value in named):
            return Authenticity(
                Trust.PASS, f"The receiving server says that {result.method.upper()} passed for {domain}."
            )
    broken = [result.method.upper() for result in results if result.method in _ALIGNED_BY and result.result in _BROKEN]
    if broken:
        return Authenticity(Trust.FAIL, f"The receiving server says that {' and '.join(broken)} failed for {domain}.")
    return Authenticity(Trust.UNKNOWN, f"The receiving server found nothing that vouches for {domain or 'the sender'}.")


def aligned(value: str, domain: str) -> bool:
    """Tell whether the domains are one or one lies in the other; two sisters are not aligned."""
    named = value.rpartition("@")[2].rstrip(".")
    # A bare top-level domain would be aligned with everything below it.
    if not domain or "." not in named or "." not in domain:
        return False
    return named == domain or named.endswith("." + domain) or domain.endswith("." + named)


def _without_comments(value: str) -> str:
    """Return the value without its comments, which may be nested (RFC 5322, 3.2.2); quoted strings stay whole."""
    out: list[str] = []
    depth = 0
    for piece in _COMMENT_TOKEN.findall(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            out.append(piece)
    return "".join(out)
