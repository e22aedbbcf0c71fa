"""Whatever words go into a letter of ours, two strangers read the same header, the same recipients and nothing else."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consultant.mail.charsets import clean_line
from consultant.mail.compose import MAX_REFERENCES, compose
from consultant.mail.letter import Address, Outbound

ASKER = "testa@clinic.example"
LETTER = Outbound(
    sender=Address("Coding Desk, Invented", "desk@consultant.example"),
    to=(Address("", ASKER),),
    subject="Lesion",
    text="The code is 11441.\n",
    html="<p>The code is 11441.</p>\n",
    message_id="<C-2026-000123.x1.abcdefgh@consultant.example>",
    delivery_id="0f1e2d3c",
    date=datetime(2026, 3, 2, 14, 14, tzinfo=UTC),
)
FIELDS = "date from reply-to to cc subject message-id in-reply-to references x-delivery-id mime-version content-type"
READERS = {"compat32": policy.compat32, "modern": policy.default, "strict lines": policy.SMTP}

PIECES = st.sampled_from(
    [
        "\r\nBcc: evil@x.example",
        "\nTo: evil@x.example",
        "\r",
        "\x0b",
        "\x85",
        "\u2028",
        "\0",
        "\ud800",
        "\u202e",
        "=?utf-8?q?=0D=0ABcc:_evil@x.example?=",
        "=?utf-8?b?DQpCY2M6IGV2aWxAeC5leGFtcGxl?=",
        "=?utf-7?q?+AA0ACg-?=",
        "=?",
        "?=",
        "=?a?q?",
        '"',
        "\\",
        '\\"',
        "(",
        ")",
        "<",
        ">",
        "<evil@x.example>",
        ",",
        ";",
        ":",
        "@",
        ", evil@x.example",
        " ",
        "  ",
        "é",
        "–",
        "試験",
        "\U0001f9b4",
        "e\u0301",
        "x" * 80,
        "word " * 20,
        "é" * 60,
        ".",
        "-- ",
        "Re:",
    ]
)
WORDS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=10).map("".join))
IDENTIFIERS = st.one_of(
    st.from_regex(r"<[a-z0-9.]{1,200}@[a-z.]{1,40}>", fullmatch=True),
    WORDS,
    WORDS.map(lambda text: f"<{text}@x.example>"),
)


def read(raw: bytes) -> dict[str, Message]:
    return {name: BytesParser(policy=reader).parsebytes(raw) for name, reader in READERS.items()}


def plain(text: str) -> str:
    """Return unstructured text as a reader shows it, encoded words joined by the standard library."""
    return " ".join(str(make_header(decode_header(re.sub(r"\r\n(?=[ \t])", "", text)))).split())


@settings(max_examples=80, deadline=None)
@given(WORDS, WORDS, WORDS, st.lists(IDENTIFIERS, max_size=30), st.none() | IDENTIFIERS)
@example('Sampleton [a] of the coding department, third floor, the left wing of the "old" house', "", "", [], None)
@example("", "", "", ["<=?=?0?Q??=>"], "<=?=?0?Q??=>")
def test_strangers_read_what_was_meant(
    subject: str, name: str, desk: str, references: list[str], answered: str | None
) -> None:
    """Promise the same fields once each, the same mailboxes, and no Bcc."""
    letter = replace(
        LETTER,
        sender=Address(desk, "desk@consultant.example"),
        reply_to=Address(name, "desk+1@consultant.example"),
        to=(Address(name, ASKER), Address(desk, "second@clinic.example")),
        cc=(Address(name, "third@clinic.example"),),
        subject=subject,
        references=tuple(references),
        in_reply_to=answered,
    )
    raw = compose(letter)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    expected = {"to": [ASKER, "second@clinic.example"], "cc": ["third@clinic.example"]}
    for message in read(raw).values():
        names = [key.lower() for key in message]
        assert len(names) == len(set(names))
        assert set(names) <= set(FIELDS.split())
        assert {"date", "from", "to", "subject", "message-id"} <= set(names)
        for field, mailboxes in expected.items():
            assert [mailbox for _, mailbox in getaddresses([str(message[field])])] == mailboxes
        assert message["message-id"].strip() == LETTER.message_id
        assert len(str(message["references"] or "").split()) <= MAX_REFERENCES + 1


@settings(max_examples=80, deadline=None)
@given(WORDS)
def test_a_subject_is_folded_and_encoded_so_that_every_reader_joins_it_again(subject: str) -> None:
    """Promise encoded words of at most 75 characters (RFC 2047, 2), none split inside a character, on short lines."""
    raw = compose(replace(LETTER, subject=subject))
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    assert plain(message["subject"]) == clean_line(subject)
    head = raw.partition(b"\r\n\r\n")[0]
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?b\?[^?]*\?=", head))
    assert all(len(line) <= 78 or b" " not in line.strip() for line in head.split(b"\r\n"))
    modern = BytesParser(policy=policy.default).parsebytes(raw)
    assert " ".join(str(modern["subject"]).split()) == clean_line(subject)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_a_name_comes_back_as_it_was_written(name: str) -> None:
    """Promise the display name, up to its 200 characters, for a reader that decodes after it has split."""
    raw = compose(replace(LETTER, to=(Address(name, ASKER),)))
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    ((shown, mailbox),) = getaddresses([message["to"]])
    assert mailbox == ASKER
    assert plain(shown) == " ".join(clean_line(name)[:200].split())


@pytest.mark.parametrize("written", [lambda name: f'"{name}"', lambda name: name])
def test_no_quoted_name_is_folded_inside(written: Callable[[str], str]) -> None:
    """The standard library of Python loses the mailbox behind a quoted string that was folded, older programs too."""
    name = written("Sampleton, Testa [of the coding department, in the third floor of the left wing]")
    head = compose(replace(LETTER, to=(Address("first", "a@b.example"), Address(name, ASKER)))).partition(b"\r\n\r\n")[
        0
    ]
    assert all(line.count(b'"') % 2 == 0 for line in head.replace(b'\\"', b"").split(b"\r\n"))
