"""What stands in the head of every letter that we send, of every kind."""

import pytest

from consultant import review
from consultant.mail.parse import parse
from consultant.posting import compose_automatic, compose_reply
from consultant.records import cases
from consultant.records.outgoing import OF_THE_CASE, Kind
from tests.builders import make_desk

MACHINES_ALONE = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "List-Help", "Precedence")


@pytest.fixture
def composed(tmp_path, release, migrated):
    """Every kind of letter as bytes, from one case: new ones have no list of exceptions to hide in."""
    with make_desk(tmp_path, release, migrated) as desk:
        desk.ask()
        review.claim(desk.parts, 1, desk.reviewer())
        with desk.parts.store.read() as tx:
            case, draft = cases.current(tx, 1), cases.last_draft(tx, 1)
        with desk.parts.store.begin() as tx:
            # An automatic letter is for a case that has had none.
            tx.connection().exec_driver_sql("DELETE FROM recipient")
            tx.connection().exec_driver_sql("DELETE FROM outbox")
        letters = {}
        for kind in Kind:
            if kind in OF_THE_CASE:
                letters[kind] = compose_reply(desk.parts, case, kind, draft.text, desk.reviewer())
            else:
                letters[kind] = compose_automatic(desk.parts, case, kind)
        yield letters


@pytest.mark.parametrize("kind", Kind)
def test_an_automatic_letter_says_so_and_no_other_does(composed, kind):
    """RFC 3834, 5: what no person approved is auto-replied; what one approved is not."""
    letter = parse(composed[kind].raw)
    assert letter.header_all("Auto-Submitted") == (() if kind in OF_THE_CASE else ("auto-replied",))


@pytest.mark.parametrize("kind", Kind)
def test_no_letter_passes_for_one_of_a_list(composed, kind):
    """A reply to a question is no mailing: there is nothing to unsubscribe from, and lists are not answered."""
    letter = parse(composed[kind].raw)
    assert [name for name in MACHINES_ALONE if letter.header(name) is not None] == []
    assert b"unsubscribe" not in composed[kind].raw.lower()


@pytest.mark.parametrize("kind", Kind)
def test_every_letter_names_its_case_and_the_letter_that_it_answers(composed, kind):
    """By these a reply finds its way, and a bounce."""
    letter = parse(composed[kind].raw)
    assert letter.in_reply_to == letter.references == ("<question-1@clinic.example>",)
    for name in ("X-Consultant-Case", "X-Delivery-Id", "Message-ID", "Date"):
        assert len(letter.header_all(name)) == 1
    assert "C-2026-000001" in letter.message_id
