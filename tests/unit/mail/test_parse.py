"""A letter is read whole or refused in one sentence; nothing else is ever raised."""

import base64
import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultant.mail.charsets import clean, codec_for, decode
from consultant.mail.fields import addresses, date, decode_words, identifiers, parameters
from consultant.mail.flowed import unflow
from consultant.mail.hypertext import lines_of
from consultant.mail.letter import Address
from consultant.mail.parse import Unparseable, parse
from consultant.mail.prescan import MAX_BYTES, scan

CORPUS = Path(__file__).parents[2] / "corpus"
HEAD = b"From: Testa <testa@clinic.example>\r\nSubject: x\r\n"


def letter(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


def html(body: str) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()


REFUSED = {
    "too many bytes": (b"x" * (MAX_BYTES + 1), "bytes"),
    "depth of a thousand": (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(1000)),
        "nested deeper than 30",
    ),
    "letters in letters": (b"Content-Type: message/rfc822\n\n" * 40, "nested deeper than 30"),
    "an address field of 309 kB": (b"To: " + b"a@b.example, " * 24_000 + b"\n\nx", "field To has more than 16 kB"),
    "a folded field": (b"X-Fold: a\n" + b" bbbbbbbb\n" * 2_000 + b"\nx", "field X-Fold has more than 16 kB"),
    "a wide header": (b"".join(b"X-%d: %s\n" % (i, b"y" * 900) for i in range(150)) + b"\nx", "more than 128 kB"),
    "many fields": (b"a:\n" * 20_000 + b"\nx", "header fields"),
    "many parts": (
        HEAD + b"Content-Type: multipart/mixed; boundary=p\n\n" + b"--p\n\nx\n" * 501,
        "more than 500 parts",
    ),
    "nothing": (b"\r\n  \r\n", "no bytes at all"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_letter_beyond_a_limit_is_refused_with_its_own_sentence(case: str) -> None:
    """Promise one sentence that names the limit."""
    raw, sentence = REFUSED[case]
    with pytest.raises(Unparseable, match=sentence):
        parse(raw)


def test_letters_encoded_inside_letters_count_against_the_same_limits() -> None:
    """Promise that base64 around an attached letter does not start the count of depth anew."""
    raw = b"Subject: inmost\r\n\r\nHello"
    for _ in range(40):
        inner = base64.encodebytes(raw)
        raw = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inner
        if len(raw) > 2_000_000:
            break
    with pytest.raises(Unparseable, match="nested deeper"):
        parse(raw)


HOSTILE = {
    "empty lines": HEAD + b"\n" + b"\n" * 50_000,
    "delimiters": HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"\n--" * 15_000,
    "quote introductions": HEAD + b"\n" + b"On \n" * 20_000,
    "wide blanks": HEAD + b"\n" + (b" " * 499 + b"x\n") * 300,
    "wide dashes": HEAD + b"\n" + (b"-" * 249 + b" " * 249 + b"x\n") * 300,
    "words without an end": HEAD + b"\n" + (b"On 2026 " + b"a" * 480 + b":\n") * 100,
    "deep elements": html("<div>" * 90_000),
    "deep elements behind brackets": html('<div a="<">' * 40_000),
    "many attributes": html("<p" + "".join(f" a{i}" for i in range(60_000)) + ">x"),
    "a tag that never ends": html("<" + "a" * 390_000),
    "comments that never end": html("<!--" * 40_000),
    "encoded words": b"Subject: " + b"=?a?q?" * 2_500 + b"\n\nx",
    "open quotes": b"To: " + b'"\\' * 8_000 + b"\n\nx",
    "parameters": b"Content-Type: text/plain; " + b"a*1*=x;" * 2_200 + b"\n\nx",
    "boundaries alike": b"".join(
        b'Content-Type: multipart/mixed; boundary="%s%d"\n\n--%s%d\n' % (b"x" * 60, i, b"x" * 60, i) for i in range(28)
    )
    + (b"\n--" + b"x" * 60 + b"z") * 10_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_letter_ends_within_two_seconds(case: str) -> None:
    """Promise that no shape takes more than linear time, in processor time, so that a busy machine is no fault."""
    before = time.process_time()
    parse(HOSTILE[case])
    assert time.process_time() - before < 2.0


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=3_000))
def test_random_bytes_are_read_or_refused(raw: bytes) -> None:
    """Promise that nothing but `Unparseable` is raised."""
    with contextlib.suppress(Unparseable):
        parse(raw)


SMALL = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml")) if path.stat().st_size < 4_000]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_spoiled_letter_is_read_or_refused(data: st.DataObject) -> None:
    """Promise the same of letters of the corpus with bytes cut out, doubled and overwritten."""
    raw = bytearray(data.draw(st.sampled_from(SMALL)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 40))
        piece = data.draw(
            st.sampled_from([b"", b"\x00\xff", b"\r\n", b"=?utf-8?b?", b'"', b"--inner\n", bytes(raw[:40])])
        )
        raw[at : at + length] = piece
    before = time.process_time()
    with contextlib.suppress(Unparseable):
        parse(bytes(raw))
    assert time.process_time() - before < 2.0


def test_fields_are_decoded() -> None:
    """Promise names, subject, date and identifiers in their plain form."""
    read = parse(
        b"Return-Path: <>\r\nFrom: =?utf-8?q?S=C3=A4mpleton=2C_Testa?= <Testa@CLINIC.Example>\r\n"
        b'To: "Desk, Coding" <desk@consultant.example>, team: a@x.example, b@x.example;\r\n'
        b"Subject: =?utf-8?b?TMOp?= =?utf-8?b?c2lvbg==?=\r\n of the chin\r\nDate: Mon, 02 Mar 2026 09:14:05 -0500\r\n"
        b"Message-ID: <one@clinic.example>\r\nReferences: <a@x> <b@x>\r\n\t<a@x>\r\nIn-Reply-To: <b@x>\r\n\r\nHi"
    )
    assert read.sender == Address("Sämpleton, Testa", "Testa@clinic.example")
    assert [address.mailbox for address in read.to] == ["desk@consultant.example", "a@x.example", "b@x.example"]
    assert read.subject == "Lésion of the chin"
    assert read.date == datetime(2026, 3, 2, 14, 14, 5, tzinfo=UTC)
    assert (read.message_id, read.references, read.in_reply_to) == (
        "<one@clinic.example>",
        ("<a@x>", "<b@x>"),
        ("<b@x>",),
    )
    assert read.envelope_sender == ""
    assert read.header("subject") == "Lésion of the chin"


def test_an_encoded_name_cannot_add_a_mailbox() -> None:
    """Promise that structure is read before words are decoded."""
    found = addresses(["=?utf-8?q?x=40evil=2Eexample=2C_?= <testa@clinic.example>"])
    assert [address.mailbox for address in found] == ["testa@clinic.example"]


@pytest.mark.parametrize(
    ("written", "name", "mailbox"),
    [
        ("testa@clinic.example (Testa Sampleton)", "Testa Sampleton", "testa@clinic.example"),
        ('"Sampleton, Testa" <testa@clinic.example>', "Sampleton, Testa", "testa@clinic.example"),
        ("Testa <@relay.example:testa@clinic.example>", "Testa", "testa@clinic.example"),
        ('"Unclosed <testa@clinic.example>', "", "testa@clinic.example"),
        ('"odd local"@clinic.example', "", '"odd local"@clinic.example'),
        ("alice@clinic.example)bob@evil.example", "", "alice@clinic.examplebob@evil.example"),
    ],
)
def test_odd_addresses_are_read_as_one_mailbox(written: str, name: str, mailbox: str) -> None:
    """Promise one mailbox at most, and none where two are run together."""
    found = addresses([written])
    if mailbox.count("@") > 1:
        assert [a.mailbox for a in found] == ["alice@clinic.example"]
    else:
        assert found == (Address(name, mailbox),)


@pytest.mark.parametrize("written", ["", "not a date", "Mon, 99 Foo 2026", "1 Jan 99999 00:00 +9999", "9" * 500, None])
def test_an_unreadable_date_is_none(written: str | None) -> None:
    """Promise None and no error."""
    assert date(written) is None


def test_parameters_follow_rfc_2231() -> None:
    """Promise continuations in their order, charsets and quoted pairs."""
    value = 'attachment; filename*1="b \\"c\\".pdf"; filename*0*=utf-8\'en\'%C3%A9; size=3'
    assert parameters(value) == ("attachment", {"filename": 'éb "c".pdf', "size": "3"})


def test_attachments_are_named_without_a_path() -> None:
    """Promise decoded names, made-up ones for the unnamed, and the content as sent."""
    read = parse(letter("accept-rfc2231-attachments"))
    assert [a.filename for a in read.attachments] == ["opérative note (copy).pdf", "lésions.csv", "attachment-3"]
    assert read.attachments[2].content == b"\x00\x01\x02\x03"


def test_an_inline_image_is_found_by_its_content_id() -> None:
    """Promise the image as an inline attachment and not as text."""
    image = parse(letter("accept-nested-multiparts")).attachments[0]
    assert (image.content_id, image.inline, image.content[:4]) == ("<logo@clinic.example>", True, b"\x89PNG")


def test_an_attached_letter_is_read_like_a_letter() -> None:
    """Promise the inner sender, subject and decoded text."""
    (inner,) = parse(letter("accept-forwarded-as-attachment")).forwarded
    assert inner.sender == Address("Dr. Mock Provider", "mock.provider@clinic.example")
    assert inner.new_text == "May I bill the layered closure of the naïve wound on the cheek?"


def test_hidden_html_is_not_text() -> None:
    """Promise that preheaders, scripts and styles are left out of the visible text."""
    text = parse(letter("accept-html-only")).text
    assert not any(word in text for word in ("Hidden", "color", "Not seen"))


def test_a_quote_beside_other_columns_hides_nothing() -> None:
    """Promise that a table row is new text when only one of its cells quotes."""
    read = parse(html('<table><tr><td>11440</td><td><blockquote type="cite">q</blockquote></td></tr></table>'))
    assert read.new_text.split() == ["11440", "q"]


def test_a_style_cannot_inflate_the_text() -> None:
    """Promise that padding asked for by the letter is not rendered."""
    assert len(parse(html('<p style="padding-left:999999em">x</p>' * 50)).text) < 500


@pytest.mark.parametrize("name", ["zlib", "punycode", "idna", "rot13", "unicode_escape", "no-such", "\x00", "", None])
def test_only_charsets_are_run_on_strangers_bytes(name: str | None) -> None:
    """Promise that Python's other codecs cannot be named by a letter."""
    assert codec_for(name) is None


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        (b"\x93na\xefve\x94 \x96", "iso-8859-1", "“naïve” –"),
        ("café".encode(), "iso-8859-1", "café"),
        (b"caf\xe9 na\xefve", None, "café naïve"),
        ("long – text – cut –".encode()[:-1], "utf-8", "long – text – cut �"),
        ("試験".encode("iso-2022-jp"), None, "試験"),
        ("hi".encode("utf-16"), None, "hi"),
        (b"plain", "unknown-8bit", "plain"),
    ],
)
def test_wrong_charsets_are_got_round(raw: bytes, declared: str | None, text: str) -> None:
    """Promise the text that was meant."""
    assert decode(raw, declared)[0] == text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_clean_text_holds_no_control_characters(text: str) -> None:
    """Promise LF line ends, no surrogates, and that cleaning twice changes nothing."""
    once = clean(text)
    assert clean(once) == once
    assert not any((ord(c) < 32 and c not in "\n\t") or 0xD800 <= ord(c) <= 0xDFFF for c in once)
    once.encode("utf-8")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_field_readers_are_total(text: str) -> None:
    """Promise that no text makes a field reader raise."""
    decode_words(text)
    parameters(text)
    addresses([text])
    identifiers([text])
    date(text)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<table>",
                "<td>",
                "<blockquote type=cite>",
                "</blockquote>",
                "x",
                "<!--",
                "<",
                "&#0;",
                "\ue000",
                "<style>",
            ]
        ),
        max_size=30,
    )
)
def test_html_is_rendered_or_stripped_but_never_fails(pieces: list[str]) -> None:
    """Promise lines whatever the tags, and that a letter cannot forge our own marks."""
    rows, _ = lines_of("".join(pieces))
    assert not any("\ue000" in row for row, _ in rows)


def test_flowed_paragraphs_are_joined() -> None:
    """Promise RFC 3676: soft breaks, stuffed blanks, quote depth, DelSp and the signature separator."""
    assert unflow(["one ", "two", " >three", "> four ", "> five", "-- ", "sig"], delsp=False) == [
        "one two",
        ">three",
        "> four five",
        "-- ",
        "sig",
    ]
    assert unflow(["ab ", "cd"], delsp=True) == ["abcd"]


def test_a_delimiter_inside_a_header_block_ends_it() -> None:
    """Promise that a part without a blank line still ends at its boundary."""
    root = scan(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n--b\n\nsecond\n--b--\n"
    )
    assert [child.body for child in root.children] == [b"", b"second"]


def test_an_outer_delimiter_closes_an_unclosed_inner_part() -> None:
    """Promise that an inner multipart cannot swallow its outer neighbours."""
    root = scan(
        HEAD + b"Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n"
        b"Content-Type: multipart/mixed; boundary=out-in\r\n"
        b"\r\n--out-in\r\n\r\ninner\r\n--out\r\n\r\nouter\r\n--out--\r\nepilogue"
    )
    inner, outer = root.children
    assert [child.body for child in inner.children] == [b"inner"]
    assert outer.body == b"outer"
