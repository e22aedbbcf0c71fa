"""Precedents: an approved answer is shown to whoever reviews a like question, and to nobody else and for no longer."""

import shutil
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from consultant import review
from consultant.drafting.stored import EVIDENCE
from consultant.evidence.model import Billed
from consultant.lifecycle import State
from consultant.records import cases, outgoing, precedents
from knowledge.release import Release
from tests.builders import CHIN, make_letter
from tests.desk.web.conftest import Words, app_for

LIKE = (
    "Hello. We excised a benign nevus of the cheek on 03/02/2026, 0.5 cm with margins of 0.1 cm on each side; "
    "pathology is benign. Which code do I report, and may I bill the simple repair?"
)
UNLIKE = "What is the global period of 99213, and may I bill it with modifier 25 on the day of a procedure?"


@pytest.fixture(scope="module")
def contradicting(tmp_path_factory, release_folder):
    """A release in which 11441 and 11442 have changed places in the table; a build would take half a minute."""
    folder = tmp_path_factory.mktemp("contradicting") / "release"
    shutil.copytree(release_folder, folder)
    with closing(sqlite3.connect(folder / "knowledge.sqlite")) as rows:
        where = "WHERE id = 'lesion_excision'"
        (table,) = rows.execute(f"SELECT decision_table FROM family {where}").fetchone()
        swapped = table.replace('"11441"', '"?"').replace('"11442"', '"11441"').replace('"?"', '"11442"')
        assert swapped != table
        rows.execute(f"UPDATE family SET decision_table = ? {where}", [swapped])
        rows.commit()
    with Release(folder, "2026.5+sha256:contradicts0") as opened:
        yield opened


class Desk:
    """A desk with what these tests ask of it."""

    def __init__(self, desk):
        self.desk = desk
        self.parts = desk.parts
        self.letters = 0

    def ask(self, text, sender="Other Asker <other@clinic.example>", **letter):
        """Mail a question and return its case's number."""
        self.letters += 1
        raw = make_letter(text, sender=sender, message_id=f"<p{self.letters}@clinic.example>", **letter)
        self.desk.ask(raw)
        return self.letters

    def answer(self, case_id, *, kind="answer", change=lambda text: text, override="", work=True):
        """Approve the case's draft, changed or not, and send it."""
        riley = self.desk.reviewer()
        review.claim(self.parts, case_id, riley)
        with self.parts.store.read() as tx:
            draft = cases.last_draft(tx, case_id)
        text = change(draft.text)
        review.approve(self.parts, case_id, riley, text=text, kind=kind, seen_draft=draft.number, override=override)
        if work:
            self.desk.work()

    def evidence(self, case_id):
        with self.parts.store.read() as tx:
            return EVIDENCE.validate_python(cases.current(tx, case_id).evidence)

    def case(self, case_id):
        with self.parts.store.read() as tx:
            return cases.current(tx, case_id)

    def draft(self, case_id):
        with self.parts.store.read() as tx:
            return cases.last_draft(tx, case_id)

    def page(self, case_id):
        """Return the page of a case as a reviewer sees it."""
        app = app_for(SimpleNamespace(parts=self.parts))
        with TestClient(app, base_url="http://localhost") as client:
            session = app.state.logins.begin(self.desk.reviewer(), "")
            client.cookies.set("consultant", session, domain="localhost.local")
            return client.get(f"/cases/{self.case(case_id).reference}").text

    def use(self, release):
        """Switch the desk to another release."""
        object.__setattr__(self.parts, "release", lambda: release)


@pytest.fixture
def asked(desk):
    """A desk whose first case, about the chin, was answered as drafted."""
    found = Desk(desk)
    found.ask(CHIN)
    found.answer(1)
    return found


