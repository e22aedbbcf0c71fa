"""A case is joined by a right token and by nothing that only looks like one, whatever the fields are shaped like."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from consultant.mail.compose import MAX_REFERENCES, compose
from consultant.mail.letter import Letter
from consultant.mail.parse import parse
from consultant.mail.reference import case_reference
from consultant.mail.thread import CASE_FIELD, clues, find_tokens, make_message_id, make_token, plus_address
from tests.unit.mail.test_properties_headers import LETTER, WORDS

KEY = b"an invented key"
DOMAIN = "consultant.example"
CASES = st.builds(case_reference, st.integers(2020, 2030), st.integers(1, 999_999))
UNIQUE = st.from_regex(r"[a-f0-9]{1,16}", fullmatch=True)
NOISE = st.sampled_from(
    [
        "<other@x.example>",
        "<>",
        "<",
        ">",
        "no brackets",
        ",",
        "(comment)",
        "<a b@x>",
        "<C-2026-000123@x.example>",
        "<C-2026-000123..@x>",
        '"<',
        "=?utf-8?q?<x@y>?=",
        "<" + "a" * 300 + "@x>",
        "\t",
    ]
)


def raw(**fields: str) -> bytes:
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"From: testa@clinic.example\r\n{head}\r\nText\r\n".encode()


@st.composite
def chains(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """A References value of noise and identifiers of ours, folded anywhere, and the cases that it names rightly."""
    rows: list[str] = []
    named: list[str] = []
    for _ in range(draw(st.integers(0, 12))):
        if draw(st.booleans()):
            rows.append(draw(NOISE.filter(lambda piece: piece not in ("<", '"<'))))
        else:
            reference = draw(CASES)
            named.append(reference)
            identifier = make_message_id(reference, KEY, DOMAIN, draw(UNIQUE))
            rows.append(draw(st.sampled_from([identifier, identifier.lower(), identifier.upper()])))
    return draw(st.sampled_from([" ", "\r\n ", "\r\n\t", ", ", ""])).join(rows), tuple(dict.fromkeys(named))


@settings(max_examples=80, deadline=None)
@given(chains(), chains())
def test_our_identifiers_are_found_in_any_chain(
    references: tuple[str, tuple[str, ...]], answered: tuple[str, tuple[str, ...]]
) -> None:
    """Promise exactly the cases that are named with their token, and no forgery among them."""
    letter = parse(raw(References=references[0], In_Reply_To=answered[0]))
    found = clues(letter, KEY)
    assert set(found.references) == {*references[1], *answered[1]}
    assert not set(found.forged) & set(found.references)


@st.composite
def wrong_tokens(draw: st.DrawFn) -> tuple[str, str]:
    """A case and a token that is cut, lengthened, changed in one place, or another case's."""
    reference = draw(CASES)
    token = make_token(reference, KEY)
    place = draw(st.integers(0, len(token) - 1))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"))
    wrong = draw(
        st.sampled_from(
            [
                token[:place],
                token[place + 1 :],
                token + letter,
                token[:place] + letter + token[place + 1 :],
                make_token(draw(CASES), KEY),
                make_token(reference, KEY + b"x"),
                token[::-1],
                letter * 8,
            ]
        )
    )
    assume(wrong != token)
    return reference, wrong


@settings(max_examples=120, deadline=None)
@given(wrong_tokens(), st.sampled_from(["references", "in-reply-to", "subject", "field", "plus"]))
def test_a_forged_or_cut_token_joins_nothing(forged: tuple[str, str], where: str) -> None:
    """Promise that the case is not named, and told as forged where the mark is whole."""
    reference, token = forged
    identifier = f"<{reference}.x1.{token}@{DOMAIN}>"
    letter = parse(
        {
            "references": raw(References=f"<a@x.example> {identifier}"),
            "in-reply-to": raw(In_Reply_To=identifier),
            "subject": raw(Subject=f"Re: lesion [{reference}.{token}]"),
            "field": raw(X_Consultant_Case=f"{reference}.{token}"),
            "plus": raw(To=f"desk+{reference}.{token}@{DOMAIN}"),
        }[where]
    )
    found = clues(letter, KEY)
    assert found.references == ()
    assert found.forged == ((reference,) if token else ())


@settings(max_examples=40, deadline=None)
@given(WORDS, CASES)
def test_words_of_a_stranger_never_name_a_case(words: str, reference: str) -> None:
    """Promise that no text without the token does, wherever it stands."""
    token = make_token(reference, KEY)
    assume(token not in words.lower())
    letter = Letter(
        subject=f"{words} [{reference}] {words}",
        in_reply_to=(words, f"<{reference}@{DOMAIN}>"),
        references=(words,),
        headers=((CASE_FIELD, words), (CASE_FIELD, reference)),
    )
    assert find_tokens(letter, KEY) == ()


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_every_mark_of_ours_is_found_again(reference: str) -> None:
    """Promise the case by its sub-address, of any case of letters."""
    mailbox = plus_address(f"desk@{DOMAIN}", reference, KEY)
    for written in (mailbox, mailbox.upper(), f"Desk <{mailbox}>"):
        assert find_tokens(parse(raw(To=written)), KEY) == (reference,)


@settings(max_examples=40, deadline=None)
@given(st.lists(UNIQUE, max_size=120), st.none() | UNIQUE)
def test_the_chain_that_we_send_is_bounded(uniques: list[str], parent: str | None) -> None:
    """Promise the first and the newest, the parent last, and never more than that."""
    chain = tuple(f"<{unique}@clinic.example>" for unique in uniques)
    answered = f"<{parent}@clinic.example>" if parent else None
    written = compose(replace(LETTER, references=chain, in_reply_to=answered))
    read = parse(written)
    assert len(read.references) <= MAX_REFERENCES + 1
    assert set(read.references) <= {*chain, *((answered,) if answered else ())}
    if answered:
        assert read.references[-1] == answered
        assert read.in_reply_to == (answered,)
    if chain and chain[0] != answered:
        assert read.references[0] == chain[0]
