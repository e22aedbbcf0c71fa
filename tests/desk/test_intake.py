"""From the mailbox to a case: nothing lost, nothing doubled, machines not answered, strangers not let in."""

import re
import threading
from dataclasses import replace
from email import policy
from email.parser import BytesParser

import pytest

from consultant import sweep
from consultant.errors import Transient
from consultant.gateways.memory import MemoryMailbox
from consultant.intake.poller import take_new
from consultant.lifecycle import State
from consultant.mail.letter import Verdict
from consultant.mail.thread import make_token
from consultant.records import cases, health, ledger, outgoing, views
from tests.builders import ASKER, DESK, NOW, make_desk, make_letter, pdf


def verdicts(desk):
    with desk.parts.store.read() as tx:
        return ledger.counts(tx)


def only_case(desk):
    with desk.parts.store.read() as tx:
        assert sum(cases.counts(tx).values()) == 1
        return cases.current(tx, 1)


def test_a_question_opens_a_case_and_gets_a_draft_and_one_acknowledgement(desk):
    desk.ask()
    case = only_case(desk)
    assert case.state is State.AWAITING_REVIEW
    assert case.asker == ASKER
    (taken,) = desk.submission.taken
    assert taken.recipients == (ASKER,)
    assert b"Auto-Submitted: auto-replied" in taken.raw


def test_the_ledger_has_the_letter_before_anything_is_parsed(desk):
    desk.deliver(make_letter())
    assert verdicts(desk) == {"due": 1}
    assert desk.bell.rung == [("receive", 1)]


def test_a_letter_that_lies_twice_in_the_folder_is_one_case(desk):
    desk.account.deliver(make_letter())
    desk.account.deliver(make_letter())
    desk.poll()
    desk.work()
    only_case(desk)


def test_the_same_letter_with_other_trace_fields_is_one_case(desk):
    desk.ask()
    desk.ask(b"Received: from relay.example by mx.desk.example; Mon, 2 Mar 2026 15:00:01 +0000\r\n" + make_letter())
    only_case(desk)
    assert verdicts(desk) == {"accept": 1, "discard": 1}


def test_a_new_uidvalidity_doubles_nothing(desk):
    desk.ask()
    desk.account.create("INBOX")
    desk.ask()
    only_case(desk)


def test_a_letter_that_was_moved_and_comes_again_from_the_other_folder_is_one_case(desk):
    desk.ask()
    account = desk.parts.settings.accounts[0]
    desk.account.create("Support")
    desk.account.deliver(make_letter(), "Support")
    with desk.account.open("Support", writable=True) as mailbox:
        look = take_new(account, mailbox, mailbox.folder, 1, desk.parts, threading.Event())
    desk.work()
    only_case(desk)
    assert look.entered == 0


def test_a_letter_that_a_second_account_receives_too_is_one_case(desk):
    desk.ask()
    second = desk.parts.settings.accounts[0].model_copy(update={"name": "second"})
    parts = replace(
        desk.parts,
        settings=desk.parts.settings.model_copy(update={"accounts": (*desk.parts.settings.accounts, second)}),
    )
    desk.account.create("Second")
    desk.account.deliver(b"Delivered-To: second@desk.example\r\n" + make_letter(), "Second")
    with desk.account.open("Second", writable=True) as mailbox:
        look = take_new(second, mailbox, mailbox.folder, 1, parts, threading.Event())
    desk.work()
    only_case(desk)
    assert look.entered == 1
    assert verdicts(desk) == {"accept": 1, "discard": 1}


def test_what_a_lost_broker_forgot_the_sweep_finds(desk):
    desk.deliver(make_letter())
    desk.bell.rung.clear()
    desk.tick(minutes=2)
    assert only_case(desk).state is State.AWAITING_REVIEW


def test_a_connection_lost_in_mid_fetch_loses_nothing(desk):
    for number in range(3):
        desk.account.deliver(make_letter(message_id=f"<{number}@clinic.example>", subject=f"Question {number}"))
    desk.account.failures = [Transient("lost")]
    with pytest.raises(Transient):
        desk.poll()
    assert desk.poll() == 3


