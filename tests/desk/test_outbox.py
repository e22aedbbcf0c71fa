"""Sending: once, what was approved, and honest about what is not known."""

from datetime import timedelta

import pytest

from consultant import outbox, review
from consultant.lifecycle import State
from consultant.mail.ports import NotSent, Reply
from consultant.records import cases, outgoing, suppressed
from consultant.records.outgoing import Sending
from consultant.records.store import LostRace
from tests.builders import ASKER, NOW, make_desk, make_letter


@pytest.fixture
def approved(desk):
    """A desk with one approved answer in the outbox; the acknowledgement is out already."""
    desk.ask()
    desk.submission.taken.clear()
    approve(desk)
    return desk


def approve(desk, kind="answer"):
    person = desk.reviewer()
    review.claim(desk.parts, 1, person)
    with desk.parts.store.read() as tx:
        draft = cases.last_draft(tx, 1)
    review.approve(desk.parts, 1, person, text=draft.text, kind=kind, seen_draft=draft.number, override="as discussed")


def answer(desk):
    with desk.parts.store.read() as tx:
        return next(row for row in reversed(outgoing.of_case(tx, 1)) if row.kind in outgoing.OF_THE_CASE)


def state(desk):
    with desk.parts.store.read() as tx:
        return cases.current(tx, 1).state


def test_an_approved_answer_is_sent_once_and_the_case_is_answered(approved):
    approved.work()
    approved.tick(hours=1)
    (taken,) = approved.submission.taken
    assert taken.recipients == (ASKER,)
    assert b"In-Reply-To: <question-1@clinic.example>" in taken.raw
    assert state(approved) is State.ANSWERED
    assert answer(approved).state is Sending.SENT


def test_a_question_back_leaves_the_case_with_its_sender(desk):
    desk.ask()
    approve(desk, kind="question")
    desk.work()
    assert state(desk) is State.AWAITING_SENDER


def test_the_bytes_that_are_sent_are_the_bytes_that_were_approved(approved):
    sha256 = answer(approved).sha256
    approved.work()
    (taken,) = approved.submission.taken
    assert outgoing.binding(taken.raw, taken.recipients) == sha256


def test_what_differs_from_the_approval_is_not_sent(approved):
    from sqlalchemy import text

    with approved.parts.store.begin() as tx:
        tx.execute(text("UPDATE recipient SET mailbox = 'other@elsewhere.example' WHERE outbox_id = 2"))
    approved.work()
    assert approved.submission.taken == []
    assert answer(approved).state is Sending.FAILED
    assert state(approved) is State.HELD


def test_a_failure_before_the_dot_is_tried_again_with_back_off(approved):
    approved.submission.break_in_content = True
    approved.work()
    assert answer(approved).state is Sending.QUEUED
    assert answer(approved).next_try_at == NOW + outbox.RETRY[0]
    approved.submission.break_in_content = False
    approved.tick(minutes=1)
    assert len(approved.submission.taken) == 1
    assert state(approved) is State.ANSWERED


def test_after_the_last_try_a_person_is_told(approved):
    approved.submission.unreachable = NotSent("The server cannot be reached.")
    for _ in range(len(outbox.RETRY) + 2):
        approved.tick(hours=5)
    assert answer(approved).state is Sending.FAILED
    with approved.parts.store.read() as tx:
        case = cases.current(tx, 1)
    assert case.state is State.HELD
    assert "cannot be reached" in case.hold_reason


@pytest.mark.parametrize(
    ("reply", "expected"), [(Reply(451, "later"), Sending.QUEUED), (Reply(554, "no"), Sending.FAILED)]
)
def test_a_numeric_reply_after_the_dot_is_certain(approved, reply, expected):
    approved.submission.after_dot = [reply]
    approved.work()
    assert answer(approved).state is expected
    assert approved.submission.taken == []


