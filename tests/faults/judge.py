"""The verdict over a run, from the sink's ledger and the letters that were sent; our own database only explains."""

import email
import email.policy
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage

from sqlalchemy import func, select

from consultant.mail.letter import Verdict
from consultant.records import outgoing
from consultant.records.store import Store
from consultant.records.tables import Case, Letter, Outbox, Review
from tests.faults.letters import PLANTED, Sent
from tests.faults.sink import FaultySink, delivery_id
from tests.faults.town import Town

TERMINAL_CASES = {"answered", "awaiting_sender", "held", "uncertain", "closed"}
UNDRAFTED_CASES = {"received", "classified", "researched"}
TERMINAL_LETTERS = {"sent", "failed", "uncertain", "void"}

UNREVIEWED = "cases with a draft"
NOT_FETCHED, WITHOUT_VERDICT, UNDRAFTED = "letters not fetched", "letters without a verdict", "cases without a draft"
TO_BE_DRAFTED = (NOT_FETCHED, WITHOUT_VERDICT, UNDRAFTED)
"""What `pending` tells of letters on their way to a draft."""


@dataclass
class Figures:
    """What the promises are measured by."""

    questions: int = 0
    lost: list[str] = field(default_factory=list)
    cases_doubled: list[str] = field(default_factory=list)
    without_approval: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    doubled_replies: list[str] = field(default_factory=list)
    uncertain: int = 0
    uncertain_with_a_copy: list[str] = field(default_factory=list)
    failed: int = 0
    answered: int = 0
    poison: int = 0
    poison_not_quarantined: list[str] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    not_terminal: list[str] = field(default_factory=list)
    longest_wait: float = 0.0
    """Seconds from the ledger to the verdict, poison apart."""

    @property
    def broken(self) -> dict[str, list[str]]:
        """The promises that were broken, with what broke them."""
        rows = {
            "lost": self.lost,
            "cases doubled": self.cases_doubled,
            "sent without an approval": self.without_approval,
            "differing from what was approved": self.differing,
            "replies doubled": self.doubled_replies,
            "uncertain though the Sent copy was there": self.uncertain_with_a_copy,
            "poison not quarantined": self.poison_not_quarantined,
            "planted identifiers found": self.planted,
            "not terminal": self.not_terminal,
        }
        return {name: found for name, found in rows.items() if found}


def pending(store: Store, sent: int) -> dict[str, int]:
    """Return how many of the letters that were sent, of their cases and of our own letters are still on their way."""
    under_way = {
        WITHOUT_VERDICT: select(func.count()).where(Letter.verdict.is_(None)),
        UNDRAFTED: select(func.count()).where(Case.state.in_(UNDRAFTED_CASES)),
        UNREVIEWED: select(func.count()).where(Case.state.not_in(TERMINAL_CASES | UNDRAFTED_CASES)),
        "letters of ours": select(func.count()).where(Outbox.state.not_in(TERMINAL_LETTERS)),
        "letters not searched for": select(func.count()).where(Outbox.state == "uncertain", Outbox.searches < 1),
    }
    with store.read() as tx:
        missing = sent - (tx.scalar(select(func.count()).select_from(Letter)) or 0)
        counts = {name: tx.scalar(query) or 0 for name, query in under_way.items()}
    return {NOT_FETCHED: max(0, missing), **counts}


def judge(sent: list[Sent], sink: FaultySink, store: Store, town: Town) -> Figures:
    """Compare what was put into the mailbox with what the sink took over."""
    figures = Figures()
    taken = [(each, email.message_from_bytes(each.raw, policy=email.policy.default)) for each in sink.ledger]
    with store.read() as tx:
        cases = {row.asker: row for row in tx.scalars(select(Case))}
        askers = Counter(tx.scalars(select(Case.asker)))
        rows = {row.delivery_id: row for row in tx.scalars(select(Outbox))}
        bound = {row.id: row.sha256 for row in tx.scalars(select(Review))}
        letters = tx.scalars(select(Letter)).all()
    for each, message in taken:
        row = rows.get(delivery_id(each.raw))
        if row is None or outgoing.binding(each.raw, each.recipients) != row.sha256:
            figures.differing.append(str(message["Message-ID"]))
        elif not _automatic(message) and (row.review_id is None or bound.get(row.review_id) != row.sha256):
            figures.without_approval.append(str(message["Message-ID"]))
    copies = Counter(delivery_id(each.raw) for each, _ in taken)
    figures.doubled_replies = [name for name, count in copies.items() if count > 1]
    answers = Counter(str(message["In-Reply-To"]) for _, message in taken if not _automatic(message))
    for letter in sent:
        _one(letter, figures, cases, askers, answers)
    _outbox(figures, rows.values(), copies, sink)
    _verdicts(figures, letters)
    quarantined = [row for row in letters if row.rule == "crashed-three-times"]
    figures.poison = sum(letter.kind == "poison" for letter in sent)
    figures.poison_not_quarantined = ["poison"] * (figures.poison - len(quarantined))
    assert all(row.verdict == str(Verdict.QUARANTINE) for row in quarantined)
    figures.planted = _planted(town)
    return figures


def _outbox(figures: Figures, rows: Iterable[Outbox], copies: Counter[str], sink: FaultySink) -> None:
    for row in rows:
        figures.uncertain += row.state == "uncertain"
        figures.failed += row.state == "failed"
        if row.state not in TERMINAL_LETTERS:
            figures.not_terminal.append(f"outbox {row.id} {row.state}")
        if row.state == "uncertain" and row.delivery_id in copies and row.delivery_id not in sink.withheld:
            figures.uncertain_with_a_copy.append(f"outbox {row.id}")


def _verdicts(figures: Figures, letters: Iterable[Letter]) -> None:
    for row in letters:
        if row.verdict is None:
            figures.not_terminal.append(f"letter {row.id}")
        elif row.screened_at and row.rule != "crashed-three-times":
            figures.longest_wait = max(figures.longest_wait, (row.screened_at - row.received_at).total_seconds())


def _one(letter: Sent, figures: Figures, cases: dict[str, Case], askers: Counter[str], answers: Counter[str]) -> None:
    if letter.kind != "question":
        return
    figures.questions += 1
    case = cases.get(letter.sender)
    replies = answers.get(f"<question-{letter.number}@clinic.example>", 0)
    if case is None:
        figures.lost.append(letter.sender)
        return
    if askers[letter.sender] > 1:
        figures.cases_doubled.append(letter.sender)
    if replies > 1:
        figures.doubled_replies.append(letter.sender)
    figures.answered += replies == 1
    if case.state not in TERMINAL_CASES:
        figures.not_terminal.append(f"{case.reference} {case.state}")
    elif replies == 0 and case.state in ("answered", "awaiting_sender"):
        figures.lost.append(f"the reply to {letter.sender}")


def _automatic(message: EmailMessage) -> bool:
    return message["Auto-Submitted"] is not None


def _planted(town: Town) -> list[str]:
    """Return each planted identifier that stands in the clear anywhere: log, broker, database, index, traceback."""
    folders = [town.folder, town.redis.folder, *([town.postgres.folder] if town.postgres else [])]
    wanted = [(planted, planted.encode()) for planted in PLANTED]
    found = []
    for path in (path for folder in folders for path in folder.rglob("*")):
        with suppress(OSError):
            content = path.read_bytes() if path.is_file() else b""
            found += [f"{planted} in {path.name}" for planted, raw in wanted if raw in content]
    return found