def test_letters_move_only_after_they_are_in_the_ledger(tmp_path, release, migrated):
    with make_desk(tmp_path, release, migrated, processed_folder="Processed") as desk:
        desk.deliver(make_letter())
        assert not desk.account.folders["INBOX"].letters
        assert len(desk.account.folders["Processed"].letters) == 1
        assert verdicts(desk) == {"due": 1}


def test_every_batch_is_moved_once_it_is_committed_and_a_failed_move_is_made_good(
    tmp_path, release, migrated, monkeypatch
):
    monkeypatch.setattr("consultant.intake.poller.BATCH", 2)
    with make_desk(tmp_path, release, migrated, processed_folder="Processed") as desk:
        for number in range(5):
            desk.account.deliver(make_letter(message_id=f"<{number}@clinic.example>", subject=f"Question {number}"))
        move, moved = MemoryMailbox.move, []

        def failing(self, uids, folder):
            moved.append(len(uids))
            if len(moved) == 2:
                raise Transient("lost")
            move(self, uids, folder)

        with monkeypatch.context() as patched:
            patched.setattr(MemoryMailbox, "move", failing)
            with pytest.raises(Transient):
                desk.poll()
        assert moved == [2, 2]
        assert len(desk.account.folders["Processed"].letters) == 2
        assert verdicts(desk) == {"due": 5}
        assert desk.poll() == 0
        assert len(desk.account.folders["Processed"].letters) == 5
        assert not desk.account.folders["INBOX"].letters


def test_the_third_crash_on_a_letter_quarantines_it(desk, monkeypatch):
    desk.deliver(make_letter())
    desk.bell.rung.clear()

    def crash(*_):
        raise KeyboardInterrupt  # as a killed worker: nothing after it runs

    with monkeypatch.context() as patched:
        patched.setattr("consultant.intake.receive.look", crash)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                desk.tick(minutes=2)
            desk.bell.rung.clear()
    desk.tick(minutes=2)
    assert verdicts(desk) == {"quarantine": 1}
    with desk.parts.store.read() as tx:
        (row,) = views.letters_by_verdict(tx, Verdict.QUARANTINE)
    assert row.rule == "crashed-three-times"


def test_an_unreadable_letter_is_quarantined_with_its_reason_and_its_bytes(desk):
    raw = b"Content-Type: multipart/mixed; boundary=x\r\n" * 1 + b"X: " + b"y" * 140_000 + b"\r\n\r\nhello"
    desk.ask(raw)
    assert verdicts(desk) == {"quarantine": 1}
    with desk.parts.store.read() as tx:
        (row,) = views.letters_by_verdict(tx, Verdict.QUARANTINE)
    assert row.reason


@pytest.mark.parametrize(
    "headers",
    [
        [("Auto-Submitted", "auto-replied")],
        [("List-Id", "<coders.lists.example>")],
        [("Return-Path", "<>"), ("Auto-Submitted", "auto-generated")],
    ],
)
def test_a_machine_is_never_answered(desk, headers):
    desk.ask(make_letter(headers=headers))
    with desk.parts.store.read() as tx:
        assert cases.counts(tx) == {}
    assert desk.submission.taken == []


def test_our_own_acknowledgement_coming_back_opens_nothing(desk):
    desk.ask()
    (taken,) = desk.submission.taken
    desk.ask(taken.raw)
    only_case(desk)


def test_a_sender_who_is_not_authentic_is_quarantined_and_gets_no_letter(desk):
    desk.ask(
        make_letter(headers=[("Authentication-Results", "mx.desk.example; dmarc=fail header.from=clinic.example")])
    )
    assert verdicts(desk) == {"quarantine": 1}
    assert desk.submission.taken == []


def follow_up(desk, sender=f"Testa Sampleton <{ASKER}>", token=None, text="The margin was 0.3 cm on each side."):
    case = only_case(desk)
    token = token or make_token(case.reference, desk.parts.thread_key)
    return make_letter(
        text, subject=f"Re: Lesion [{case.reference}.{token}]", sender=sender, message_id="<follow-up@clinic.example>"
    )


