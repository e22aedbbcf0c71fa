"""Two cases made one, and a letter taken out of a case: nothing is lost, nothing is sent twice, replies go right."""

import pytest

from consultant import outbox, review
from consultant.lifecycle import State
from consultant.mail.parse import parse
from consultant.records import audit, cases, outgoing, threads, views
from consultant.records.outgoing import Sending
from consultant.records.store import LostRace
from tests.builders import ASKER, make_desk, make_letter
from tests.desk.test_joining import COLLEAGUE, approve, case, follow_up, letters_of, tag

CHEEK = "A benign nevus on the cheek, 1.0 cm, was excised with margins of 0.2 cm on each side. Which code?"


def second(**values):
    return make_letter(CHEEK, subject="Another lesion", message_id="<question-2@clinic.example>", **values)


@pytest.fixture
def two(desk):
    """A desk with two drafted cases of one asker."""
    desk.ask()
    desk.ask(second())
    return desk


def texts(desk, case_id):
    with desk.parts.store.read() as tx:
        return [each.new_text for each in cases.thread(tx, case_id, unanswered=True)]


def drafts(desk, case_id):
    with desk.parts.store.read() as tx:
        return cases.drafts(tx, case_id)


def merge(desk, number=2, into="C-2026-000001"):
    merged = review.merge(desk.parts, number, into, desk.reviewer())
    desk.work()
    return merged


def test_a_merged_case_is_closed_with_a_pointer_and_the_other_one_asks_for_both(two):
    assert merge(two).id == 1
    assert (case(two, 2).state, case(two, 2).merged_into) == (State.CLOSED, 1)
    assert (case(two).state, len(letters_of(two)), len(letters_of(two, 2))) == (State.AWAITING_REVIEW, 2, 0)
    assert len(texts(two, 1)) == 2
    assert drafts(two, 1)[-1].letter_id == 2
    assert "cheek" in case(two).question["text"]
    assert "chin" in case(two).question["text"]


def test_a_merger_is_audited_in_both_cases_and_stands_among_the_decisions(two):
    merge(two)
    with two.parts.store.read() as tx:
        assert [(each.action, each.detail) for each in audit.trail(tx, 2)][-1] == ("merge into", "C-2026-000001")
        assert ("merge from", "C-2026-000002") in [(each.action, each.detail) for each in audit.trail(tx, 1)]
        assert views.reviews(tx, 2)[-1].decision == "merge"


@pytest.mark.parametrize("named", ["C-2026-000001", "C-2026-000002"])
def test_replies_to_the_ids_of_either_case_come_into_the_one_that_goes_on(two, named):
    merge(two)
    two.ask(follow_up(two, "A reply.", subject=f"Re: x {tag(two, named)}", message_id="<3@clinic.example>"))
    assert texts(two, 1)[-1] == "A reply."
    assert (case(two, 2).state, len(letters_of(two, 2))) == (State.CLOSED, 0)


def test_a_reply_that_names_both_merged_cases_names_one(two):
    merge(two)
    subject = f"Re: x {tag(two)} {tag(two, 'C-2026-000002')}"
    two.ask(follow_up(two, "A reply.", subject=subject, message_id="<3@clinic.example>"))
    assert texts(two, 1)[-1] == "A reply."


def test_one_answer_answers_both_cases_and_goes_to_both_askers(desk):
    desk.ask()
    desk.ask(second(sender=COLLEAGUE))
    found = review.find_merger(desk.parts, 2, "c-2026-000001", desk.reviewer())
    assert found.newcomers == (COLLEAGUE,)
    merge(desk)
    before = len(desk.submission.taken)
    approve(desk)
    desk.work()
    desk.tick(hours=2)
    (sent,) = desk.submission.taken[before:]
    assert sorted(sent.recipients) == sorted((ASKER, COLLEAGUE))
    assert case(desk).state is State.ANSWERED
    assert texts(desk, 1) == []
    desk.ask(follow_up(desk, "Thank you, but why?", sender=COLLEAGUE, message_id="<4@clinic.example>"))
    assert texts(desk, 1) == ["Thank you, but why?"]


def test_merging_an_answered_case_disturbs_no_draft_and_asks_nothing_again(two):
    approve(two, 2)
    two.work()
    review.claim(two.parts, 1, two.reviewer())
    before = len(drafts(two, 1)), len(two.submission.taken)
    merge(two)
    assert case(two).state is State.IN_REVIEW
    assert (len(drafts(two, 1)), len(two.submission.taken)) == before
    assert len(texts(two, 1)) == 1


