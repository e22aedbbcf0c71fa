"""Address fields of any bytes are read without an error, and valid addresses come back as they were meant."""

from dataclasses import replace
from email.headerregistry import Address as Written
from email.utils import formataddr, getaddresses

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from consultant.mail.automatic import screen
from consultant.mail.charsets import clean_line
from consultant.mail.compose import Uncomposable, compose, envelope_recipients
from consultant.mail.fields import addresses, raw_text
from consultant.mail.letter import Address, Verdict
from consultant.mail.parse import parse
from tests.unit.mail.test_properties_headers import LETTER, WORDS

ATOM = st.text("abcXYZ019!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=12)
LOCAL = st.lists(ATOM, min_size=1, max_size=3).map(".".join)
LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
DOMAIN = st.lists(LABEL, min_size=2, max_size=4).map(".".join)
MAILBOX = st.builds("{}@{}".format, LOCAL, DOMAIN)
NAME = st.text("abc XYZ ,.;:()<>@\"\\'é試", max_size=30).map(clean_line)
SHAPES = (
    "{name} <{mailbox}>",
    "<{mailbox}>",
    "{mailbox}",
    "{mailbox} (a comment)",
    "(a (nested, b@c.example) one) {mailbox}",
    "team: {mailbox};",
    "<@relay.example,@b.example:{mailbox}>",
    "  {mailbox}  ,",
    ", ,{mailbox}",
    "{name}\r\n <{mailbox}>",
    "{name} (x, y@z.example) <{mailbox}>",
)
PIECES = st.sampled_from(
    [
        b'"',
        b"\\",
        b"(",
        b")",
        b"<",
        b">",
        b",",
        b";",
        b":",
        b"@",
        b"a@b.example",
        b"\0",
        b"\r\n ",
        b"\xff",
        b"\xc3\xa9",
        b" ",
        b"=?utf-8?q?=2C_x@evil.example?=",
        b"=?utf-8?b?PGVAeC5leGFtcGxlPg==?=",
        b'"q l"@x.example',
        b"x" * 400,
        b"[127.0.0.1]",
    ]
)
ANY = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=12).map(b"".join))


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    """Promise whole mailboxes only: one domain without marks, no control characters, names on one line."""
    for found in addresses([raw_text(raw)]):
        local, _, domain = found.mailbox.rpartition("@")
        assert local
        assert domain
        assert not set(' "<>(),;:@\r\n\t\0') & set(domain)
        assert (local.startswith('"') and local.endswith('"')) or not set(' "<>(),;:@\r\n\t\0') & set(local)
        assert found.name == clean_line(found.name)
        assert len(found.mailbox) <= 320


@settings(max_examples=80, deadline=None)
@given(NAME, MAILBOX, st.sampled_from(SHAPES))
def test_a_valid_address_is_found_in_every_shape(name: str, mailbox: str, shape: str) -> None:
    """Promise the one mailbox behind names, comments, groups and routes (RFC 5322, 3.4 and 4.4)."""
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    local, _, domain = mailbox.rpartition("@")
    (found,) = addresses([shape.format(name=quoted, mailbox=mailbox)])
    assert found.mailbox == f"{local}@{domain.lower()}"
    if shape.startswith("{name}"):
        assert found.name == name


@settings(max_examples=60, deadline=None)
@given(NAME, MAILBOX)
@example("é", "a@b.example")
def test_what_the_standard_library_writes_is_read(name: str, mailbox: str) -> None:
    """Promise name and mailbox of a letter that another program wrote, encoded words included."""
    assert addresses([formataddr((name, mailbox))]) == (Address(name, mailbox),)


@settings(max_examples=40, deadline=None)
@given(st.from_regex(r"[ab.,@:;()]{1,8}( [ab.,@]{1,3})?", fullmatch=True), DOMAIN)
def test_a_quoted_local_part_stays_one_mailbox(local: str, domain: str) -> None:
    """Promise that blanks, commas and at signs inside quotes end nothing."""
    written = str(Written(username=local, domain=domain))
    (found,) = addresses([written])
    assert found.mailbox == written


@pytest.mark.parametrize("mailbox", ["a@klinik-münchen.example", "a@試験.example", "a@xn--klinik-mnchen-3ob.example"])
def test_a_domain_of_other_scripts_goes_out_in_ascii(mailbox: str) -> None:
    """Promise RFC 5891's form in the envelope and the header alike."""
    letter = replace(LETTER, to=addresses([f"Testa <{mailbox}>"]))
    (recipient,) = envelope_recipients(letter)
    assert recipient.isascii()
    assert [a.mailbox for a in parse(compose(letter)).to] == [recipient]


@settings(max_examples=120, deadline=None)
@given(ANY)
@example(b"=??b?PA+/////AAAAAA?==@0")
@example(b"*=?!?b??=@0")
def test_whom_a_stranger_names_is_written_to_alone_or_not_at_all(raw: bytes) -> None:
    """Promise that an address read from a letter becomes one recipient of our answer for every reader, or a refusal."""
    for found in addresses([raw_text(raw)])[:3]:
        letter = replace(LETTER, to=(found,), reply_to=found)
        try:
            written = compose(letter)
        except Uncomposable:
            continue
        (recipient,) = envelope_recipients(letter)
        fields = parse(written)
        assert [a.mailbox for a in fields.to] == [recipient]
        assert [mailbox for _, mailbox in getaddresses([fields.header("To") or ""])] == [recipient]


@settings(max_examples=40, deadline=None)
@given(MAILBOX, MAILBOX, st.booleans(), WORDS)
def test_two_senders_are_left_to_a_person(first: str, second: str, twice: bool, words: str) -> None:
    """Promise quarantine for two mailboxes in From, whether in one field or in two."""
    assume(first.lower() != second.lower())
    between = "\r\nFrom: " if twice else ", "
    raw = f"From: {first}{between}{second}\r\nSubject: {clean_line(words)[:80]}\r\n\r\nMay I bill the repair?\r\n"
    assert screen(parse(raw.encode("utf-8", "replace")), frozenset()).verdict is Verdict.QUARANTINE
