"""Whatever a server and its network do, and wherever a worker dies: a letter is sent once, or honestly uncertain."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consultant import outbox, review, sweep
from consultant.errors import ConsultantError
from consultant.mail.compose import compose
from consultant.mail.letter import Address, Outbound
from consultant.mail.ports import Reply
from consultant.privacy.vault import context_from_digest
from consultant.records import cases, outgoing, suppressed
from consultant.records.outgoing import Kind, NewLetter, Sending
from consultant.records.store import LostRace
from tests.builders import ASKER, DESK, NOW, Desk, make_desk
from tests.dying import OK, Killed, Server

PAIR = ("one@clinic.example", "two@practice.example")
UNDO = 60
ANSWER, LETTER_TO_TWO = 2, 3
LATER, NEVER = Reply(451, "later"), Reply(554, "no")

# What one try meets: at which phase it ends, and how. "crash" kills the worker there.
TRIES = st.sampled_from(
    [
        ("open", "lost"),
        ("open", "refused"),
        ("open", "crash"),
        ("content", "lost"),
        ("content", "crash"),
        ("dot", OK),
        ("dot", OK),
        ("dot", LATER),
        ("dot", LATER),
        ("dot", NEVER),
        ("dot", "silence"),
        ("dot", "silence, taken"),
        ("dot", "crash"),
        ("dot", "crash, taken"),
        ("reply", "crash"),
    ]
)


PAUSES = st.sampled_from([0, 5, 61, 901, 20_000])
REFUSALS = st.sampled_from([{}, {PAIR[1]: NEVER}, {PAIR[1]: LATER}])
GONE = st.sampled_from([None, None, None, PAIR[0], ASKER])


class Sender(RuleBasedStateMachine):
    """Two letters of one desk: an approved answer to one asker, and a notice to two mailboxes."""

    make: Any
    """Opens a fresh desk with both letters waiting; set by the test."""

    @initialize()
    def open_the_desk(self) -> None:
        self.stack = ExitStack()
        self.desk, self.server = self.stack.enter_context(self.make())
        self.parts = self.desk.parts
        with self.parts.store.read() as tx:
            letters = {number: outgoing.current(tx, number) for number in (ANSWER, LETTER_TO_TWO)}
        self.bytes = {
            number: self.parts.vault.open(row.sealed, context_from_digest("outbox", row.sha256))
            for number, row in letters.items()
        }
        self.open_dot = dict.fromkeys(letters, False)
        self.settled = dict.fromkeys(letters, False)
        self.allowed = dict.fromkeys(letters, 1)
        self.refused: dict[int, set[str]] = {number: set() for number in letters}
        self.put_off: dict[int, set[str]] = {number: set() for number in letters}
        self.dies_at_the_reply = False

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def now(self, number: int) -> outgoing.OutboxNow:
        with self.parts.store.read() as tx:
            return outgoing.current(tx, number)

    def states(self, number: int) -> dict[str, str]:
        with self.parts.store.read() as tx:
            return {mailbox: state for mailbox, state, _ in outgoing.recipients_of(tx, number)}

    def takes(self, number: int) -> list[frozenset[str]]:
        return [mailboxes for raw, mailboxes in self.server.taken if raw == self.bytes[number]]

    @rule(
        number=st.sampled_from([ANSWER, LETTER_TO_TWO]),
        tries=st.lists(st.tuples(PAUSES, TRIES, REFUSALS, GONE), min_size=1, max_size=4),
    )
    def send_some_times(self, number: int, tries: list[tuple[int, tuple[str, Any], Mapping[str, Reply], Any]]) -> None:
        for pause, met, refuses, gone in tries:
            self.desk.clock.advance(seconds=pause)
            with self.parts.store.begin() as tx:
                for mailbox in (*PAIR, ASKER):
                    suppressed.lift(tx, mailbox)
                if gone is not None:
                    suppressed.add(tx, gone, "5.1.1 no such user", self.parts.now())
            self.send(number, met, refuses)

    def send(self, number: int, met: tuple[str, Any], refuses: Mapping[str, Reply]) -> None:
        """Let a worker at one letter."""
        before, time = self.now(number), self.parts.now()
        dots, taken = self.server.dots, len(self.server.taken)
        self.server.phase, self.server.how = met
        self.server.refuses = refuses
        with self.parts.store.read() as tx:
            gone = suppressed.among(tx, (*before.recipients, *self.states(number)))
        with suppress(Killed):
            outbox.send(number, self.dying() if met[0] == "reply" else self.parts)
        after = self.now(number)
        if self.server.dots == dots:
            self.seen_dead(number, before, after)
            return
        # A dot was sent: it had to be due, wanted and allowed.
        assert before.state in {Sending.QUEUED, Sending.SENDING}
        assert before.next_try_at <= time
        assert not {row.mailbox for row in gone} & set(before.recipients)
        put_off = {mailbox for mailbox, answer in self.server.refused.items() if answer == LATER}
        self.put_off[number] = put_off
        self.refused[number] |= {mailbox for mailbox, answer in self.server.refused.items() if answer == NEVER}
        numeric = isinstance(met[1], Reply)
        self.open_dot[number] = not numeric
        expected = {OK: Sending.QUEUED if put_off else Sending.SENT, NEVER: Sending.FAILED}.get(met[1])
        if numeric and expected is not None:
            assert after.state is expected
            self.settled[number] = expected is not Sending.QUEUED
        elif numeric:
            assert after.state in {Sending.QUEUED, Sending.FAILED}
        elif met[1] in ("silence", "silence, taken"):
            assert after.state is Sending.UNCERTAIN
        else:
            assert after.state is Sending.AT_DOT
        assert len(self.server.taken) <= taken + 1

    def dying(self) -> Any:
        """Return parts with which the worker dies between the server's reply and its own next write."""

        def clock() -> Any:
            if self.server.taken and self.now_is_after_the_dot():
                raise Killed
            return self.desk.clock()

        return replace(self.parts, now=clock)

    def now_is_after_the_dot(self) -> bool:
        with self.parts.store.read() as tx:
            return any(
                row.state is Sending.AT_DOT and row.lease_until is not None and row.lease_until > self.desk.clock()
                for row in (outgoing.current(tx, number) for number in (ANSWER, LETTER_TO_TWO))
            )

    def seen_dead(self, number: int, before: outgoing.OutboxNow, after: outgoing.OutboxNow) -> None:
        """Without a dot a letter changes its state only by what is certain."""
        if before.state is Sending.AT_DOT:
            assert after.state in {Sending.AT_DOT, Sending.UNCERTAIN}
        elif before.state is Sending.UNCERTAIN and after.state is not Sending.UNCERTAIN:
            assert self.filed(number)
            assert after.state is self.once_known_to_be_sent(number)
            self.open_dot[number], self.settled[number] = False, after.state is Sending.SENT
        elif after.state is Sending.UNCERTAIN:
            assert before.state is Sending.UNCERTAIN

    def once_known_to_be_sent(self, number: int) -> Sending:
        """Whom the server put off is left over when the others are known to be served."""
        return Sending.QUEUED if self.put_off[number] else Sending.SENT

    def filed(self, number: int) -> bool:
        folder = self.desk.account.folders.get("Sent")
        return folder is not None and any(letter.raw == self.bytes[number] for letter in folder.letters.values())

    @rule()
    def sweep(self) -> None:
        """The sweeper nudges, and nudging alone sends nothing."""
        dots = self.server.dots
        sweep.tick(self.parts)
        assert self.server.dots == dots

    @rule(number=st.sampled_from([ANSWER, LETTER_TO_TWO]))
    def file_the_copy(self, number: int) -> None:
        """The server files a letter that it took in the Sent folder."""
        if self.takes(number):
            if "Sent" not in self.desk.account.folders:
                self.desk.account.create("Sent")
            self.desk.account.deliver(self.bytes[number], "Sent")

    @rule(number=st.sampled_from([ANSWER, LETTER_TO_TWO]), again=st.booleans())
    def a_person_decides(self, number: int, again: bool) -> None:
        before = self.now(number)
        decide = outbox.send_again if again else outbox.confirm_sent
        if before.state is not Sending.UNCERTAIN:
            with pytest.raises(LostRace):
                decide(self.parts, number, self.desk.reviewer())
            return
        decide(self.parts, number, self.desk.reviewer())
        self.open_dot[number] = False
        self.allowed[number] += again
        expected = Sending.QUEUED if again else self.once_known_to_be_sent(number)
        self.settled[number] = expected is Sending.SENT
        assert self.now(number).state is expected

    @precondition(lambda self: not self.settled[ANSWER])
    @rule()
    def undo(self) -> None:
        """An approval is taken back as long as no worker is at its letter, and never after."""
        before = self.now(ANSWER)
        try:
            review.undo(self.parts, 1, self.desk.reviewer())
        except ConsultantError:
            assert before.state is not Sending.QUEUED or self.case_is_not_approved()
            assert self.now(ANSWER) == before
            return
        assert before.state is Sending.QUEUED
        assert self.now(ANSWER).state is Sending.VOID
        self.settled[ANSWER] = True

    def case_is_not_approved(self) -> bool:
        with self.parts.store.read() as tx:
            return str(cases.current(tx, 1).state) != "approved"

    @invariant()
    def it_is_sent_once_or_honestly_uncertain(self) -> None:
        """Taken once, and again only where a person said so; uncertain exactly without a reply; each recipient told."""
        if not hasattr(self, "desk"):
            return
        assert all(raw in self.bytes.values() for raw, _ in self.server.taken)
        with self.parts.store.read() as tx:
            rows = {number: outgoing.current(tx, number) for number in self.bytes}
            states = {number: outgoing.recipients_of(tx, number) for number in self.bytes}
        for number, row in rows.items():
            takes = self.takes(number)
            taken = max((sum(mailbox in each for each in takes) for mailbox in row.everyone), default=0)
            assert taken <= self.allowed[number]
            if self.settled[number]:
                self.allowed[number] = taken
            assert (row.state in {Sending.AT_DOT, Sending.UNCERTAIN}) == self.open_dot[number]
            sent = {mailbox for mailbox, state, _ in states[number] if state == "sent"}
            refused = {mailbox for mailbox, state, _ in states[number] if state == "refused"}
            assert refused == self.refused[number]
            if row.state is Sending.SENT:
                assert sent == {mailbox for mailbox, _, _ in states[number]} - self.refused[number]
            else:
                assert bool(sent) == row.begun


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, release, migrated) -> Path:
    """The store of a desk whose answer waits to be taken back, beside a letter to two."""
    folder = tmp_path_factory.mktemp("prepared")
    with make_desk(folder, release, migrated, undo_seconds=UNDO) as desk:
        desk.ask()
        person = desk.reviewer()
        review.claim(desk.parts, 1, person)
        with desk.parts.store.read() as tx:
            draft = cases.last_draft(tx, 1)
        review.approve(
            desk.parts, 1, person, text=draft.text, kind="answer", seen_draft=draft.number, override="as discussed"
        )
        enqueue_to_two(desk)
    return folder / "consultant.sqlite"