def test_a_case_that_waits_for_its_sender_makes_an_answered_one_wait(two):
    approve(two, 1)
    approve(two, 2, kind="question")
    two.work()
    merge(two)
    assert case(two).state is State.AWAITING_SENDER
    two.ask(follow_up(two, "0.3 cm.", subject=f"Re: x {tag(two, 'C-2026-000002')}", message_id="<3@clinic.example>"))
    assert [text.split(".")[0] for text in texts(two, 1)] == [CHEEK.split(".")[0], "0"]


def test_a_question_older_than_the_last_answer_is_still_asked_after_a_merger(two):
    """What counts is whether a letter was answered, not when it came."""
    approve(two, 2)
    two.work()
    review.merge(two.parts, 1, "C-2026-000002", two.reviewer())
    two.work()
    assert case(two, 2).state is State.AWAITING_REVIEW
    assert "chin" in texts(two, 2)[0]


def test_a_case_on_hold_stays_on_hold_and_unread(two):
    with two.parts.store.begin() as tx:
        cases.guarded_update(tx, cases.current(tx, 1), {"state": "held", "hold_reason": "Our letter came back."})
    merge(two)
    assert (case(two).state, case(two).unread, case(two).hold_reason) == (State.HELD, True, "Our letter came back.")


def test_an_acknowledgement_that_waits_is_not_sent_for_a_merged_case(two):
    with two.parts.store.begin() as tx:
        (sent,) = outgoing.of_case(tx, 1)
        outgoing.step(tx, sent, Sending.QUEUED, sent_at=None)
    review.merge(two.parts, 1, "C-2026-000002", two.reviewer())
    before = len(two.submission.taken)
    two.tick(minutes=5)
    assert len(two.submission.taken) == before
    with two.parts.store.read() as tx:
        assert outgoing.of_case(tx, 1)[0].state is Sending.VOID


@pytest.mark.parametrize("sending", [Sending.QUEUED, Sending.SENDING, Sending.AT_DOT, Sending.UNCERTAIN])
@pytest.mark.parametrize("number", [1, 2])
def test_nothing_is_merged_or_split_while_an_answer_is_on_its_way(tmp_path, release, migrated, sending, number):
    with make_desk(tmp_path, release, migrated, undo_seconds=60) as desk:
        desk.ask()
        desk.ask(second())
        approve(desk, number)
        with desk.parts.store.begin() as tx:
            row = next(each for each in outgoing.of_case(tx, number) if each.kind in outgoing.OF_THE_CASE)
            outgoing.step(tx, row, sending)
            if sending is Sending.UNCERTAIN:
                cases.guarded_update(tx, cases.current(tx, number), {"state": "uncertain"})
        with pytest.raises(
            review.NotMovable, match=rf"A letter of C-2026-00000{number} is on its way, or may have been"
        ):
            review.merge(desk.parts, 2, "C-2026-000001", desk.reviewer())
        with pytest.raises(review.NotMovable, match="on its way"):
            review.split(desk.parts, number, number, desk.reviewer(), later=False)
        assert len(letters_of(desk, 1)) == len(letters_of(desk, 2)) == 1


def test_a_failed_or_taken_back_letter_hinders_nothing(tmp_path, release, migrated):
    with make_desk(tmp_path, release, migrated, undo_seconds=60) as desk:
        desk.ask()
        desk.ask(second())
        approve(desk, 2)
        review.undo(desk.parts, 2, desk.reviewer())
        merge(desk)
        desk.tick(minutes=5)
        assert [each for each in desk.submission.taken if b"Auto-Submitted" not in each.raw] == []


@pytest.mark.parametrize(
    ("number", "into", "sentence"),
    [
        (1, "C-2026-000001", "cannot be merged into itself"),
        (1, "C-2026-000009", "There is no case"),
        (1, "", "There is no case"),
    ],
)
def test_a_merger_that_makes_no_sense_is_refused_with_a_sentence(two, number, into, sentence):
    with pytest.raises(review.NotMovable, match=sentence):
        review.merge(two.parts, number, into, two.reviewer())