def test_silence_after_the_dot_is_uncertain_and_nothing_is_sent_again(approved):
    approved.submission.after_dot = [None]
    approved.work()
    assert answer(approved).state is Sending.UNCERTAIN
    assert state(approved) is State.UNCERTAIN
    for _ in range(10):
        approved.tick(minutes=10)
    assert len(approved.submission.taken) == 1
    assert state(approved) is State.UNCERTAIN


def test_a_copy_in_the_sent_folder_settles_an_uncertain_letter(approved):
    approved.submission.after_dot = [None]
    approved.work()
    approved.account.create("Sent")
    approved.account.deliver(approved.submission.taken[0].raw, "Sent")
    approved.tick(minutes=1)
    assert answer(approved).state is Sending.SENT
    assert state(approved) is State.ANSWERED
    assert len(approved.submission.taken) == 1


def test_a_person_settles_an_uncertain_letter_either_way(approved):
    approved.submission.after_dot = [None]
    approved.work()
    outbox.send_again(approved.parts, answer(approved).id, approved.reviewer())
    approved.work()
    assert len(approved.submission.taken) == 2
    assert state(approved) is State.ANSWERED
    with pytest.raises(LostRace):
        outbox.confirm_sent(approved.parts, answer(approved).id, approved.reviewer())


@pytest.mark.parametrize(("died", "then"), [(Sending.SENDING, 1), (Sending.AT_DOT, 0)])
def test_a_worker_that_died_leaves_an_honest_state(approved, died, then):
    with approved.parts.store.begin() as tx:
        seen = answer(approved)
        until = NOW + timedelta(minutes=15)
        outgoing.step(tx, seen, died, lease="dead", lease_until=until, attempts=1)
    approved.bell.rung.clear()
    approved.tick(minutes=14)
    assert approved.submission.taken == []
    approved.tick(minutes=2)
    assert len(approved.submission.taken) == then
    assert state(approved) is (State.ANSWERED if then else State.UNCERTAIN)


@pytest.mark.parametrize(("point", "seconds", "then"), [("after_lease", 180, 1), ("before_dot", 660, 0)])
def test_a_worker_killed_before_the_dot_is_replaced_soon_and_one_at_the_dot_after_the_wait_for_a_reply(
    approved, monkeypatch, point, seconds, then
):
    class Killed(BaseException):
        """No guard of the outbox may catch it, as none survives SIGKILL."""

    def die(name):
        if name == point:
            raise Killed

    monkeypatch.setattr(outbox, "fault", die)
    with pytest.raises(Killed):
        approved.work()
    monkeypatch.setattr(outbox, "fault", lambda _: None)
    approved.bell.rung.clear()
    approved.tick(seconds=seconds - 5)
    assert answer(approved).state is (Sending.SENDING if then else Sending.AT_DOT)
    approved.tick(seconds=10)
    assert len(approved.submission.taken) == then
    assert answer(approved).state is (Sending.SENT if then else Sending.UNCERTAIN)


def test_nothing_is_sent_while_a_letter_of_the_asker_is_unread(approved):
    approved.bell.rung.clear()
    with approved.parts.store.read() as tx:
        reference = cases.current(tx, 1).reference
        acknowledgement = outgoing.of_case(tx, 1)[0]
    reply = make_letter("Wait, it was 0.5 cm.", subject="Re: Lesion", message_id="<wait@clinic.example>")
    approved.ask(b"In-Reply-To: " + acknowledgement.message_id.encode() + b"\r\n" + reply)
    approved.tick(minutes=5)
    assert approved.submission.taken == []
    assert state(approved) is State.APPROVED
    review.read(approved.parts, 1, approved.reviewer())
    approved.tick(minutes=1)
    assert len(approved.submission.taken) == 1
    assert reference == "C-2026-000001"


def test_a_withdrawn_answer_is_not_sent(approved):
    approved.bell.rung.clear()
    review.withdraw(approved.parts, 1, approved.reviewer(), note="The asker corrected the size.")
    approved.tick(hours=1)
    assert approved.submission.taken == []
    assert state(approved) is State.HELD


