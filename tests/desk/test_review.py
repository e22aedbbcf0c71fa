"""Reviewing: two people never overwrite each other, and what is approved is what was seen."""

import pytest

from consultant import review
from consultant.lifecycle import NotAllowed, State
from consultant.mail.parse import parse
from consultant.records import audit, cases, outgoing, views
from consultant.records.store import LostRace
from consultant.records.views import QueueFilter
from tests.builders import make_desk, make_letter


@pytest.fixture
def waiting(desk):
    """A desk with one case that awaits review."""
    desk.ask()
    return desk


def draft(desk):
    with desk.parts.store.read() as tx:
        return cases.last_draft(tx, 1)


def case(desk):
    with desk.parts.store.read() as tx:
        return cases.current(tx, 1)


def test_the_second_reviewer_sees_who_holds_the_case(waiting):
    riley, sam = waiting.reviewer("riley"), waiting.reviewer("sam")
    review.claim(waiting.parts, 1, riley)
    with pytest.raises(review.HeldBy, match="Riley Reviewer has this case"):
        review.claim(waiting.parts, 1, sam)
    for action in (
        lambda: review.save(waiting.parts, 1, sam, text="mine", outcome="answer", seen_draft=1),
        lambda: review.release(waiting.parts, 1, sam),
        lambda: review.send_back(waiting.parts, 1, sam, note="no"),
        lambda: review.close(waiting.parts, 1, sam, note="no"),
        lambda: review.approve(waiting.parts, 1, sam, text="mine", kind="answer", seen_draft=1),
    ):
        with pytest.raises(review.HeldBy):
            action()
    with waiting.parts.store.read() as tx:
        (row,) = views.queue(tx, QueueFilter()).rows
    assert row.holder == "Riley Reviewer"


def test_claiming_again_keeps_the_case(waiting):
    riley = waiting.reviewer()
    first = review.claim(waiting.parts, 1, riley)
    waiting.clock.advance(minutes=20)
    again = review.claim(waiting.parts, 1, riley)
    assert again.lease_until > first.lease_until


def test_a_claim_runs_out_and_the_case_is_free_again(waiting):
    review.claim(waiting.parts, 1, waiting.reviewer("riley"))
    waiting.tick(minutes=31)
    assert case(waiting).state is State.AWAITING_REVIEW
    review.claim(waiting.parts, 1, waiting.reviewer("sam"))
    with pytest.raises(review.HeldBy):
        review.save(waiting.parts, 1, waiting.reviewer("riley"), text="late", outcome="answer", seen_draft=1)


