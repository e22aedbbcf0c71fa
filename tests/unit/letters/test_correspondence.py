"""From values to the letter that is sent: names, subjects, quotes, and what the bytes say."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.drafting.correspondence import (
    AUTOMATIC,
    MAX_NAME,
    MAX_SUBJECT,
    LetterKind,
    draft_html,
    greeting_name,
    outbound,
    quoted,
    render,
    repeated_subject,
)
from consultant.mail.compose import compose
from consultant.mail.letter import Address, Outbound
from tests.unit.letters.samples import ANSWER_BODY, ASKER, CONTEXTS, DESK, answer, hand_over

NAMES = {
    "Testa Sampleton": "Testa Sampleton",
    "Sampleton, Testa": "Testa Sampleton",
    "Testa Sampleton, CPC": "Testa Sampleton",
    "Testa Sampleton, CPC, CCS-P": "Testa Sampleton",
    "Sampleton, Testa, CPC": "Testa Sampleton",
    "Testa Sampleton, RHIA": "Testa Sampleton",
    "Testa Sampleton, Jr.": "Testa Sampleton",
    "Dr. T. Sampleton-O’Dell": "Dr. T. Sampleton-O’Dell",
    '"Testa Sampleton"': "Testa Sampleton",
    "Žofie Šampletová": "Žofie Šampletová",
    "Testa (Billing)": "Testa Billing",
    "<b>Testa</b> Sampleton": "Testa Sampleton",
    "<script>alert('x')</script>": "alert'x",
    "Testa\r\nBcc: victim": "",
    "Testa\nSampleton": "Testa Sampleton",
    "\u202enotelpmaS\u202c atseT": "notelpmaS atseT",
    "Te\u200bsta\x00": "Testa",
    "testa@clinic.example": "",
    "www.cheap.example": "",
    "Win at cheap.example now": "",
    "https://evil.example": "",
    "Call 555-0100": "",
    "": "",
    " ,;'\" ": "",
    "💰💰💰": "",
}


@pytest.mark.parametrize(("name", "greeted"), NAMES.items(), ids=[repr(name)[:30] for name in NAMES])
def test_a_greeting_name_is_a_name_or_nothing(name: str, greeted: str) -> None:
    """Names are put in order; addresses, links, numbers and noise are not greeted."""
    assert greeting_name(name) == greeted


@given(st.text(max_size=500))
def test_any_display_name_is_tame(name: str) -> None:
    """Whatever a sender calls himself: one short line of letters, or nothing."""
    greeted = greeting_name(name)
    assert len(greeted) <= MAX_NAME
    assert not re.search(r"[\n\r<>&@/:\d\u200b-\u200f\u202a-\u202e\u2066-\u2069]", greeted)
    assert greeted == " ".join(greeted.split())


def test_a_name_of_five_hundred_characters_is_cut() -> None:
    """A long name ends at a word, one endless word is no name."""
    assert greeting_name("Testa " * 100) == ("Testa " * 10).strip()
    assert greeting_name("x" * 500) == ""


SUBJECTS = {
    "Mole on chin": "Mole on chin",
    "RE: Fwd: AW: Mole on chin": "Mole on chin",
    "Re: Mole [C-2026-000123.abcd2345]": "Mole",
    "Mole of [PERSON_1]": "",
    "Mole\r\nBcc: victim@example.org": "Mole Bcc: victim@example.org",
    "": "",
    "Re:": "",
}


@pytest.mark.parametrize(("subject", "repeated"), SUBJECTS.items())
def test_a_subject_is_repeated_bare(subject: str, repeated: str) -> None:
    """The thread keeps its subject; one in which something was masked is not repeated."""
    assert repeated_subject(subject) == repeated


def test_an_endless_subject_is_cut() -> None:
    """A subject line stays a line."""
    assert len(repeated_subject("mole " * 100)) <= MAX_SUBJECT
    assert len(repeated_subject("x" * 500)) <= MAX_SUBJECT


def test_a_short_letter_is_quoted_whole() -> None:
    """Nothing is folded that fits; empty lines are kept, but no more than one."""
    assert quoted("one\n \n\n  \ntwo  \n").lines == ("one", "", "two")
    assert not quoted("one").folded


@pytest.mark.parametrize("text", ["\n".join(map(str, range(100))), "word " * 2000, "x" * 20000])
def test_a_long_letter_is_folded(text: str) -> None:
    """At most forty lines are repeated, whether the letter has many lines or one endless one."""
    folded = quoted(text)
    rendered = render("answer", replace(answer(), asked_text=text))
    lines = [line for line in rendered.text.split("\n") if line.startswith(">")]
    assert folded.folded
    assert len(lines) == 40
    assert "Your letter goes on" in rendered.text


def sent(kind: LetterKind, **changes: Any) -> Outbound:
    """Return the letter of the sample of this kind."""
    context = CONTEXTS[kind]
    values: dict[str, Any] = {
        "desk": DESK,
        "to": ASKER,
        "reference": context.reference,
        "token": "abcd2345",
        "message_id": "<out-1@clinic.example>",
        "delivery_id": "delivery-1",
        "date": datetime(2026, 3, 3, 16, 0, tzinfo=UTC),
        "in_reply_to": "<asked@clinic.example>",
        "references": ("<first@clinic.example>", "<asked@clinic.example>"),
    }
    return outbound(kind, context, **(values | changes))


@pytest.mark.parametrize("kind", LetterKind, ids=str)
def test_the_bytes_say_what_was_rendered(kind: LetterKind) -> None:
    """A letter composes, threads under its question, names its case twice and says whether it is automatic."""
    message = BytesParser(policy=policy.default).parsebytes(compose(sent(kind)))
    reference = CONTEXTS[kind].reference
    assert message["Subject"].endswith(f" [{reference}.abcd2345]")
    assert message["X-Consultant-Case"] == f"{reference}.abcd2345"
    assert message["In-Reply-To"] == "<asked@clinic.example>"
    assert message["References"] == "<first@clinic.example> <asked@clinic.example>"
    assert message["Auto-Submitted"] == ("auto-replied" if kind in AUTOMATIC else None)
    rendered = render(kind, CONTEXTS[kind])
    text, html = (part.get_content().replace("\r\n", "\n").rstrip() for part in message.iter_parts())
    assert (text, html) == (rendered.text.rstrip(), rendered.html.rstrip())


def test_an_answer_keeps_the_subject_of_the_thread() -> None:
    """Mail programs thread by subject too; without a usable one, the letter has its own."""
    assert sent(LetterKind.ANSWER).subject == "Re: Mole on chin: excision and repair [C-2026-000123.abcd2345]"
    assert sent(LetterKind.QUESTION).subject.startswith("Your coding question: 2 things we need to know [")
    assert sent(LetterKind.HAND_OVER).subject.startswith("Your coding question is with a coder [")


def test_replies_may_go_to_the_address_of_the_case() -> None:
    """A sub-address of the desk can take the replies."""
    address = Address("", "desk+case@clinic.example")
    assert sent(LetterKind.ANSWER, reply_to=address).reply_to == address


@pytest.mark.parametrize("other", [{"reference": "C-2026-000999"}, {"desk": ASKER}], ids=str)
def test_a_letter_of_another_case_or_desk_is_refused(other: dict[str, Any]) -> None:
    """What the letter says inside and where it goes cannot differ."""
    with pytest.raises(ValueError, match="but was to go out from"):
        sent(LetterKind.ANSWER, **other)


def test_a_context_belongs_to_its_letter() -> None:
    """The values of one letter cannot fill another."""
    with pytest.raises(ValueError, match="takes AnswerContext, not HandOverContext"):
        render("answer", hand_over())
    with pytest.raises(ValueError, match="farewell"):
        render("farewell", hand_over())


def test_the_draft_as_html_is_the_body_alone() -> None:
    """The machine-readable draft holds the body's HTML, with its titles known, and no letter around it."""
    made = draft_html(ANSWER_BODY)
    assert made.startswith('<h2 class="title title-verdict">Verdict</h2>')
    assert "<html" not in made
    assert "Dear" not in made