def bounce(sent, status="5.1.1", recipient=ASKER):
    """A delivery status notification of our letter (RFC 3464)."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.clinic.example\r\nTo: desk@desk.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.clinic.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {sent.message_id}\r\n"
        f"X-Delivery-Id: {sent.delivery_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_returned_answer_holds_its_case_with_the_reason(approved):
    approved.work()
    sent = answer(approved)
    approved.ask(bounce(sent))
    with approved.parts.store.read() as tx:
        case = cases.current(tx, 1)
        assert case.state is State.HELD
        assert "5.1.1" in case.hold_reason
        assert outgoing.recipients_of(tx, sent.id)[0][1] == "bounced"


def case_of(desk):
    with desk.parts.store.read() as tx:
        return cases.current(tx, 1)


EXCHANGE = """Delivery has failed to these recipients or groups:

{asker}

Diagnostic information for administrators:

Remote Server returned '550 5.1.10 RecipientNotFound'

Original message headers:

Message-ID: {id}
"""
YAHOO = """Sorry, we were unable to deliver your message to the following address.

<{asker}>:
550: 5.1.1 User unknown

--- Below this line is a copy of the message.

X-Delivery-Id: {delivery}
"""


@pytest.mark.parametrize(
    ("sender", "text"), [("postmaster@clinic.example", EXCHANGE), ("MAILER-DAEMON@yahoo.com", YAHOO)]
)
def test_a_bounce_in_a_provider_s_own_words_holds_its_case_too(approved, sender, text):
    """Without a report (RFC 3464), by either of our ids in the part that came back."""
    approved.work()
    sent = answer(approved)
    approved.ask(
        make_letter(
            text.format(asker=ASKER, id=sent.message_id, delivery=sent.delivery_id),
            sender=sender,
            subject="Undeliverable",
            message_id="<ndr@clinic.example>",
        )
    )
    assert state(approved) is State.HELD
    with approved.parts.store.read() as tx:
        assert outgoing.recipients_of(tx, sent.id)[0][1] == "bounced"


def gone(desk):
    with desk.parts.store.read() as tx:
        return [row.mailbox for row in suppressed.every(tx)]


def again(desk):
    """Take the held case over and approve its answer once more."""
    review.take_over(desk.parts, 1, desk.reviewer())
    approve(desk)
    desk.work()


def test_nothing_is_sent_to_an_address_that_does_not_exist(approved):
    approved.work()
    approved.ask(bounce(answer(approved)))
    assert gone(approved) == [ASKER]
    taken = len(approved.submission.taken)
    again(approved)
    assert len(approved.submission.taken) == taken
    assert "does not exist" in case_of(approved).hold_reason


@pytest.mark.parametrize(
    ("status", "recipient"), [("5.2.2", ASKER), ("4.1.1", ASKER), ("5.1.1", "other@clinic.example")]
)
def test_a_full_mailbox_and_a_stranger_in_a_report_suppress_nothing(approved, status, recipient):
    """Who forges a report has to know our ids, and still reaches only recipients of that letter."""
    approved.work()
    approved.ask(bounce(answer(approved), status, recipient))
    assert gone(approved) == []


def test_an_address_that_writes_again_exists(approved):
    approved.work()
    approved.ask(bounce(answer(approved)))
    approved.ask(make_letter("Is 11008 an add-on code?", subject="Another", message_id="<again@clinic.example>"))
    assert gone(approved) == []


def test_a_person_may_write_to_it_again(approved):
    approved.work()
    approved.ask(bounce(answer(approved)))
    assert outbox.write_again(approved.parts, ASKER, approved.reviewer())
    assert not outbox.write_again(approved.parts, ASKER, approved.reviewer())
    taken = len(approved.submission.taken)
    again(approved)
    assert len(approved.submission.taken) == taken + 1


@pytest.mark.parametrize("limit", ["per_minute", "per_minute_and_domain"])
def test_letters_over_the_limit_wait_and_count_no_try(tmp_path, release, migrated, limit):
    with make_desk(tmp_path, release, migrated, account={limit: 2}) as desk:
        for number in range(4):
            desk.deliver(make_letter(sender=f"asker{number}@clinic.example", message_id=f"<{number}@clinic.example>"))
        desk.work()
        assert len(desk.submission.taken) == 2
        desk.tick(seconds=30)
        assert len(desk.submission.taken) == 2
        desk.tick(seconds=40)
        assert len(desk.submission.taken) == 4
        with desk.parts.store.read() as tx:
            assert {outgoing.current(tx, number).attempts for number in range(1, 5)} == {1}


def test_a_letter_that_a_dead_worker_left_does_not_stand_in_its_own_way(tmp_path, release, migrated):
    with make_desk(tmp_path, release, migrated, account={"per_minute": 1}) as desk:
        desk.ask()
        desk.tick(minutes=2)
        desk.submission.taken.clear()
        approve(desk)
        with desk.parts.store.begin() as tx:
            outgoing.step(tx, answer(desk), Sending.SENDING, lease="dead", lease_until=desk.clock(), attempts=1)
        desk.tick(minutes=1)
        assert len(desk.submission.taken) == 1


COLLEAGUE = "colleague@clinic.example"


@pytest.fixture
def of_two(desk):
    """A desk with one approved answer to two who wrote, of whom the second came by a copy."""
    desk.ask(b"Cc: " + COLLEAGUE.encode() + b"\r\n" + make_letter())
    desk.submission.taken.clear()
    with desk.parts.store.read() as tx:
        acknowledgement = outgoing.of_case(tx, 1)[0]
    more = make_letter("The pathology came: benign.", message_id="<more@clinic.example>", sender=COLLEAGUE)
    desk.ask(b"In-Reply-To: " + acknowledgement.message_id.encode() + b"\r\n" + more)
    approve(desk)
    return desk


def recipients(desk):
    with desk.parts.store.read() as tx:
        return {mailbox: state for mailbox, state, _ in outgoing.recipients_of(tx, answer(desk).id)}


def test_a_recipient_who_was_put_off_is_tried_again_without_the_others(of_two):
    of_two.submission.recipients = {ASKER: Reply(451, "4.2.2 The mailbox is busy.")}
    of_two.work()
    assert [taken.recipients for taken in of_two.submission.taken] == [(COLLEAGUE,)]
    assert recipients(of_two) == {COLLEAGUE: "sent", ASKER: "queued"}
    assert state(of_two) is State.ANSWERED
    of_two.submission.recipients = {}
    of_two.tick(minutes=2)
    of_two.tick(hours=5)
    assert [taken.recipients for taken in of_two.submission.taken] == [(COLLEAGUE,), (ASKER,)]
    assert answer(of_two).state is Sending.SENT
    assert state(of_two) is State.ANSWERED


def test_a_recipient_who_is_put_off_for_good_brings_the_case_to_a_person(of_two):
    of_two.submission.recipients = {ASKER: Reply(451, "4.2.2 The mailbox is busy.")}
    of_two.work()
    for _ in range(len(outbox.RETRY) + 2):
        of_two.tick(hours=5)
    assert [taken.recipients for taken in of_two.submission.taken] == [(COLLEAGUE,)]
    with of_two.parts.store.read() as tx:
        case = cases.current(tx, 1)
    assert case.state is State.HELD
    assert ASKER in case.hold_reason
    assert COLLEAGUE not in case.hold_reason


def test_a_report_of_an_uncertain_letter_shows_that_it_was_sent_and_holds_the_case(approved):
    approved.submission.after_dot = [None]
    approved.work()
    assert state(approved) is State.UNCERTAIN
    approved.ask(bounce(answer(approved)))
    assert answer(approved).state is Sending.SENT
    assert recipients(approved) == {ASKER: "bounced"}
    assert state(approved) is State.HELD
    approved.tick(hours=5)
    assert len(approved.submission.taken) == 1
