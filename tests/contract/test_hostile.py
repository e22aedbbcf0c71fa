"""The hostile set: each letter is read or refused with a reason by the limited child, well within its limits.

The kernel ends a child that takes two seconds of processor time for a letter, so an answer is the proof; half of the
child's memory is enough for all of them.
"""

import base64
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from consultant.gateways.child import MEMORY_BYTES, ChildReader
from consultant.mail.hypertext import MAX_PADDING
from consultant.mail.letter import Letter
from consultant.mail.parse import Unparseable
from tests.fuzz.target import answered, strange

CORPUS = Path(__file__).parents[1] / "corpus"
HEAD = b"From: Testa Sampleton <testa@clinic.example>\r\nTo: desk@desk.example\r\nSubject: Is it 11441?\r\n"
MOST = 24_900_000
ASKED = b"May I bill the repair?\r\n"


def plain(*fields: bytes, body: bytes = ASKED) -> bytes:
    return HEAD + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def html(body: bytes) -> bytes:
    return plain(b"Content-Type: text/html; charset=utf-8", body=body)


def mixed(*parts: bytes) -> bytes:
    """Text, then these parts (each a header block, an empty line and a body)."""
    inner = b"".join(b"--b\r\n" + part + b"\r\n" for part in (b"Content-Type: text/plain\r\n\r\n" + ASKED, *parts))
    return plain(b"MIME-Version: 1.0", b"Content-Type: multipart/mixed; boundary=b", body=inner + b"--b--\r\n")


def attached(content: bytes, kind: bytes = b"application/octet-stream", name: bytes = b"note.bin") -> bytes:
    fields = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n"
    return fields + b"Content-Disposition: attachment; filename=" + name + b"\r\n\r\n" + base64.encodebytes(content)


def nested(layers: int) -> bytes:
    raw = plain()
    for layer in range(layers):
        raw = HEAD + b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n%b\r\n--n%d--\r\n" % (
            layer,
            layer,
            raw,
            layer,
        )
    return raw


CHARSETS = b"zip zlib idna punycode unicode_escape undefined rot13 utf-7 utf-16 utf-32 hz iso-2022-kr mbcs ../x".split()


def in_charset(name: bytes) -> bytes:
    """A letter whose subject and text name this charset."""
    fields = b"Subject: =?" + name + b"?b?eJxLTEpOAQAD2gGL?=", b"Content-Type: text/plain; charset=" + name
    return plain(*fields, body=b"+AAAA-\x80\xff\\x00\\ud800 " + ASKED)


READ, TOO_DEEP, TOO_MANY, TOO_LONG, DOUBTED = (
    "",
    "nested deeper",
    "more than 500 parts",
    "more than",
    "names two senders",
)
INJECTED = b"=?utf-8?q?x=0D=0ABcc:_evil@x.example=0D=0A=0D=0AHello?="

