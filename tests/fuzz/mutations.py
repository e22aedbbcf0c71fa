"""Ways to spoil a letter: each takes bytes and chance, and returns other bytes. The table at the end names them."""

import base64
import re
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random, "list[bytes]"], bytes]
"""Takes a letter, the chance that is used up, and the pool of other letters."""

MAX_BYTES = 400_000
"""A mutated letter is cut here: most faults of a parser show in small letters, and small ones are quick."""

_CHARSETS = [
    "utf-8",
    "utf-7",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "us-ascii",
    "iso-8859-1",
    "windows-1252",
    "koi8-r",
    "iso-2022-jp",
    "iso-2022-kr",
    "hz",
    "gb18030",
    "big5",
    "euc-jp",
    "shift_jis",
    "zip",
    "zlib",
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "undefined",
    "rot13",
    "base64",
    "hex",
    "quopri",
    "uu",
    "mbcs",
    "unknown-8bit",
    "x-user-defined",
    "utf8",
    "cp0",
    "ÿ",
    "'",
    "%",
    "0",
]
_ENCODINGS = [
    "7bit",
    "8bit",
    "binary",
    "base64",
    "quoted-printable",
    "x-uuencode",
    "uuencode",
    "x-uue",
    "gzip",
    "base-64",
    "Base64;x=y",
]
_TYPES = [
    "text/plain",
    "text/html",
    "text/enriched",
    "text/calendar",
    "multipart/mixed",
    "multipart/alternative",
    "multipart/related",
    "multipart/signed",
    "multipart/report",
    "multipart/digest",
    "multipart/encrypted",
    "message/rfc822",
    "message/delivery-status",
    "message/global",
    "message/partial",
    "message/external-body",
    "application/ms-tnef",
    "application/octet-stream",
    "text/rfc822-headers",
    "application/pkcs7-mime",
    "text",
    "application/",
    "/plain",
    "*/*",
]
_TOKENS = (
    b"\r\n\r\n",
    b"\n\n",
    b"\r",
    b"\n",
    b"\r\r\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
    b"=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
    b"=?utf-7?q?+AA0ACg-?=",
    b"=?",
    b"?=",
    b"=\r\n",
    b"=3D=0",
    b"--",
    b"\n.\r\n",
    b"\nFrom ",
    b">From ",
    b"begin 644 x\n",
    b"\nend\n",
    b"\n-- \n",
    b"<",
    b">",
    b"<!--",
    b"-->",
    b"<table>",
    b"<tr><td>",
    b"</td></tr></table>",
    b"<blockquote type=cite>",
    b"<style>",
    b'<p style="display:none">',
    b"&#x0;",
    b"&#xd800;",
    b"&#xe000;",
    b"&nbsp;",
    b"\xee\x80\x80",
    b"\xe2\x80\xae",
    b'"',
    b"\\",
    b"(",
    b")",
    b";",
    b",",
    b":",
    b"@",
    b"\n> ",
    b"\nOn Monday x wrote:\n",
    b"\x1b$B",
    b"\x1b[31m",
    b"~{",
    b"+AGE-",
    b"\nContent-Type: text/html\n",
    b"\nContent-Type: multipart/mixed; boundary=",
    b"\nContent-Transfer-Encoding: base64\n",
    b"; format=flowed; delsp=yes",
    b"; charset=utf-16",
    b"; filename*0*=utf-8''%0d%0a; filename*1=x",
    b" \n" * 40,
    b"99999999999999999999",
    b"-1",
    b"Mon, 31 Feb 0000 99:99:99 +9999",
    b"<C-2026-000123.x.aaaaaaaa@desk.example>",
)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb"(?i)boundary\s*=\s*\"?([^\s\";]{1,200})")


def mutate(raw: bytes, chance: Random, pool: list[bytes]) -> bytes:
    """Return the letter after one to four mutations."""
    for _ in range(chance.choice((1, 1, 2, 2, 3, 4))):
        raw = chance.choice(MUTATIONS)(raw, chance, pool)[:MAX_BYTES]
    return raw


def _place(raw: bytes, chance: Random) -> int:
    """Return a place, half of the time in the first header block."""
    end = _HEADER_END.search(raw)
    return chance.randint(0, end.start() if end and chance.random() < 0.5 else len(raw))


def _flip(raw: bytes, chance: Random, _pool: list[bytes]) -> bytes:
    spoiled = bytearray(raw)
    for _ in range(chance.choice((1, 2, 8, 40)) if raw else 0):
        spoiled[min(_place(raw, chance), len(raw) - 1)] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def _insert(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    at = _place(raw, chance)
    return raw[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 2, 30, 2_000)) + raw[at:]