def test_the_reviewer_of_a_like_question_sees_the_earlier_answer(asked):
    """With its reviewer, its release, its words, a link, and where its lines and the draft's agree."""
    second = asked.ask(LIKE)
    (found,) = asked.evidence(second).precedents
    assert found.reference == asked.case(1).reference
    assert (found.reviewer, found.credential) == ("Riley Reviewer", "CPC")
    assert found.release == asked.case(1).release
    assert found.lines == (Billed("11441"),)
    assert not found.changed
    assert 0.5 <= found.likeness < 1
    html = asked.page(second)
    words = Words(html)
    assert "Earlier answers" in words.text
    assert f"/cases/{found.reference}" in [link.get("href") for link in words.attributes("a")]
    assert "Riley Reviewer, CPC" in words.text
    assert "Lines agree 11441" in words.text
    assert "A simple closure is included in 11441" in words.text
    assert "Site there chin, here cheek" in words.text
    assert "Which code do I report" in words.text
    assert "testa@clinic.example" not in html
    assert "Sampleton" not in html


def test_a_precedent_changes_nothing_of_the_draft(desk):
    """Lines, claims, citations and the letter are the same with it and without it."""
    found = Desk(desk)
    alone = found.ask(LIKE)
    before = found.draft(alone)
    first = found.ask(CHIN)
    found.answer(first)
    again = found.ask(LIKE, sender="Third Asker <third@clinic.example>")
    assert found.evidence(again).precedents
    assert found.evidence(alone).precedents == ()
    after = found.draft(again)
    assert after.text == before.text
    assert after.document == before.document


def test_another_matter_has_no_precedent_and_no_heading(asked):
    other = asked.ask(UNLIKE)
    assert asked.evidence(other).precedents == ()
    assert "Earlier answers" not in asked.page(other)


def test_an_answer_that_a_newer_release_contradicts_is_dropped_with_the_reason(asked, contradicting):
    asked.use(contradicting)
    second = asked.ask(LIKE)
    evidence = asked.evidence(second)
    assert [line.code for line in evidence.lines] == ["11442"]
    assert evidence.precedents == ()
    assert evidence.dropped == ("the release now gives 11442 instead of 11441",)
    words = Words(asked.page(second)).text
    assert "1 earlier answer was dropped: the release now gives 11442 instead of 11441." in words
    assert "Lines agree" not in words


def test_a_release_that_comes_while_a_case_waits_is_asked_as_well(asked, contradicting):
    """The page never shows what the release in use contradicts, whatever was so when the case was researched."""
    second = asked.ask(LIKE)
    assert "Lines agree" in Words(asked.page(second)).text
    asked.use(contradicting)
    words = Words(asked.page(second)).text
    assert "1 earlier answer was dropped: the release now gives 11442 instead of 11441." in words
    assert "alike" not in words


def test_an_answer_that_a_newer_release_bears_out_stays(desk, release, contradicting):
    """The rows that the newer release changed are not those that the answer was drawn from."""
    found = Desk(desk)
    found.use(contradicting)
    bigger = LIKE.replace("0.5 cm", "3.5 cm")
    first = found.ask(bigger)
    found.answer(first)
    found.use(release)
    second = found.ask(bigger, sender="Third Asker <third@clinic.example>")
    (kept,) = found.evidence(second).precedents
    assert kept.release == contradicting.version != found.evidence(second).release
    assert found.evidence(second).dropped == ()


def test_an_answer_that_its_reviewer_changed_is_marked(desk):
    """The reviewer's lines are shown, and what the engine had drawn."""
    found = Desk(desk)
    first = found.ask(CHIN)
    found.answer(
        first, change=lambda text: text.replace("CPT 11441, 1 unit", "CPT 11440, 1 unit"), override="Per path."
    )
    second = found.ask(LIKE)
    (one,) = found.evidence(second).precedents
    assert one.changed
    assert (one.lines, one.drawn) == ((Billed("11440"),), (Billed("11441"),))
    words = Words(found.page(second)).text
    assert "changed by the reviewer" in words
    assert "there 11440, here 11441" in words
    assert "Engine had 11441" in words


