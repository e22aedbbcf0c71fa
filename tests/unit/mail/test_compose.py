"""What is sent says what was meant and nothing else."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultant.mail import compose as room
from consultant.mail.compose import Uncomposable, compose, envelope_recipients
from consultant.mail.letter import Address, Outbound
from consultant.mail.parse import parse

LETTER = Outbound(
    sender=Address("Coding Desk, Invented", "desk@consultant.example"),
    to=(Address("Tésta “T” Sampleton", "testa@clinic.example"),),
    subject="Re: lésion of the chin [C-2026-000123.abcdefgh]",
    text="The code is 11441 – see below.\n",
    html="<p>The code is 11441 – see below.</p>\n",
    message_id="<C-2026-000123.x1.abcdefgh@consultant.example>",
    delivery_id="0f1e2d3c",
    date=datetime(2026, 3, 2, 9, 14, tzinfo=timezone(timedelta(hours=-5))),
    in_reply_to="<q@clinic.example>",
    references=("<p@clinic.example>", "<q@clinic.example>"),
)
NAMES = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "X-Delivery-Id",
    "MIME-Version",
    "Content-Type",
]


def test_a_composed_letter_is_read_as_it_was_meant() -> None:
    """Promise every field and both texts, read back by our own parser."""
    read = parse(compose(LETTER))
    assert read.sender == LETTER.sender
    assert read.to == LETTER.to
    assert read.subject == LETTER.subject
    assert (read.message_id, read.in_reply_to, read.references) == (
        LETTER.message_id,
        (LETTER.in_reply_to,),
        LETTER.references,
    )
    assert read.date == LETTER.date.astimezone(UTC)
    assert read.text == LETTER.text.strip()
    assert read.html is not None
    assert read.html.strip() == LETTER.html.strip()
    assert [name for name, _ in read.headers] == NAMES


def test_the_bytes_are_fit_for_any_server() -> None:
    """Promise 7 bits, CRLF only, and no line over 998 octets, whatever the text."""
    raw = compose(replace(LETTER, text="é" * 5_000 + "\rbare\nlf\x00\x07", html="x" * 5_000))
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_the_same_letter_is_the_same_bytes() -> None:
    """Promise that composing twice gives what was approved."""
    assert compose(LETTER) == compose(LETTER)


def test_an_automatic_letter_says_so() -> None:
    """Promise RFC 3834's field on automatic letters only."""
    read = parse(compose(replace(LETTER, automatic=True)))
    assert (read.header("Auto-Submitted"), read.header("X-Auto-Response-Suppress")) == ("auto-replied", "All")
    plain = parse(compose(LETTER))
    assert plain.header("Auto-Submitted") is None
    assert plain.header("List-Unsubscribe") is None


def test_references_keep_the_first_and_the_last_twenty() -> None:
    """Promise a bounded thread that still knows its root and its parent."""
    chain = tuple(f"<{i}@clinic.example>" for i in range(100))
    read = parse(compose(replace(LETTER, references=chain, in_reply_to="<99@clinic.example>")))
    assert read.references == (chain[0], *chain[-20:])


def test_identifiers_that_no_header_could_carry_are_left_out() -> None:
    """Promise that a hostile asker's identifiers are not repeated."""
    hostile = ("<a@x>\r\nBcc: evil@x.example", "<é@x>", "<" + "a" * 600 + "@x>", "no brackets", "<fine@x.example>")
    read = parse(compose(replace(LETTER, references=hostile, in_reply_to=hostile[0])))
    assert read.references == ("<fine@x.example>",)
    assert read.in_reply_to == ()


UNFIT = {
    "no recipient": replace(LETTER, to=()),
    "no at sign": replace(LETTER, to=(Address("", "nobody"),)),
    "a line break in an address": replace(LETTER, to=(Address("", "a@b.example\r\nBcc: c@d.example"),)),
    "two in one": replace(LETTER, to=(Address("", "a@b.example, c@d.example"),)),
    "a blank": replace(LETTER, cc=(Address("", "a b@c.example"),)),
    "a broken Message-ID": replace(LETTER, message_id="<a@b>\r\nBcc: x@y"),
    "a field that is not ours": replace(LETTER, extra=(("Bcc", "x@y.example"),)),
    "a field written twice": replace(LETTER, extra=(("X-Delivery-Id", "x"),)),
    "a line break in a field's name": replace(LETTER, extra=(("X-A\r\nBcc", "x"),)),
    "an unwritable local part": replace(LETTER, to=(Address("", "té@clinic.example"),)),
}


@pytest.mark.parametrize("case", UNFIT)
def test_what_cannot_be_said_rightly_is_refused(case: str) -> None:
    """Promise `Uncomposable` with one sentence."""
    with pytest.raises(Uncomposable, match=r"\.$"):
        compose(UNFIT[case])


def test_recipients_are_each_named_once_in_ascii() -> None:
    """Promise To and Cc without doubles, domains in their ASCII form."""
    letter = replace(
        LETTER,
        to=(Address("", "a@klinik-münchen.example"), Address("", "b@x.example")),
        cc=(Address("", "b@x.example"),),
    )
    assert envelope_recipients(letter) == ("a@xn--klinik-mnchen-3ob.example", "b@x.example")


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "\r",
                "\n",
                "\r\n",
                "\x00",
                "\u2028",
                "\x85",
                "\x0b",
                "=?utf-8?q?=0ABcc:_evil@x.example?=",
                "=?utf-8?b?CkJjYzogZUB4?=",
                "Bcc: e@x.example",
                '"',
                "\\",
                ",",
                "<e@x.example>",
                " ",
                "é",
                "\ud800",
                "(",
                ";",
                "=?",
                "?=",
                "x" * 80,
            ]
        ),
        max_size=8,
    ).map("".join),
)


@settings(max_examples=40, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_name_subject_or_field_adds_a_header_or_a_recipient(
    name: str, subject: str, extra: str, delivery: str
) -> None:
    """Promise the same header and recipients for any words, by our reading and by the standard library's two."""
    letter = replace(
        LETTER,
        sender=Address(name, "desk@consultant.example"),
        to=(Address(name, "testa@clinic.example"),),
        subject=subject,
    )
    raw = compose(replace(letter, delivery_id=delivery, extra=(("X-Consultant-Case", extra),)))
    expected = sorted([*NAMES, "X-Consultant-Case"])
    for reader in (policy.compat32, policy.default):
        assert sorted(BytesParser(policy=reader).parsebytes(raw).keys()) == expected
    read = parse(raw)
    assert sorted(key for key, _ in read.headers) == expected
    assert [address.mailbox for address in (*read.to, *read.cc)] == ["testa@clinic.example"]


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_arrives_as_it_was_written(text: str, html: str) -> None:
    """Promise that no body breaks out of its part."""
    compose(replace(LETTER, text=text + "\n--=_x--\n.\nFrom me", html=html))


def test_bytes_that_read_otherwise_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise that the second reading would catch a fault of the writer itself."""
    written = room._written
    monkeypatch.setattr(
        room, "_written", lambda name, value: written(name, value) + (b"Bcc: e@x.example\r\n" if name == "To" else b"")
    )
    with pytest.raises(Uncomposable, match="other header fields"):
        compose(LETTER)
    monkeypatch.setattr(room, "_written", lambda name, value: written(name, value.replace("testa@", "evil@")))
    with pytest.raises(Uncomposable, match="other mailboxes"):
        compose(LETTER)