def _giant(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    at = _place(raw, chance)
    unit = chance.choice(
        (b"a", b"(", b"<", b'"\\', b"=", b" ", b"\t", b">", b"a@b,", b"=?a?q?", b";a=b", b"\xc3", b"&#", b"<b ")
    )
    return raw[:at] + unit * chance.choice((100, 1_000, 10_000, 60_000)) + raw[at:]


def _splice(raw: bytes, chance: Random, pool: list[bytes]) -> bytes:
    other = chance.choice(pool)
    return raw[: _place(raw, chance)] + other[_place(other, chance) :]


def _cut(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    at = _place(raw, chance)
    return raw[:at] + raw[at + chance.choice((1, 2, 20, 200, 4_000)) :]


def _double(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    at = _place(raw, chance)
    piece = raw[at : at + chance.choice((1, 20, 200, 2_000))]
    return raw[:at] + piece * chance.choice((2, 3, 60, 700)) + raw[at:]


def _header_again(raw: bytes, chance: Random, pool: list[bytes]) -> bytes:
    """Set some field of this or another letter on top, at the end, or many times."""
    lines = chance.choice((raw, chance.choice(pool)))[:4_000].splitlines(keepends=True)[:30] or [b"X: y\r\n"]
    line = chance.choice(lines) * chance.choice((1, 1, 2, 50))
    end = _HEADER_END.search(raw)
    at = end.start() + 1 if end and chance.random() < 0.5 else 0
    return raw[:at] + line + raw[at:]


def _boundary(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    found = [match[1] for match in _BOUNDARY.finditer(raw)]
    if not found:
        return raw
    boundary = chance.choice(found)
    other = chance.choice(
        (boundary[:-1], boundary + b"x", b"", b"--" + boundary, boundary.upper(), chance.choice(found), b"x" * 300)
    )
    return raw.replace(boundary, other, chance.choice((1, 2, -1)))


def _charset(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    name = chance.choice(_CHARSETS).encode("latin-1")
    changed = re.sub(
        rb"(?i)(charset\s*=\s*\"?)[^\s\";]*", lambda match: match[1] + name, raw, count=chance.choice((0, 1))
    )
    return changed if changed != raw else re.sub(rb"=\?[^?]{1,40}\?", lambda _: b"=?" + name + b"?", raw)


def _typed(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    kind = chance.choice(_TYPES).encode()
    return re.sub(rb"(?i)(content-type:\s*)[^\s;]+", lambda match: match[1] + kind, raw, count=chance.choice((0, 1)))


def _encoding(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    name = chance.choice(_ENCODINGS).encode()
    pattern = rb"(?i)(content-transfer-encoding:\s*)\S+"
    if not re.search(pattern, raw):
        return b"Content-Transfer-Encoding: " + name + b"\r\n" + raw
    return re.sub(pattern, lambda match: match[1] + name, raw, count=chance.choice((0, 1)))


def _deeper(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    """Wrap the letter into one to many layers."""
    head = b"From: Testa Sampleton <testa@clinic.example>\r\nSubject: deeper\r\n"
    for layer in range(chance.choice((1, 2, 5, 29, 31))):
        if len(raw) > MAX_BYTES // 2:
            break
        wrapped = base64.encodebytes(raw)
        raw = head + chance.choice(
            (
                b"Content-Type: message/rfc822\r\n\r\n%b" % raw,
                b"Content-Type: multipart/mixed; boundary=w%d\r\n\r\n--w%d\r\n%b\r\n--w%d--\r\n"
                % (layer, layer, raw, layer),
                b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n%b" % wrapped,
            )
        )
    return raw


def _halved_base64(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    """Turn the body into base64 that was cut, broken by other characters, or is one line."""
    end = _HEADER_END.search(raw)
    head, body = (raw[: end.end()], raw[end.end() :]) if end else (b"\r\n", raw)
    encoded = base64.encodebytes(body) if chance.random() < 0.7 else base64.b64encode(body)
    encoded = encoded[: len(encoded) - chance.randrange(5)]
    at = chance.randint(0, len(encoded))
    encoded = encoded[:at] + chance.choice((b"", b"=", b"!", b"====", b"\0", b"-_")) + encoded[at:]
    return b"Content-Transfer-Encoding: base64\r\n" + head + encoded


def _line_ends(raw: bytes, chance: Random, _: list[bytes]) -> bytes:
    old, new = chance.choice(
        ((b"\r\n", b"\n"), (b"\n", b"\r"), (b"\r\n", b"\r"), (b"\n", b"\n\r"), (b"\r\n", b"\r\r\n"))
    )
    return raw.replace(old, new, chance.choice((1, 3, -1)))


def _as_html(raw: bytes, chance: Random, _pool: list[bytes]) -> bytes:
    """Declare the body HTML and break tags into it."""
    end = _HEADER_END.search(raw)
    body = raw[end.end() :] if end else raw
    tag = chance.choice((b"div", b"table", b"td", b"tr", b"p", b"blockquote", b"ul", b"li", b"pre", b"a", b"b", b"svg"))
    words = body.split(b" ")[:400]
    for _ in range(chance.choice((1, 5, 60))):
        words[chance.randrange(len(words))] += (
            chance.choice((b"<%b>", b"</%b>", b'<%b style="x:y">', b"<%b hidden>", b"<%b")) % tag
        )
    return b"From: Testa Sampleton <testa@clinic.example>\r\nContent-Type: text/html\r\n\r\n" + b" ".join(words)


MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _insert,
    _insert,
    _giant,
    _splice,
    _splice,
    _cut,
    _double,
    _header_again,
    _boundary,
    _charset,
    _typed,
    _encoding,
    _deeper,
    _halved_base64,
    _line_ends,
    _as_html,
)