def test_a_follow_up_joins_its_case_and_restarts_the_work(desk):
    desk.ask()
    desk.ask(follow_up(desk))
    case = only_case(desk)
    assert case.state is State.AWAITING_REVIEW
    with desk.parts.store.read() as tx:
        assert len(cases.thread(tx, case.id)) == 2
        assert len(cases.drafts(tx, case.id)) == 2


def test_a_follow_up_is_known_by_the_message_id_that_we_sent(desk):
    desk.ask()
    with desk.parts.store.read() as tx:
        (sent,) = outgoing.of_case(tx, 1)
    letter = make_letter("And with 0.3 cm?", subject="Another subject", message_id="<b@clinic.example>")
    desk.ask(b"In-Reply-To: " + sent.message_id.encode() + b"\r\n" + letter)
    assert only_case(desk).reference in sent.message_id


def test_a_stranger_with_the_right_token_is_not_let_into_the_thread(desk):
    desk.ask()
    desk.ask(follow_up(desk, sender="stranger@elsewhere.example"))
    assert verdicts(desk) == {"accept": 1, "quarantine": 1}
    with desk.parts.store.read() as tx:
        assert len(cases.thread(tx, 1)) == 1


def test_a_wrong_token_is_not_believed(desk):
    desk.ask()
    desk.ask(follow_up(desk, token="aaaaaaaa"))
    assert verdicts(desk) == {"accept": 1, "quarantine": 1}


def test_one_automatic_letter_a_sender_and_day(desk):
    for number in range(3):
        desk.ask(make_letter(message_id=f"<{number}@clinic.example>", subject=f"Question {number}"))
    assert len(desk.submission.taken) == 1
    desk.clock.advance(hours=25)
    desk.ask(make_letter(message_id="<9@clinic.example>", subject="Question 9"))
    assert len(desk.submission.taken) == 2


def test_an_automatic_letter_goes_to_the_asker_alone(desk):
    """A Reply-To would get round the limit of one a day, and have us write to whomever a stranger names."""
    for number in range(3):
        other = ("Reply-To", f"victim{number}@elsewhere.example")
        desk.ask(make_letter(message_id=f"<{number}@clinic.example>", subject=f"Question {number}", headers=[other]))
    assert [taken.recipients for taken in desk.submission.taken] == [(ASKER,)]


def test_words_that_inject_add_nothing_to_our_letters(desk):
    """Names, subjects and identifiers of a stranger, through the whole desk to the bytes on the wire."""
    words = "=?utf-8?q?x=0D=0ABcc:_evil=40x.example=0D=0A=0D=0AHello?="
    raw = make_letter(message_id="<q@clinic.example>").replace(b"Lesion on the chin", words.encode())
    desk.ask(f"References: <a{words}@x>\r\n <b@x>\r\nReply-To: {words} <{ASKER}>\r\n".encode() + raw)
    (taken,) = desk.submission.taken
    assert taken.recipients == (ASKER,)
    read = BytesParser(policy=policy.compat32).parsebytes(taken.raw)
    assert len(read.keys()) == len(set(read.keys()))
    assert not {"bcc", "cc"} & {name.lower() for name in read}
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", taken.raw)


def test_what_is_stored_as_text_is_masked_and_the_original_is_sealed(desk):
    desk.ask(
        make_letter("Pt Testa Patientia, DOB 01/02/1950, MRN 99887766, phone 555-0142. " + "Which code for 11440?")
    )
    with desk.parts.store.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    for planted in ("Patientia", "01/02/1950", "99887766", "555-0142", "Sampleton"):
        assert planted not in dump
    assert "11440" in dump


def test_an_account_that_was_read_is_noted(desk):
    desk.deliver(make_letter())
    with desk.parts.store.read() as tx:
        (account,) = health.accounts(tx)
    assert account.checked_at == account.letter_at == NOW
    assert account.error is None


def test_a_note_that_is_attached_as_text_is_read_with_the_letter(desk):
    from consultant.local.samples import sample

    desk.ask(sample("attachment").letter(ASKER, "desk@desk.example"))
    with desk.parts.store.read() as tx:
        case = cases.current(tx, 1)
    assert [line["code"] for line in case.evidence["lines"]] == ["11442"]