def test_an_edit_from_an_older_page_overwrites_nothing(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    review.save(waiting.parts, 1, riley, text="First edit.", outcome="answer", seen_draft=1)
    with pytest.raises(LostRace, match="Version 2 was saved after"):
        review.save(waiting.parts, 1, riley, text="Second tab.", outcome="answer", seen_draft=1)
    assert draft(waiting).text == "First edit.\n"


def test_saving_what_has_not_changed_makes_no_version(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    row = draft(waiting)
    assert review.save(waiting.parts, 1, riley, text=row.text, outcome=row.outcome, seen_draft=1).number == 1


def test_an_invented_code_needs_a_reason_which_is_kept(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    text = draft(waiting).text + "\nReport 99999 as well.\n"
    with pytest.raises(review.ChecksFailed):
        review.approve(waiting.parts, 1, riley, text=text, kind="answer", seen_draft=1)
    assert case(waiting).state is State.IN_REVIEW
    review.approve(waiting.parts, 1, riley, text=text, kind="answer", seen_draft=1, override="A payer's own code.")
    with waiting.parts.store.read() as tx:
        (decision,) = views.reviews(tx, 1)
    assert decision.override == "A payer's own code."
    assert decision.failed_checks


def test_the_engines_own_draft_passes_its_checks(waiting):
    row = draft(waiting)
    assert [each.sentence for each in review.checks(waiting.parts, 1, text=row.text) if not each.passed] == []


def test_nothing_is_approved_while_a_letter_is_unread(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    with waiting.parts.store.read() as tx:
        sent = outgoing.of_case(tx, 1)[0]
    late = make_letter("One more thing.", subject="Re: Lesion", message_id="<late@clinic.example>")
    waiting.ask(b"In-Reply-To: " + sent.message_id.encode() + b"\r\n" + late)
    with pytest.raises(review.Unread):
        review.approve(waiting.parts, 1, riley, text=draft(waiting).text, kind="answer", seen_draft=1)
    review.read(waiting.parts, 1, riley)
    review.approve(waiting.parts, 1, riley, text=draft(waiting).text, kind="answer", seen_draft=1)


def test_the_preview_is_the_letter_that_is_sent(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    text = draft(waiting).text
    preview = review.preview(waiting.parts, 1, riley, text=text, kind="answer")
    review.approve(waiting.parts, 1, riley, text=text, kind="answer", seen_draft=1)
    waiting.submission.taken.clear()
    waiting.work()
    sent = parse(waiting.submission.taken[0].raw)
    assert sent.subject == preview.subject
    assert sent.text.strip() == preview.text.strip()
    assert sent.html.strip() == preview.html.strip()


def test_sending_back_needs_a_note_and_makes_a_new_draft(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    with pytest.raises(review.NoteMissing):
        review.send_back(waiting.parts, 1, riley, note="  ")
    review.send_back(waiting.parts, 1, riley, note="The date of service is wrong.")
    waiting.work()
    assert case(waiting).state is State.AWAITING_REVIEW
    assert draft(waiting).number == 2


def test_an_approved_case_cannot_be_claimed(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    review.approve(waiting.parts, 1, riley, text=draft(waiting).text, kind="answer", seen_draft=1)
    with pytest.raises(NotAllowed):
        review.claim(waiting.parts, 1, waiting.reviewer("sam"))


def test_revealing_the_original_is_an_audit_row(waiting):
    letter = review.reveal(waiting.parts, 1, waiting.reviewer())
    assert letter.sender.name == "Testa Sampleton"
    assert review.raw(waiting.parts, 1, waiting.reviewer()) == make_letter()
    with waiting.parts.store.read() as tx:
        actions = [entry.action for entry in audit.trail(tx, 1)]
        assert audit.first_broken(tx) is None
    assert actions == ["reveal", "download original"]


def test_a_quarantined_letter_is_opened_as_a_case_by_a_person(desk):
    desk.ask(
        make_letter(headers=[("Authentication-Results", "mx.desk.example; dmarc=fail header.from=clinic.example")])
    )
    case_id = review.quarantine_accept(desk.parts, 1, desk.reviewer())
    desk.work()
    with desk.parts.store.read() as tx:
        assert cases.current(tx, case_id).state is State.AWAITING_REVIEW
    with pytest.raises(LostRace):
        review.quarantine_accept(desk.parts, 1, desk.reviewer())


def test_an_attachment_comes_back_under_its_own_name_and_to_the_byte(desk):
    from email.message import EmailMessage
    from email.policy import SMTP

    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = "testa@clinic.example", "desk@desk.example", "Note"
    letter["Message-ID"] = "<a@clinic.example>"
    letter.set_content("Which code? The note is attached.")
    letter.add_attachment(b"%PDF-invented", maintype="application", subtype="pdf", filename="Sampleton note.pdf")
    desk.ask(letter.as_bytes())
    assert review.attachment(desk.parts, 1, desk.reviewer()) == ("Sampleton note.pdf", b"%PDF-invented")


def test_a_case_that_stays_quiet_closes_and_a_reply_opens_it_again(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    review.approve(waiting.parts, 1, riley, text=draft(waiting).text, kind="answer", seen_draft=1)
    waiting.work()
    waiting.tick(days=31)
    assert case(waiting).state is State.CLOSED
    with waiting.parts.store.read() as tx:
        sent = outgoing.of_case(tx, 1)[-1]
    waiting.ask(
        b"In-Reply-To: " + sent.message_id.encode() + b"\r\n" + make_letter("Again?", message_id="<x@clinic.example>")
    )
    assert case(waiting).state is State.AWAITING_REVIEW


def test_a_letter_that_needs_no_answer_is_closed_from_review_with_a_note(waiting):
    riley = waiting.reviewer()
    review.claim(waiting.parts, 1, riley)
    with pytest.raises(review.NoteMissing):
        review.close(waiting.parts, 1, riley, note="")
    review.close(waiting.parts, 1, riley, note="An advertisement.")
    assert case(waiting).state is State.CLOSED


def test_a_case_that_failed_before_its_draft_can_be_answered_by_a_person(desk, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ValueError("invented")

    with monkeypatch.context() as patched:
        patched.setattr("consultant.pipeline.read", fail)
        desk.ask()
        for _ in range(4):
            desk.tick(minutes=10)
    held = case(desk)
    assert held.state is State.HELD
    assert "failed 3 times" in held.hold_reason
    (notice,) = desk.submission.taken
    assert b"Auto-Submitted: auto-replied" in notice.raw
    riley = desk.reviewer()
    review.take_over(desk.parts, 1, riley)
    outbox_id = review.approve(
        desk.parts, 1, riley, text="Please see section B of the note.", kind="answer", seen_draft=1, override="By hand."
    )
    desk.work()
    with desk.parts.store.read() as tx:
        assert outgoing.current(tx, outbox_id).state is outgoing.Sending.SENT


@pytest.fixture
def patient(tmp_path, release, migrated):
    """A desk whose approved letters wait 20 seconds, with one case in review."""
    with make_desk(tmp_path, release, migrated, undo_seconds=20) as desk:
        desk.ask()
        row = draft(desk)
        review.claim(desk.parts, 1, desk.reviewer())
        review.approve(desk.parts, 1, desk.reviewer(), text=row.text, kind="answer", seen_draft=1)
        desk.work()
        yield desk


def answers(desk):
    return [taken for taken in desk.submission.taken if b"Auto-Submitted" not in taken.raw]


def test_an_approved_letter_waits_and_can_be_taken_back(patient):
    """What was taken back is void, and the case is the reviewer's again."""
    patient.tick(seconds=10)
    assert answers(patient) == []
    review.undo(patient.parts, 1, patient.reviewer())
    assert (case(patient).state, case(patient).hold_reason) == (State.IN_REVIEW, None)
    patient.tick(seconds=60)
    assert answers(patient) == []


def test_a_letter_goes_out_when_the_window_is_over_and_cannot_be_taken_back_then(patient):
    patient.tick(seconds=21)
    assert len(answers(patient)) == 1
    with pytest.raises(NotAllowed):
        review.undo(patient.parts, 1, patient.reviewer())


def test_what_was_taken_back_can_be_approved_again(patient):
    review.undo(patient.parts, 1, patient.reviewer())
    row = draft(patient)
    review.approve(patient.parts, 1, patient.reviewer(), text=row.text, kind="answer", seen_draft=row.number)
    patient.tick(seconds=21)
    assert len(answers(patient)) == 1