def test_a_case_is_merged_once_and_never_in_a_circle(two):
    merge(two)
    with pytest.raises(review.NotMovable, match="was merged into C-2026-000001 already"):
        merge(two)
    with pytest.raises(review.NotMovable, match="into itself"):
        review.merge(two.parts, 1, "C-2026-000002", two.reviewer())


def test_merging_into_a_merged_case_means_the_one_that_goes_on(two):
    merge(two)
    two.ask(make_letter("A third lesion.", subject="Third", message_id="<q3@clinic.example>"))
    assert merge(two, 3, "C-2026-000002").reference == "C-2026-000001"
    assert len(letters_of(two)) == 3


@pytest.mark.parametrize("held", [1, 2])
def test_a_case_that_another_has_in_review_is_not_touched(two, held):
    review.claim(two.parts, held, two.reviewer("sam"))
    with pytest.raises(review.NotMovable, match=f"Sam Reviewer has C-2026-00000{held} in review"):
        merge(two)


def test_of_two_mergers_at_once_the_second_gets_an_answer(two, monkeypatch):
    """What a worker or a colleague did in between makes the transaction fail as a whole."""
    seen = cases.current

    def stale(tx, case_id):
        found = seen(tx, case_id)
        if case_id == 2:
            monkeypatch.undo()
            cases.guarded_update(tx, found, {"lease": "another's"})
        return found

    monkeypatch.setattr(cases, "current", stale)
    with pytest.raises(LostRace):
        merge(two)
    assert len(letters_of(two, 2)) == 1


@pytest.fixture
def mixed(desk):
    """A desk with one answered case, whose asker then put a question that has nothing to do with it."""
    desk.ask()
    approve(desk)
    desk.work()
    answer = parse(desk.submission.taken[-1].raw)
    reply = follow_up(desk, CHEEK, subject=f"Re: {answer.subject}", message_id="<mixed@clinic.example>")
    desk.ask(
        b"In-Reply-To: "
        + answer.message_id.encode()
        + b"\r\nReferences: "
        + answer.message_id.encode()
        + b"\r\n"
        + reply
    )
    assert len(letters_of(desk)) == 2
    return desk


def split(desk, letter=2, *, later=False, number=1):
    new = review.split(desk.parts, number, letter, desk.reviewer(), later=later)
    desk.work()
    return new


def test_a_split_letter_gets_a_case_of_its_own_and_the_other_is_answered_as_it_was(mixed):
    new = split(mixed)
    assert (new.reference, new.split_from, new.asker) == ("C-2026-000002", 1, ASKER)
    assert "[" not in new.subject
    assert case(mixed, 2).state is State.AWAITING_REVIEW
    assert "cheek" in case(mixed, 2).question["text"]
    assert "chin" not in case(mixed, 2).question["text"]
    assert case(mixed).state is State.ANSWERED
    with mixed.parts.store.read() as tx:
        assert [each.action for each in audit.trail(tx, 1)][-1] == "split off"
        assert [each.action for each in audit.trail(tx, 2)] == ["split from"]
        assert [each.id for each in threads.split_off(tx, 1)] == [2]


def test_the_answer_of_a_split_case_names_its_own_case_alone(mixed):
    split(mixed)
    approve(mixed, 2)
    mixed.work()
    answer = parse(mixed.submission.taken[-1].raw)
    assert answer.in_reply_to == ("<mixed@clinic.example>",)
    named = [*answer.references, answer.subject]
    assert not any("C-2026-000001" in each for each in named)
    assert tag(mixed, "C-2026-000002") in answer.subject


def replying(desk, answer, **values):
    """A reply as mail programs write it: to the newest letter, with all the ids of the thread."""
    ids = "\r\n ".join((*dict.fromkeys((*values.pop("before", ()), *answer.references)), answer.message_id))
    reply = follow_up(desk, "Thank you, but why?", subject=f"Re: {answer.subject}", **values)
    return f"In-Reply-To: {answer.message_id}\r\nReferences: {ids}\r\n".encode() + reply


def test_replies_after_a_split_find_the_case_whose_letter_they_answer(mixed):
    first = parse(next(each.raw for each in mixed.submission.taken if b"Auto-Submitted" not in each.raw))
    split(mixed)
    approve(mixed, 2)
    mixed.work()
    own = parse(mixed.submission.taken[-1].raw)
    # A program that kept the ids of the whole thread names both cases.
    mixed.ask(replying(mixed, own, before=(first.message_id,), message_id="<r2@clinic.example>"))
    assert (len(letters_of(mixed, 1)), len(letters_of(mixed, 2))) == (1, 2)
    mixed.ask(replying(mixed, first, message_id="<r1@clinic.example>"))
    assert (len(letters_of(mixed, 1)), len(letters_of(mixed, 2))) == (2, 2)