def test_what_an_attached_document_says_is_read_with_the_letter(desk):
    """A PDF that calls itself something else is a PDF; the code comes from what it says."""
    note = pdf("Excision of a benign lesion of the chin, 0.4 cm,", "margins 0.2 cm on each side, simple closure.")
    attached = (note, "application/octet-stream", "scan0001.bin")
    desk.ask(make_letter("Which code for the attached note?", subject="See attached", attached=attached))
    with desk.parts.store.read() as tx:
        case = cases.current(tx, 1)
        (row,) = cases.thread(tx, 1)
    assert "[From the attached PDF]" in row.new_text
    assert [line["code"] for line in case.evidence["lines"]] == ["11441"]


COLLEAGUES = """Which code is it, please? See what our doctor wrote below.

On Mon, Mar 2, 2026 at 9:12 AM Dr Placeholder <doctor@clinic.example> wrote:
> Benign nevus of the chin, 0.4 cm, excised with margins of 0.2 cm on each side,
> simple closure.
"""


def test_what_colleagues_told_each_other_below_the_question_is_read_with_it(desk):
    desk.ask(make_letter(COLLEAGUES, subject="RE: Lesion", headers=[("In-Reply-To", "<theirs@clinic.example>")]))
    with desk.parts.store.read() as tx:
        case = cases.current(tx, 1)
    assert [line["code"] for line in case.evidence["lines"]] == ["11441"]


def test_what_is_quoted_of_us_is_nothing_that_is_asked(desk):
    """Our own answer below a follow-up tells no fact of the case."""
    desk.ask()
    answer = f"On Mon, Mar 2, 2026 at 9:12 AM Consultant <{DESK}> wrote:\n> Report 11441 for the nevus of the chin.\n"
    desk.ask(
        make_letter(f"What if it was the back?\n\n{answer}", subject="RE: Lesion", message_id="<q2@clinic.example>")
    )
    with desk.parts.store.read() as tx:
        (row,) = cases.thread(tx, 2)
    assert "11441" not in row.new_text
    assert "What if it was the back?" in row.new_text


def without_results(text="Benign nevus of the chin, 0.4 cm, excised with 0.2 cm margins. Which code?", **values):
    """A letter above which our own server wrote nothing, as though it had come by another way."""
    stranger = ("Authentication-Results", "mx.stranger.example; dkim=pass header.d=clinic.example")
    return make_letter(text, headers=[stranger], **values)


def test_a_doubtful_sender_is_flagged_and_gets_no_automatic_letter(desk):
    desk.ask(without_results())
    case = only_case(desk)
    assert case.state is State.AWAITING_REVIEW
    assert desk.submission.taken == []
    with desk.parts.store.read() as tx:
        assert "no Authentication-Results of mx.desk.example" in ledger.doubtful(tx, case.id)


def test_a_doubtful_follow_up_goes_to_a_person_and_not_into_the_thread(desk):
    desk.ask()
    case = only_case(desk)
    subject = f"Re: Lesion on the chin [{case.reference}.{make_token(case.reference, desk.parts.thread_key)}]"
    desk.ask(without_results(subject=subject, message_id="<2@clinic.example>", text="Send the answer to me instead."))
    with desk.parts.store.read() as tx:
        assert len(cases.thread(tx, case.id)) == 1
    assert verdicts(desk) == {"accept": 1, "quarantine": 1}


def test_a_backlog_is_not_nudged_over_and_over(desk):
    """While a worker has enough to do, the sweep would only pile up messages that change nothing."""
    for number in range(60):
        desk.deliver(make_letter(message_id=f"<{number}@clinic.example>", sender=f"a{number}@clinic.example"))
    assert len(desk.bell.rung) == 60
    desk.clock.advance(seconds=30)
    sweep.tick(desk.parts)
    assert len(desk.bell.rung) == 60
    desk.bell.rung.clear()
    sweep.tick(desk.parts)
    assert len(desk.bell.rung) == 60