def enqueue_to_two(desk: Desk) -> None:
    letter = Outbound(
        sender=Address("Desk", DESK),
        to=tuple(Address("", mailbox) for mailbox in PAIR),
        subject="Notice",
        text="A",
        html="<p>A</p>",
        message_id="<two@desk.example>",
        delivery_id="two",
        date=NOW,
    )
    raw = compose(letter)
    sha256 = outgoing.binding(raw, PAIR)
    sealed = desk.parts.vault.seal(raw, context_from_digest("outbox", sha256))
    new = NewLetter(Kind.HAND_OVER, "main", None, None, "<two@desk.example>", "two", DESK, PAIR, sealed, sha256)
    with desk.parts.store.begin() as tx:
        assert outgoing.enqueue(tx, new, NOW) == LETTER_TO_TWO


def test_a_letter_is_sent_once_or_is_honestly_uncertain(prepared, release, tmp_path):
    places = iter(range(10_000))

    @contextmanager
    def make() -> Iterator[tuple[Desk, Server]]:
        folder = tmp_path / str(next(places))
        folder.mkdir()
        server = Server()

        @contextmanager
        def lend(_: object) -> Iterator[Server]:
            yield server

        with make_desk(folder, release, prepared, undo_seconds=UNDO) as desk:
            desk.reviewers["riley"] = _riley(desk)
            desk.parts = replace(desk.parts, submission=lend)
            yield desk, server
        shutil.rmtree(folder)

    class Fresh(Sender):
        pass

    Fresh.make = staticmethod(make)
    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=40,
            stateful_step_count=12,
            deadline=None,
            # Each step works on a file, so a shrunk example would come after minutes.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )


def _riley(desk: Desk) -> Any:
    from consultant.records import people

    with desk.parts.store.read() as tx:
        return people.by_login(tx, "riley")