def test_a_postscript_to_the_split_letter_follows_it(mixed):
    """It names only the first case by our ids, and answers a letter that has moved."""
    split(mixed)
    letter = follow_up(mixed, "PS: 0.3 cm.", message_id="<ps@clinic.example>")
    mixed.ask(b"In-Reply-To: <mixed@clinic.example>\r\n" + letter)
    assert [each.new_text for each in letters_of(mixed, 2)][-1] == "PS: 0.3 cm."


def test_a_stranger_who_answers_the_split_letter_is_let_into_neither_case(mixed):
    split(mixed)
    letter = follow_up(mixed, "I too.", sender="stranger@elsewhere.example", message_id="<s@elsewhere.example>")
    mixed.ask(b"In-Reply-To: <mixed@clinic.example>\r\n" + letter)
    assert (len(letters_of(mixed, 1)), len(letters_of(mixed, 2))) == (1, 1)


def test_the_message_id_of_a_letter_alone_joins_nothing(mixed):
    """It is no id of ours: without one the letter is a new question."""
    split(mixed)
    letter = make_letter("PS", subject="Another lesion", message_id="<ps@clinic.example>")
    mixed.ask(b"In-Reply-To: <mixed@clinic.example>\r\n" + letter)
    assert (len(letters_of(mixed, 2)), len(letters_of(mixed, 3))) == (1, 1)


def test_a_letter_and_all_later_ones_are_split_off_together(mixed):
    mixed.ask(follow_up(mixed, "And with 0.3 cm?", message_id="<4@clinic.example>"))
    split(mixed, later=True)
    assert (len(letters_of(mixed)), len(letters_of(mixed, 2))) == (1, 2)


def test_a_case_keeps_its_other_open_letters_and_is_drafted_anew(desk):
    desk.ask()
    desk.ask(follow_up(desk, CHEEK))
    before = len(drafts(desk, 1))
    split(desk)
    assert case(desk).state is case(desk, 2).state is State.AWAITING_REVIEW
    assert len(drafts(desk, 1)) == before + 1
    assert "cheek" not in case(desk).question["text"]


def test_a_case_that_waited_for_its_sender_waits_on(desk):
    desk.ask()
    approve(desk, kind="question")
    desk.work()
    desk.ask(follow_up(desk, CHEEK))
    before = len(desk.submission.taken)
    split(desk)
    assert case(desk).state is State.AWAITING_SENDER
    assert len(desk.submission.taken) == before


def test_what_is_closed_stays_closed(desk):
    desk.ask()
    desk.ask(follow_up(desk, CHEEK))
    review.claim(desk.parts, 1, desk.reviewer())
    review.close(desk.parts, 1, desk.reviewer(), note="Told by telephone.")
    split(desk)
    assert (case(desk).state, case(desk, 2).state) == (State.CLOSED, State.AWAITING_REVIEW)


def test_an_answered_letter_and_an_only_letter_are_not_split_off(mixed):
    for letter, later, sentence in (
        (1, False, "answered this one already"),
        (1, True, "no other letter"),
        (9, False, "not in"),
    ):
        with pytest.raises(review.NotMovable, match=sentence):
            split(mixed, letter, later=later)
    assert len(letters_of(mixed)) == 2


def test_a_split_letter_can_be_merged_back(mixed):
    split(mixed)
    merge(mixed, 2, "C-2026-000001")
    assert [each.id for each in letters_of(mixed)] == [1, 2]
    mixed.ask(
        follow_up(mixed, "A reply.", subject=f"Re: x {tag(mixed, 'C-2026-000002')}", message_id="<5@clinic.example>")
    )
    assert len(letters_of(mixed)) == 3


def test_a_letter_of_a_merged_case_is_sent_no_second_time(two):
    """Whatever rings, a letter that went out before stays sent."""
    approve(two, 2)
    two.work()
    before = len(two.submission.taken)
    merge(two)
    with two.parts.store.read() as tx:
        rows = [row.id for row in outgoing.of_case(tx, 2)]
    for number in rows:
        outbox.send(number, two.parts)
    two.tick(hours=3)
    assert len(two.submission.taken) == before