def test_a_case_is_never_its_own_precedent(asked, desk):
    with asked.parts.store.read() as tx:
        sent = outgoing.of_case(tx, 1)[-1]
    again = make_letter(
        LIKE, subject="Re: Lesion", sender="Other Asker <other@clinic.example>", message_id="<r@c.example>"
    )
    desk.ask(b"In-Reply-To: " + sent.message_id.encode() + b"\r\n" + again)
    assert asked.case(1).state is State.AWAITING_REVIEW
    assert asked.evidence(1).precedents == ()


@pytest.mark.parametrize("fate", ["approved", "withdrawn", "asked back", "bounced", "reopened", "forgotten"])
def test_only_an_answer_that_stands_is_a_precedent(desk, fate):
    """Neither one on its way nor one withdrawn, sent as a question, come back, asked about again, or purged."""
    found = Desk(desk)
    first = found.ask(CHIN)
    found.answer(
        first, kind="question" if fate == "asked back" else "answer", work=fate not in {"approved", "withdrawn"}
    )
    with found.parts.store.begin() as tx:
        sent = outgoing.of_case(tx, first)[-1]
        if fate == "forgotten":
            precedents.forget(tx, first)
        if fate == "bounced":
            outgoing.mark_recipients(tx, sent.id, dict.fromkeys(everyone(tx, sent), "550"), "bounced")
    if fate == "withdrawn":
        review.withdraw(found.parts, first, desk.reviewer(), note="")
    if fate == "reopened":
        reply = make_letter("And the repair?", sender="Other Asker <other@clinic.example>", message_id="<r@c.example>")
        desk.ask(b"In-Reply-To: " + sent.message_id.encode() + b"\r\n" + reply)
    desk.bell.rung.clear()
    desk.ask(make_letter(LIKE, sender="Third Asker <third@clinic.example>", message_id="<third@c.example>"))
    assert found.evidence(2).precedents == ()
    assert found.evidence(2).dropped == ()


def everyone(tx, letter):
    return [mailbox for mailbox, _, _ in outgoing.recipients_of(tx, letter.id)]


def test_an_answer_that_falls_later_is_shown_no_more(asked):
    """Its words are read from its own case, so the purge of that case takes them along."""
    second = asked.ask(LIKE)
    with asked.parts.store.begin() as tx:
        precedents.forget(tx, 1)
    words = Words(asked.page(second)).text
    assert "1 earlier answer found before does not stand any more." in words
    assert "alike" not in words
    assert "included in 11441" not in str(asked.evidence(second).precedents)


def test_a_text_that_may_name_a_person_is_no_precedent(desk):
    found = Desk(desk)
    first = found.ask(CHIN)
    found.answer(first, change=lambda text: text + "\nThe patient, Ms. Jane Invented, was told.\n", override="Needed.")
    second = found.ask(LIKE)
    assert found.evidence(second).precedents == ()


def test_a_text_in_which_a_person_is_found_later_is_not_shown(asked, monkeypatch):
    """The rules of masking may have learnt something since the approval."""
    second = asked.ask(LIKE)
    monkeypatch.setattr("consultant.precedents.identifies", lambda *_: True)
    words = Words(asked.page(second)).text
    assert "does not stand any more" in words
    assert "alike" not in words


def test_trouble_with_a_precedent_keeps_no_letter_from_its_reviewer(asked, contradicting, monkeypatch):
    def fail(*_):
        raise ValueError("invented")

    before = asked.ask(LIKE)
    monkeypatch.setattr("consultant.precedents.decide_anew", fail)
    asked.use(contradicting)
    assert "does not stand any more" in Words(asked.page(before)).text
    second = asked.ask(LIKE, sender="Third Asker <third@clinic.example>")
    assert asked.case(second).state is State.AWAITING_REVIEW
    assert asked.evidence(second).precedents == ()
