"""Values of header fields (RFC 5322, 2045, 2047, 2231, 6532), read without ever raising and in linear time."""

import binascii
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from consultant.mail.charsets import clean_line, decode
from consultant.mail.letter import Address

# An encoded word, blanks inside it allowed since senders write them, and the language tag of RFC 2231, 5.
_ENCODED_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,40})?\?([bqBQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*+"?|[^;]*)', re.DOTALL)
_CONTINUED = re.compile(r"^(.+?)\*(?:(\d{1,3})(\*)?)?$")
_ADDRESS_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|<[^<>]*>|[(),;:]|[^"(),;:<>\s]+|\s+|[<>]', re.DOTALL)
# The look-behind lets the search begin at the start of a word only, which keeps it linear.
_ADDR_SPEC = re.compile(r"(?<![^\s<>\"(),;:@])[^\s<>\"(),;:@]+@[^\s<>\"(),;:@]+")
_IDENTIFIER = re.compile(r"<([^<>]{1,998})>")
_MAX_ADDRESSES = 1_000
_MAX_IDENTIFIERS = 500


def raw_text(raw: bytes) -> str:
    """Return a raw field value as text: UTF-8 (RFC 6532) or what else it may be, encoded words left as they are."""
    return decode(raw)[0]


def decode_words(text: str) -> str:
    """Return the value with its encoded words (RFC 2047) decoded, on one clean line.

    Neighbouring words of one charset are joined before decoding, for many senders split inside a character.
    """
    out: list[str] = []
    charset, pending, position = "", b"", 0
    for word in _ENCODED_WORD.finditer(text):
        gap = text[position : word.start()]
        joined = position > 0 and not gap.strip()
        if pending and not (joined and word[1].lower() == charset):
            out.append(decode(pending, charset)[0])
            pending = b""
        if not joined:
            out.append(gap)
        charset = word[1].lower()
        pending += _word_bytes(word[2].lower(), word[3])
        position = word.end()
    if pending:
        out.append(decode(pending, charset)[0])
    out.append(text[position:])
    return clean_line("".join(out))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return the lower-case main value and the decoded parameters of a MIME field (RFC 2045, 5.1; RFC 2231)."""
    main = value.partition(";")[0].strip().lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value, len(value.partition(";")[0])):
        name, content = match[1].lower(), _unquote(match[2])
        continued = _CONTINUED.match(name)
        if continued is None:
            plain.setdefault(name, decode_words(content))
        else:
            extended = continued[3] is not None or continued[2] is None
            pieces.setdefault(continued[1], {}).setdefault(int(continued[2] or 0), (content, extended))
    return main, plain | {name: _join_pieces(parts) for name, parts in pieces.items()}


def addresses(values: Iterable[str]) -> tuple[Address, ...]:
    """Return the mailboxes of address fields (RFC 5322, 3.4): groups opened, comments dropped, names decoded.

    Words are decoded after the structure was read, so that an encoded comma or bracket cannot add a mailbox.
    """
    found: list[Address] = []
    for value in values:
        found += list(_mailboxes(value)) or list(_salvaged(value))
        if len(found) >= _MAX_ADDRESSES:
            break
    return tuple(found[:_MAX_ADDRESSES])


def identifiers(values: Iterable[str]) -> tuple[str, ...]:
    """Return the message identifiers (RFC 5322, 3.6.4) with their brackets, in order, each once."""
    found: dict[str, None] = {}
    for value in values:
        for match in _IDENTIFIER.finditer(value):
            inner = "".join(clean_line(match[1]).split())
            if inner and len(found) < _MAX_IDENTIFIERS:
                found.setdefault(f"<{inner}>")
    return tuple(found)


def date(value: str | None) -> datetime | None:
    """Return the moment of a Date field in UTC; None when it is absent or cannot be read."""
    if not value or len(value) > 200:
        return None
    try:
        moment = parsedate_to_datetime(value)
        # "-0000" and a missing zone say that the local zone is not known (RFC 5322, 3.3): UTC is assumed.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _word_bytes(encoding: str, content: str) -> bytes:
    if encoding == "b":
        return decode_base64(content.encode("ascii", errors="ignore"))
    return binascii.a2b_qp(content.encode("utf-8", errors="ignore"), header=True)


def decode_base64(raw: bytes) -> bytes:
    """Return what can be had of base64 (RFC 2045, 6.8): foreign characters ignored, lost padding made good."""
    for padding in (b"", b"=", b"=="):
        try:
            return binascii.a2b_base64(raw + padding)
        except binascii.Error:
            continue
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def _unquote(content: str) -> str:
    content = content.strip()
    if content.startswith('"'):
        content = content[1:-1] if len(content) > 1 and content.endswith('"') else content[1:]
        return re.sub(r"\\(.)", r"\1", content)
    return content


def _join_pieces(pieces: dict[int, tuple[str, bool]]) -> str:
    """Join the pieces of one parameter in their order and decode the extended ones (charset'language'text)."""
    first, extended = pieces[min(pieces)]
    charset = None
    if extended and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        pieces = pieces | {min(pieces): (first, True)}
    raw = b"".join(
        unquote_to_bytes(content) if percent else content.encode("utf-8", errors="ignore")
        for _, (content, percent) in sorted(pieces.items())
    )
    return clean_line(decode(raw, charset or None)[0])


def _mailboxes(value: str) -> Iterator[Address]:
    """Yield the mailboxes of one field; a comment after a bare address serves as its name, as in old mail."""
    phrase: list[str] = []
    comment: list[str] = []
    route: str | None = None
    depth = 0
    for piece in [*_ADDRESS_TOKEN.findall(value), ","]:
        if piece in "()" and piece:
            depth = max(0, depth + (1 if piece == "(" else -1))
        elif depth:
            comment.append(piece)
        elif piece in ",;":
            if (address := _address(phrase, comment, route)) is not None:
                yield address
            phrase, comment, route = [], [], None
        elif piece == ":":
            # What stood before the colon is the name of a group (RFC 5322, 3.4).
            phrase = []
        elif piece.startswith("<") and len(piece) > 1:
            route = piece[1:-1]
        else:
            phrase.append(piece)


def _address(phrase: list[str], comment: list[str], route: str | None) -> Address | None:
    name = "".join(_unquote(token) if token.startswith('"') else token for token in phrase).strip()
    if route is None:
        candidate, name = "".join(phrase).strip(), "".join(comment).strip()
    else:
        # A source route (RFC 5322, 4.4) ends with a colon and is ignored.
        candidate = route.rpartition(":")[2].strip()
    mailbox = _mailbox(candidate)
    return None if mailbox is None else Address(name=decode_words(name), mailbox=mailbox)


def _mailbox(candidate: str) -> str | None:
    """Return local-part@domain with the domain in lower case, or None when it is no address at all."""
    local, at, domain = clean_line(candidate).rpartition("@")
    quoted = local.startswith('"') and local.endswith('"') and len(local) > 2
    whole = bool(at and local and domain) and not any(mark in domain for mark in ' "<>(),;:@')
    if not whole or (not quoted and any(mark in local for mark in ' "<>(),;:@')) or len(candidate) > 320:
        return None
    return f"{local}@{domain.rstrip('.').lower()}"


def _salvaged(value: str) -> Iterator[Address]:
    """Yield the first thing that looks like an address in a field that has no well-formed one."""
    match = _ADDR_SPEC.search(value[:16_384])
    mailbox = _mailbox(match[0]) if match else None
    if mailbox:
        yield Address(name="", mailbox=mailbox)