# Each letter, made when it is needed, and how the sentence of its refusal goes on; "" for one that is read.
LETTERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "thirty layers": (lambda: nested(28), READ),
    "a thousand layers": (lambda: nested(1_000), TOO_DEEP),
    "letters in base64 in letters": (lambda: _in_base64(34), TOO_DEEP),
    "ten thousand fields": (lambda: plain(*[b"X-%d: y" % n for n in range(10_000)]), "more than 10,000 header fields"),
    "empty fields": (lambda: plain(*[b"a:"] * 20_000), "header fields"),
    "one field of 20 MB": (lambda: plain(b"X-Long: " + b"x" * 20_000_000), "more than 16 kB"),
    "one giant address field": (lambda: plain(b"Cc: " + b"a@b.example, " * 24_000), "field Cc has more than 16 kB"),
    "addresses that never end": (lambda: plain(b"Cc: " + b'"\\' * 8_000, b"Bcc: " + b"(" * 16_000), READ),
    "ten thousand parts": (lambda: mixed(*[b"\r\nx"] * 10_000), TOO_MANY),
    "delimiters without parts": (lambda: mixed() + b"\r\n--b" * 100_000, READ),
    "base64 on one line": (
        lambda: mixed(b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 4_000_000),
        READ,
    ),
    "base64 of text on one line": (lambda: plain(b"Content-Transfer-Encoding: base64", body=b"QUJD" * 5_000_000), READ),
    "padding in every place": (lambda: plain(b"Content-Transfer-Encoding: base64", body=b"QQ==" * 2_000_000), READ),
    "soft breaks": (lambda: plain(b"Content-Transfer-Encoding: quoted-printable", body=b"=\r\n" * 3_000_000), READ),
    "equals signs": (lambda: plain(b"Content-Transfer-Encoding: quoted-printable", body=b"=" * 10_000_000), READ),
    "NULs": (lambda: plain(b"X-Nul: \0\0", body=b"\0" * 300_000 + ASKED), READ),
    "NULs in a type": (lambda: mixed(b"Content-Type: ap\0p/\0x\r\nContent-Disposition: attachment\r\n\r\nx"), READ),
    "bare LF": (lambda: plain().replace(b"\r\n", b"\n"), READ),
    "bare CR": (lambda: plain().replace(b"\r\n", b"\r"), READ),
    "bare CR in fields": (
        lambda: plain(b"X-A: b\rBcc: evil@x.example", b"References: <a@b>\rBcc: evil@x.example"),
        READ,
    ),
    "two From fields": (lambda: plain(b"From: else@elsewhere.example"), READ),
    "two mailboxes in From": (lambda: plain().replace(b"sampleton <", b"s <v@x.example>, <"), READ),
    "words that inject": (
        lambda: (
            b"From: " + INJECTED + b" <testa@clinic.example>\r\nReply-To: " + INJECTED + b" <testa@clinic.example>\r\n"
            b"Subject: "
            + INJECTED
            + b"\r\nMessage-ID: <a"
            + INJECTED
            + b"@x>\r\nReferences: <"
            + INJECTED
            + b"@x>\r\n\r\n"
            + ASKED
        ),
        READ,
    ),
    "names that inject": (
        lambda: mixed(
            attached(b"x", name=INJECTED),
            attached(b"x", name=b'"a\\\r\n b/../../etc/passwd"'),
            b"Content-Disposition: attachment; filename*=utf-8''x%0D%0ABcc%3A%20evil%40x.example\r\n\r\nx",
        ),
        READ,
    ),
    "3,000 parameters": (lambda: plain(b"Content-Type: text/plain" + b"; a=b" * 2_700), READ),
    "continued parameters": (
        lambda: plain(b"Content-Type: text/plain" + b"".join(b"; n*%d*=%%41" % n for n in range(1_200))),
        READ,
    ),
    "a parameter continued by one number": (lambda: plain(b"Content-Type: text/plain" + b"; n*1*=x" * 2_000), READ),
    "uuencoded without an end": (
        lambda: plain(
            b"Content-Transfer-Encoding: x-uuencode", body=b"begin 644 x\n" + (b"M" + b"!" * 60 + b"\n") * 300_000
        ),
        READ,
    ),
    "many beginnings": (lambda: plain(b"Content-Transfer-Encoding: x-uue", body=b"begin 644 x\nend\n" * 200_000), READ),
    "elements 20,000 deep": (lambda: html(b"<div>" * 20_000 + ASKED), READ),
    "spans 20,000 deep": (lambda: html(b"<b><i>" * 9_900 + ASKED), READ),
    "one wide cell above many": (
        lambda: html(b"<table><tr><td>" + b"x" * 100_000 + b"<td>y" + b"<tr><td>a<td>b" * 500 + b"</table>" + ASKED),
        READ,
    ),
    "a high cell beside a wide one": (
        lambda: html(b"<table><tr><td>" + b"x<br>" * 9_000 + b"<td>" + b"y" * 50_000 + b"</table>" + ASKED),
        READ,
    ),
    "many rows and one of many cells": (
        lambda: html(b"<table>" + b"<tr><td>x" * 6_000 + b"<tr>" + b"<td>x" * 6_000 + b"</table>" + ASKED),
        READ,
    ),
    "tables in tables": (lambda: html(b"<table><tr><td>x<br>y<td>" * 45 + ASKED), READ),
    "lists in lists": (lambda: html(b"<ul>" * 140 + b"<li>x" * 19_000 + b"</ul>" * 140 + ASKED), READ),
    "hidden text": (
        lambda: html(
            b"".join(
                b"<p style='" + style + b"'>Not for eyes</p>"
                for style in (
                    b"display:none",
                    b"DISPLAY : none",
                    b"visibility:hidden",
                    b"font-size:0px",
                    b"mso-hide:all",
                )
            )
            + b"<p hidden>Not for eyes</p><style>Not for eyes</style><!-- Not for eyes --><p>"
            + ASKED
            + b"</p>"
        ),
        READ,
    ),
    "character references": (
        lambda: html(b"&#0;&#xd800;&#x110000;&#x1b;&#13;&#10;&#8238;&#65535;" * 2_000 + ASKED),
        READ,
    ),
    "dates out of range": (lambda: plain(b"Date: Mon, 31 Feb 99999 99:99:99 +9999", b"Date: " + b"9" * 9_000), READ),
    "addresses out of range": (
        lambda: plain(
            b"Reply-To: " + b"a" * 5_000 + b"@" + b"b." * 2_000 + b"example", b"Cc: @, <@>, <>, a@, @b, <a@b@c>"
        ),
        READ,
    ),
    "flowed lines": (
        lambda: plain(
            b"Content-Type: text/plain; format=flowed; delsp=yes", body=b"x \r\n" * 100_000 + b">" * 50_000 + b" \r\n"
        ),
        READ,
    ),
    "flowed depths": (
        lambda: plain(
            b"Content-Type: text/plain; format=flowed",
            body=b"".join(b">" * (n % 700) + b" x \r\n" for n in range(1_100)),
        ),
        READ,
    ),
    "lines of quote marks": (lambda: plain(body=(b"> " * 240 + b"\r\n") * 800 + ASKED), READ),
    "24.9 MB of empty lines": (lambda: plain(body=b"\n" * MOST), READ),
    "24.9 MB of one line": (lambda: plain(body=b"x" * MOST), READ),
    "24.9 MB of delimiters": (lambda: mixed()[:-7] + b"\n--b-" * (MOST // 5), READ),
    "24.9 MB of base64": (lambda: mixed(attached(bytes(18_000_000))), READ),
    "24.9 MB of fields": (lambda: b"X-A: b\r\n" * (MOST // 8), TOO_LONG),
    **{f"charset {name!r}": (partial(in_charset, name), READ) for name in (*CHARSETS, b"\0", b"x" * 9_000)},
}


def _in_base64(layers: int) -> bytes:
    raw = plain()
    for _ in range(layers):
        raw = (
            HEAD
            + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(raw)
        )
    return raw


@pytest.fixture(scope="module")
def reader() -> Iterator[ChildReader]:
    reader = ChildReader(memory_bytes=MEMORY_BYTES // 2)
    yield reader
    reader.close()


@pytest.mark.parametrize("name", LETTERS)
def test_a_hostile_letter_is_read_or_refused_within_the_limits(reader: ChildReader, name: str) -> None:
    """Promise a reason that is its own, clean text of bounded length, and an answer that gains nothing from it."""
    make, refusal = LETTERS[name]
    raw = make()
    if refusal:
        with pytest.raises(Unparseable, match=refusal):
            reader(raw)
        return
    letter = reader(raw)
    assert list(strange(letter, raw)) == []
    assert len(letter.text) <= 400_000 + MAX_PADDING
    assert list(answered(letter)) == []
    assert "Not for eyes" not in letter.text


ASKING = (
    "NULs",
    "bare LF",
    "bare CR",
    "hidden text",
    "words that inject",
    "lists in lists",
    "elements 20,000 deep",
    "one wide cell above many",
    "many rows and one of many cells",
    "3,000 parameters",
)


@pytest.mark.parametrize("name", ASKING)
def test_the_question_of_a_hostile_letter_is_not_lost(reader: ChildReader, name: str) -> None:
    """Promise that what the asker wrote is read, whatever stands around it."""
    letter: Letter = reader(LETTERS[name][0]())
    assert "May I bill the repair?" in letter.new_text


def test_findings_of_the_fuzzer_stay_mended(reader: ChildReader) -> None:
    """Promise clean text and a clean answer for the letters that were kept, as far as they are read."""
    kept = [path for path in sorted(CORPUS.glob("accept-*.eml")) if "-fuzz-" in path.name or "-hostile-" in path.name]
    assert kept
    for path in kept:
        raw = path.read_bytes()
        letter = reader(raw)
        assert list(strange(letter, raw)) == [], path.name
        assert list(answered(letter)) == [], path.name
