"""A letter joins a case only by marks that we made."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultant.mail.letter import Address, Letter
from consultant.mail.reference import case_reference, parse_reference
from consultant.mail.thread import (
    bare_subject,
    case_field,
    clues,
    find_tokens,
    make_message_id,
    make_token,
    plus_address,
    quotes_others,
    reply_subject,
    subject_with_tag,
)

KEY = b"an invented key"
CASE = "C-2026-000123"
TOKEN = make_token(CASE, KEY)
ID = make_message_id(CASE, KEY, "consultant.example", "x1-Y_z")

NAMED = {
    "subject": Letter(subject=f"Re: chin [{CASE}.{TOKEN}]"),
    "subject in capitals": Letter(subject=f"RE: CHIN [{CASE}.{TOKEN.upper()}]"),
    "header": Letter(headers=(case_field(CASE, KEY),)),
    "in-reply-to": Letter(in_reply_to=(ID,)),
    "references": Letter(references=("<other@x.example>", ID)),
    "lower-cased id": Letter(references=(ID.lower(),)),
    "plus address": Letter(to=(Address("", plus_address("desk@consultant.example", CASE, KEY)),)),
    "plus address in cc": Letter(cc=(Address("", plus_address("desk@consultant.example", CASE, KEY).lower()),)),
}


@pytest.mark.parametrize("place", NAMED)
def test_a_case_is_found_wherever_we_named_it(place: str) -> None:
    """Promise the reference in capitals, once, and no forgery."""
    assert find_tokens(NAMED[place], KEY) == (CASE,)
    assert clues(NAMED[place], KEY).forged == ()


@pytest.mark.parametrize("place", NAMED)
def test_another_key_makes_every_mark_a_forgery(place: str) -> None:
    """Promise that a case named with a wrong token is reported apart."""
    found = clues(NAMED[place], b"another key")
    assert (found.references, found.forged) == ((), (CASE,))


def test_a_damaged_tag_beside_a_right_id_is_no_forgery() -> None:
    """Promise that one right token is enough for its case."""
    found = clues(Letter(subject=f"[{CASE}.{TOKEN[:5]}]", in_reply_to=(ID,)), KEY)
    assert (found.references, found.forged) == ((CASE,), ())


@pytest.mark.parametrize(
    ("letter", "others"),
    [
        (Letter(quoted_text="> margins of 0.2 cm\n"), True),
        (Letter(quoted_text=""), False),
        (Letter(quoted_text="On Monday Desk <Desk@Consultant.example> wrote:\n> Report 11441.\n"), False),
        (Letter(quoted_text=f"> Your reference: {CASE}\n"), False),
        *((replace(letter, quoted_text="> Report 11441.\n"), False) for letter in NAMED.values()),
    ],
)
def test_what_is_quoted_of_others_is_told_from_what_is_quoted_of_us(letter: Letter, others: bool) -> None:
    """A letter that names a case, or that quotes one or our address, answers us."""
    assert quotes_others(letter, {"desk@consultant.example"}) is others


def test_a_reference_without_a_token_is_no_clue() -> None:
    """Promise that mentioning a case neither joins it nor accuses anyone."""
    found = clues(Letter(subject=f"About {CASE}", headers=(("X-Consultant-Case", CASE),)), KEY)
    assert (found.references, found.forged) == ((), ())


def test_the_answered_letters_come_nearest_first() -> None:
    """Promise In-Reply-To, then References backwards, each once."""
    found = clues(Letter(in_reply_to=("<c@x>",), references=("<a@x>", "<b@x>", "<c@x>")), KEY)
    assert found.message_ids == ("<c@x>", "<b@x>", "<a@x>")


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(1, 999_999_999))
def test_tokens_belong_to_one_case_and_key(key: bytes, number: int) -> None:
    """Promise eight base32 letters that another case does not share."""
    reference = case_reference(2026, number)
    token = make_token(reference, key)
    assert re.fullmatch(r"[a-z2-7]{8}", token)
    assert find_tokens(Letter(subject=f"[{reference}.{token}]"), key) == (reference,)
    assert token != make_token(case_reference(2025, number), key)


@pytest.mark.parametrize(
    ("domain", "unique"),
    [("x.example", "a b"), ("x>y", "a"), ("x.example", ""), ("a@b", "a"), ("x.example", "a\r\nBcc")],
)
def test_no_message_id_is_made_that_could_not_be_found_again(domain: str, unique: str) -> None:
    """Promise a refusal for anything that would break the field."""
    with pytest.raises(ValueError, match="No Message-ID"):
        make_message_id(CASE, KEY, domain, unique)


@pytest.mark.parametrize(
    ("subject", "tagged"),
    [
        ("Chin", "Chin"),
        ("Re: Chin", "Re: Chin"),
        ("RE: AW: Re: SV: Chin", "Re: Chin"),
        ("TR: RV: Fwd: Chin", "Re: Chin"),
        ("Re[2]: Chin", "Re: Chin"),
        ("Réf : Chin", "Re: Chin"),
        (f"Re: Chin [{CASE}.aaaaaaaa]", "Re: Chin"),
        (f"[C-2025-000001.bbbbbbbb] Re: Chin [{CASE}.aaaaaaaa]", "Re: Chin"),
        ("Revision: 11440", "Revision: 11440"),
        ("", ""),
    ],
)
def test_a_subject_bears_its_tag_once(subject: str, tagged: str) -> None:
    """Promise one tag at the end and one "Re: " for any heap of prefixes, in every language."""
    tag = f"[{CASE}.{TOKEN}]"
    once = subject_with_tag(subject, CASE, TOKEN)
    assert once == f"{tagged} {tag}".strip()
    assert subject_with_tag(once, CASE, TOKEN) == once


def test_an_answer_always_says_re() -> None:
    """Promise exactly one prefix, and a subject that stays readable however long the asker's was."""
    assert reply_subject("AW: Chin", CASE, TOKEN) == f"Re: Chin [{CASE}.{TOKEN}]"
    assert len(reply_subject("x" * 5_000, CASE, TOKEN)) < 240
    assert bare_subject("a\r\nBcc: b") == "a Bcc: b"


@settings(max_examples=40, deadline=None)
@given(st.integers(1000, 9999), st.integers(1, 999_999_999))
def test_a_reference_is_read_as_it_was_written(year: int, number: int) -> None:
    """Promise the way there and back."""
    assert parse_reference(case_reference(year, number)) == (year, number)
    assert parse_reference(case_reference(year, number).lower()) == (year, number)


@pytest.mark.parametrize(
    "text", ["C-2026-123", "C-2026-000000", "C-26-000001", "X-2026-000123", "C-2026-0000123", "", "C-２０２６-000123"]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    """Promise None for other numbers, paddings and digits."""
    assert parse_reference(text) is None
