"""Which case a follow-up joins: by an id of ours and a member of the case; what is doubtful goes to a person."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from consultant import review
from consultant.lifecycle import State
from consultant.mail.letter import Verdict
from consultant.mail.parse import parse
from consultant.mail.thread import make_token, plus_address
from consultant.records import audit, cases, outgoing, threads, views
from consultant.records.outgoing import Sending
from tests.builders import ASKER, DESK, make_desk, make_letter

COLLEAGUE = "colette@clinic.example"


def tag(desk, reference="C-2026-000001"):
    return f"[{reference}.{make_token(reference, desk.parts.thread_key)}]"


def letters_of(desk, case_id=1):
    with desk.parts.store.read() as tx:
        return cases.thread(tx, case_id)


def case(desk, case_id=1):
    with desk.parts.store.read() as tx:
        return cases.current(tx, case_id)


def quarantined(desk):
    with desk.parts.store.read() as tx:
        return views.letters_by_verdict(tx, Verdict.QUARANTINE)


def follow_up(desk, text="And with margins of 0.3 cm?", *, subject=None, **values):
    values.setdefault("message_id", f"<follow-up-{len(letters_of(desk))}@clinic.example>")
    return make_letter(text, subject=f"Re: Lesion {tag(desk)}" if subject is None else subject, **values)


def approve(desk, case_id=1, kind="answer"):
    person = desk.reviewer()
    review.claim(desk.parts, case_id, person)
    with desk.parts.store.read() as tx:
        draft = cases.last_draft(tx, case_id)
    review.approve(
        desk.parts, case_id, person, text=draft.text, kind=kind, seen_draft=draft.number, override="as discussed"
    )


@pytest.fixture
def answered(desk):
    """A desk with one answered case."""
    desk.ask()
    approve(desk)
    desk.work()
    assert case(desk).state is State.ANSWERED
    return desk


def test_a_colleague_whom_the_asker_copied_belongs_to_the_case(desk):
    desk.ask(make_letter(headers=[("Cc", f"Colette <{COLLEAGUE.upper()}>, {DESK}")]))
    desk.ask(follow_up(desk, sender=f"Colette <{COLLEAGUE}>"))
    assert [each.sender for each in letters_of(desk)] == [ASKER, COLLEAGUE]
    with desk.parts.store.read() as tx:
        assert threads.members(tx, 1) == {ASKER, COLLEAGUE}


def test_a_colleague_whom_nobody_copied_waits_for_a_person_beside_the_case_that_he_means(desk):
    desk.ask()
    desk.ask(follow_up(desk, sender=COLLEAGUE))
    (waiting,) = quarantined(desk)
    assert (waiting.rule, waiting.about) == ("follow-up-from-a-stranger", "C-2026-000001")
    with desk.parts.store.read() as tx:
        assert views.letters_about(tx, 1) == (waiting,)
    assert len(letters_of(desk)) == 1


def test_one_who_copies_himself_in_from_outside_does_not_belong(desk):
    """What a letter in quarantine names makes nobody a member."""
    desk.ask()
    desk.ask(follow_up(desk, sender="stranger@elsewhere.example", headers=[("Cc", COLLEAGUE)]))
    desk.ask(follow_up(desk, sender=COLLEAGUE, message_id="<second@clinic.example>"))
    assert len(letters_of(desk)) == 1
    assert len(quarantined(desk)) == 2


def test_what_a_doubtful_letter_copies_does_not_belong(desk):
    unvouched = [("Authentication-Results", "mx.stranger.example; dkim=pass header.d=clinic.example")]
    desk.ask(make_letter(headers=[*unvouched, ("Cc", COLLEAGUE)]))
    desk.ask(follow_up(desk, sender=COLLEAGUE))
    assert len(letters_of(desk)) == 1


def test_a_person_lets_a_colleague_into_the_case_and_from_then_on_he_belongs(desk):
    desk.ask()
    desk.ask(follow_up(desk, sender=COLLEAGUE))
    (waiting,) = quarantined(desk)
    review.quarantine_join(desk.parts, waiting.id, waiting.about, desk.reviewer())
    desk.work()
    desk.ask(follow_up(desk, "One more thing.", sender=COLLEAGUE))
    assert [each.sender for each in letters_of(desk)] == [ASKER, COLLEAGUE, COLLEAGUE]
    with desk.parts.store.read() as tx:
        assert "join letter" in [entry.action for entry in audit.trail(tx, 1)]


def test_a_person_gives_a_colleague_a_case_of_his_own_without_the_tag_of_the_other(desk):
    desk.ask()
    desk.ask(follow_up(desk, sender=COLLEAGUE))
    (waiting,) = quarantined(desk)
    new = review.quarantine_accept(desk.parts, waiting.id, desk.reviewer())
    desk.work()
    assert (case(desk, new).subject, case(desk, new).asker) == ("Lesion", COLLEAGUE)
    assert len(letters_of(desk)) == 1
    with desk.parts.store.read() as tx:
        assert "keep letter out" in [entry.action for entry in audit.trail(tx, 1)]
        assert "accept letter" in [entry.action for entry in audit.trail(tx, new)]


def test_the_answer_goes_to_the_colleague_who_asked_with_a_copy_to_the_asker(desk):
    desk.ask(make_letter(headers=[("Cc", COLLEAGUE)]))
    desk.ask(follow_up(desk, sender=COLLEAGUE))
    approve(desk)
    desk.work()
    sent = desk.submission.taken[-1]
    letter = parse(sent.raw)
    assert [each.mailbox for each in letter.to] == [COLLEAGUE]
    assert [each.mailbox for each in letter.cc] == [ASKER]
    assert sorted(sent.recipients) == sorted((COLLEAGUE, ASKER))


def forwarded(desk, text, *, attached, subject="Fwd: your answer", sender=ASKER):
    """Our last letter, forwarded to us: as an attachment, or in the text below the new question."""
    ours = parse(desk.submission.taken[-1].raw)
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = sender, DESK, subject
    letter["Message-ID"] = "<forwarded@clinic.example>"
    letter["Authentication-Results"] = "mx.desk.example; dkim=pass header.d=" + sender.rpartition("@")[2]
    if attached:
        letter.set_content(text)
        inner = EmailMessage(policy=SMTP)
        for name in ("From", "To", "Subject", "Message-ID"):
            inner[name] = ours.header(name)
        inner.set_content(ours.text)
        letter.add_attachment(inner)
    else:
        head = f"From: {DESK}\nTo: {ASKER}\nSubject: {ours.subject}\n"
        letter.set_content(f"{text}\n\n-----Original Message-----\n{head}\n{ours.text}")
    return letter.as_bytes()


@pytest.mark.parametrize("attached", [True, False])
def test_our_answer_forwarded_to_us_with_a_question_joins_its_case(answered, attached):
    answered.ask(forwarded(answered, "May I bill 12011 as well?", attached=attached))
    assert len(letters_of(answered)) == 2
    assert case(answered).state is State.AWAITING_REVIEW


@pytest.mark.parametrize("attached", [True, False])
def test_our_answer_forwarded_from_another_address_waits_for_a_person(answered, attached):
    answered.ask(forwarded(answered, "And I?", attached=attached, sender="testa@private.example"))
    (waiting,) = quarantined(answered)
    assert waiting.about == "C-2026-000001"


def test_the_fields_of_a_letter_say_more_than_what_it_forwards(answered):
    """A second case's own letter may quote the first one's without naming two cases."""
    answered.ask(make_letter("Another lesion, 1 cm, cheek.", subject="Another", message_id="<2@clinic.example>"))
    answered.ask(
        forwarded(answered, "As before?", attached=False, subject=f"Re: Another {tag(answered, 'C-2026-000002')}")
    )
    assert len(letters_of(answered)) == 1
    assert len(letters_of(answered, 2)) == 2


@pytest.mark.parametrize("subject", ["A wholly new subject", "", "AW: Re: Fwd: Lesion"])
def test_a_changed_subject_does_not_change_the_case(answered, subject):
    ours = parse(answered.submission.taken[-1].raw)
    letter = follow_up(answered, subject=subject)
    answered.ask(b"References: <x@y.example>\r\n " + ours.message_id.encode() + b"\r\n" + letter)
    assert len(letters_of(answered)) == 2


def test_a_reply_to_an_old_closed_case_opens_it_again(answered):
    answered.tick(days=31)
    assert case(answered).state is State.CLOSED
    answered.ask(follow_up(answered))
    assert case(answered).state is State.AWAITING_REVIEW
    with answered.parts.store.read() as tx:
        assert [each.new_text for each in cases.thread(tx, 1, unanswered=True)] == ["And with margins of 0.3 cm?"]


def test_a_reply_to_the_automatic_letter_joins_the_case_and_causes_no_second_one(desk):
    desk.ask()
    acknowledgement = parse(desk.submission.taken[-1].raw)
    letter = follow_up(desk, subject=f"Re: {acknowledgement.subject}")
    desk.ask(b"In-Reply-To: " + acknowledgement.message_id.encode() + b"\r\n" + letter)
    assert len(letters_of(desk)) == 2
    assert len(desk.submission.taken) == 1


def test_two_follow_ups_that_cross_in_review_are_both_in_the_case_and_stop_the_approval_until_read(desk):
    desk.ask()
    review.claim(desk.parts, 1, desk.reviewer())
    desk.ask(follow_up(desk, "First."))
    desk.ask(follow_up(desk, "Second."))
    assert (len(letters_of(desk)), case(desk).state, case(desk).unread) == (3, State.IN_REVIEW, True)
    with pytest.raises(review.Unread):
        approve(desk)
    review.read(desk.parts, 1, desk.reviewer())
    approve(desk)


@pytest.fixture
def patient(tmp_path, release, migrated):
    """A desk whose approved letters wait 20 seconds, with one approved answer."""
    with make_desk(tmp_path, release, migrated, undo_seconds=20) as desk:
        desk.ask()
        desk.submission.taken.clear()
        approve(desk)
        yield desk


def test_no_bell_rings_for_a_letter_that_is_not_due_yet(patient):
    assert patient.bell.rung == []
    patient.tick(seconds=21)
    assert len(patient.submission.taken) == 1


def test_a_follow_up_in_the_time_to_undo_stops_the_letter_and_asks_for_a_person(patient):
    patient.tick(seconds=5)
    patient.ask(follow_up(patient, "Please wait, the margin was 0.3 cm."))
    patient.tick(minutes=10)
    assert patient.submission.taken == []
    assert (case(patient).state, case(patient).unread) == (State.APPROVED, True)
    with patient.parts.store.read() as tx:
        needs = views.queue(tx, views.QueueFilter(states=(str(State.AWAITING_REVIEW),), stopped=True))
        assert [row.reference for row in needs.rows] == ["C-2026-000001"]
        assert views.stopped(tx) == 1


def test_a_stopped_letter_goes_once_its_reviewer_has_read_the_new_one_and_that_one_is_worked_on(patient):
    patient.ask(follow_up(patient))
    patient.tick(minutes=1)
    review.read(patient.parts, 1, patient.reviewer())
    patient.work()
    assert len(patient.submission.taken) == 1
    assert case(patient).state is State.ANSWERED


def test_a_stopped_letter_can_be_taken_back_long_after_the_time_to_undo(patient):
    patient.ask(follow_up(patient))
    patient.tick(minutes=30)
    review.undo(patient.parts, 1, patient.reviewer())
    assert case(patient).state is State.IN_REVIEW
    patient.tick(minutes=1)
    assert patient.submission.taken == []


def test_a_follow_up_that_comes_while_the_letter_is_with_the_server_is_not_lost(desk, monkeypatch):
    """The answer is out and answers what it knew of; the newer letter starts the work again."""
    desk.ask()
    approve(desk)

    def between(_self, _raw):
        desk.deliver(follow_up(desk, "One more thing."))
        monkeypatch.undo()
        from consultant.intake import receive

        receive.receive(2, desk.parts)

    from consultant.gateways.memory import MemorySubmission

    original = MemorySubmission.open

    def opened(self, *args, **values):
        envelope = original(self, *args, **values)
        between(self, None)
        return envelope

    monkeypatch.setattr(MemorySubmission, "open", opened)
    desk.work()
    assert len(desk.submission.taken) == 2
    assert (case(desk).state, case(desk).unread) == (State.AWAITING_REVIEW, False)
    with desk.parts.store.read() as tx:
        assert [each.new_text for each in cases.thread(tx, 1, unanswered=True)] == ["One more thing."]


def test_letters_ask_for_replies_to_a_sub_address_only_where_the_account_takes_them(tmp_path, release, migrated):
    for proved, name in ((True, "a"), (False, "b")):
        (tmp_path / name).mkdir()
        with make_desk(tmp_path / name, release, migrated, account={"plus_addresses": proved}) as desk:
            desk.ask()
            approve(desk)
            desk.work()
            wanted = plus_address(DESK, "C-2026-000001", desk.parts.thread_key) if proved else None
            for sent in desk.submission.taken:
                asked = [each.mailbox for each in parse(sent.raw).reply_to]
                assert asked == ([wanted] if wanted else [])


@pytest.mark.parametrize("field", ["To", "Delivered-To", "X-Original-To"])
def test_a_letter_to_the_sub_address_joins_though_every_other_sign_is_gone(answered, field):
    address = plus_address(DESK, "C-2026-000001", answered.parts.thread_key)
    to, headers = (address, []) if field == "To" else (DESK, [(field, address)])
    answered.ask(follow_up(answered, subject="Thanks, but", recipient=to, headers=headers))
    assert len(letters_of(answered)) == 2


def test_a_guessed_sub_address_joins_nothing(answered):
    answered.ask(follow_up(answered, subject="Hello", recipient="desk+C-2026-000001.aaaaaaaa@desk.example"))
    assert len(letters_of(answered)) == 1
    assert quarantined(answered)[0].rule == "follow-up-with-a-wrong-token"


def test_the_desks_own_addresses_are_nobodys_membership(desk):
    address = plus_address(DESK, "C-2026-000001", desk.parts.thread_key)
    desk.ask(make_letter(headers=[("Cc", address)]))
    with desk.parts.store.read() as tx:
        assert threads.members(tx, 1) == {ASKER}


def test_a_voided_letter_stays_void(patient):
    review.undo(patient.parts, 1, patient.reviewer())
    patient.tick(minutes=1)
    with patient.parts.store.read() as tx:
        rows = [row for row in outgoing.of_case(tx, 1) if row.kind in outgoing.OF_THE_CASE]
    assert [row.state for row in rows] == [Sending.VOID]
