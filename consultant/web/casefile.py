"""Everything that the page of one case shows, read in one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.exceptions import HTTPException

from consultant import review
from consultant.drafting.checks import Check
from consultant.drafting.model import Outcome
from consultant.errors import ConsultantError, Transient
from consultant.lifecycle import REARRANGEABLE, Event, State, allows
from consultant.parts import Parts
from consultant.questions.model import Question
from consultant.records import audit, cases, people, threads, views
from consultant.records import precedents as earlier
from consultant.records.audit import AuditEntry
from consultant.records.cases import CaseNow, DraftRow
from consultant.records.outgoing import OF_THE_CASE, Sending
from consultant.records.people import Person
from consultant.records.store import Tx
from consultant.records.views import LetterRow, ReviewRow
from consultant.web import precedents, sources, thread
from consultant.web.history import Version, versions
from consultant.web.thread import Inbound, Ours
from consultant.web.wording import Wording, wording_of
from knowledge.release import Release, ReleaseDamaged, ReleaseMissing

VIEW_ROW_EVERY = timedelta(minutes=15)
"""A reviewer who looks at the same case again within this time leaves no second audit row."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The cases that letters of this one went to or came from, and the letters that may belong to it."""

    merged_into: CaseNow | None
    merged: tuple[CaseNow, ...]
    split_from: CaseNow | None
    split_off: tuple[CaseNow, ...]
    quarantined: tuple[LetterRow, ...]
    """Letters in quarantine that follow this case up."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case with all that belongs to it."""

    case: CaseNow
    holder: Person | None
    """Who has the case in review."""
    mine: bool
    draft: DraftRow | None
    versions: tuple[Version, ...]
    wording: Wording | None
    """What a language model did to the newest version that no person wrote."""
    question: Question | None
    shown: sources.Shown | None
    precedents: precedents.ShownPrecedents | None
    thread: tuple[Inbound | Ours, ...]
    reviews: tuple[ReviewRow, ...]
    trail: tuple[AuditEntry, ...]
    kin: Kin

    @property
    def state(self) -> State:
        """Where the case stands."""
        return self.case.state

    @property
    def editable(self) -> bool:
        """Whether this reviewer may change the draft now."""
        return self.mine and self.state is State.IN_REVIEW

    @property
    def latest(self) -> str:
        """The text of the newest draft."""
        return self.draft.text if self.draft else ""

    @property
    def outcome(self) -> str:
        """The outcome of the newest draft; an answer where there is none yet."""
        return self.draft.outcome if self.draft else str(Outcome.ANSWER)

    @property
    def uncertain(self) -> tuple[Ours, ...]:
        """Our letters of which nobody knows whether they were sent."""
        return tuple(entry for entry in self.thread if isinstance(entry, Ours) and entry.row.state is Sending.UNCERTAIN)

    @property
    def waiting(self) -> Ours | None:
        """The approved letter that has not begun to go out."""
        kinds = (entry for entry in self.thread if isinstance(entry, Ours) and entry.row.kind in OF_THE_CASE)
        return next((entry for entry in kinds if entry.row.state is Sending.QUEUED), None)

    @property
    def movable(self) -> bool:
        """Whether letters may be moved out of the case or into it, as far as its state says."""
        free = self.state is not State.IN_REVIEW or self.mine
        return self.state in REARRANGEABLE and free and self.case.merged_into is None

    @property
    def splittable(self) -> frozenset[int]:
        """The letters that may be split off: nothing of ours has answered them, and another one stays."""
        letters = [entry.letter for entry in self.thread if isinstance(entry, Inbound)]
        fresh = frozenset(letter.id for letter in letters if letter.replied is None)
        return fresh if self.movable and len(letters) > 1 else frozenset()

    def may(self, event: str) -> bool:
        """Tell whether the law has this event for the state that the case is in."""
        return allows(self.state, Event(event))


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of the checks on a text, or the sentence that says why they could not be run."""

    checks: tuple[Check, ...] = ()
    sentence: str = ""

    @property
    def failed(self) -> int:
        """How many checks failed."""
        return sum(not check.passed for check in self.checks)


def kind_of(outcome: str) -> str:
    """Return which letter an outcome becomes; whoever takes a handed-over case writes the answer himself."""
    return "question" if outcome == Outcome.ASK_BACK else "answer"


def find(parts: Parts, reference: str) -> CaseNow:
    """Return the case, or answer 404."""
    with parts.store.read() as tx:
        case = cases.by_reference(tx, reference)
    if case is None:
        raise HTTPException(404, f"There is no case {reference[:40]}.")
    return case


def load(parts: Parts, reference: str, person: Person) -> CaseFile:
    """Return the whole file of a case, or answer 404."""
    release = _release(parts)
    with parts.store.read() as tx:
        case = cases.by_reference(tx, reference)
        if case is None:
            raise HTTPException(404, f"There is no case {reference[:40]}.")
        rows = cases.drafts(tx, case.id)
        question = sources.question_of(case.question)
        evidence = sources.shown(case.evidence)
        taken_in = rows[-1].letter_id if rows else 0
        holder = people.by_id(tx, case.reviewer_id) if case.reviewer_id else None
        return CaseFile(
            case=case,
            holder=holder if case.state is State.IN_REVIEW else None,
            mine=case.reviewer_id == person.id,
            draft=rows[-1] if rows else None,
            versions=versions(rows, {one.id: one.name for one in people.everyone(tx)}),
            wording=wording_of(rows),
            question=question,
            shown=evidence,
            precedents=_precedents(tx, evidence, rows, release),
            thread=thread.correspondence(tx, case.id, parts.vault, question, taken_in, unread=case.unread),
            reviews=views.reviews(tx, case.id),
            trail=audit.trail(tx, case.id),
            kin=_kin(tx, case),
        )


def _kin(tx: Tx, case: CaseNow) -> Kin:
    return Kin(
        merged_into=threads.survivor(tx, case) if case.merged_into else None,
        merged=threads.merged(tx, case.id),
        split_from=cases.current(tx, case.split_from) if case.split_from else None,
        split_off=threads.split_off(tx, case.id),
        quarantined=views.letters_about(tx, case.id),
    )


def _precedents(
    tx: Tx, shown: sources.Shown | None, rows: tuple[DraftRow, ...], release: Release | None
) -> precedents.ShownPrecedents | None:
    if shown is None:
        return None
    standing = earlier.rows(tx, [row.review_id for row in shown.evidence.precedents])
    return precedents.shown(shown.evidence, standing, rows[-1].text if rows else "", release)


def _release(parts: Parts) -> Release | None:
    """Return the release in use; None where there is none, which the checks say in words."""
    try:
        return parts.release()
    except (ConsultantError, ReleaseMissing, ReleaseDamaged):
        return None


def note_view(parts: Parts, file: CaseFile, person: Person) -> None:
    """Write into the audit trail that a reviewer looked at a case, at most once in a quarter of an hour."""
    now = parts.now()
    recent = (entry for entry in reversed(file.trail) if entry.at > now - VIEW_ROW_EVERY)
    if any(entry.action == "view" and entry.actor == person.login for entry in recent):
        return
    with parts.store.begin() as tx:
        audit.append(tx, AuditEntry(at=now, actor=person.login, action="view", case_id=file.case.id, detail=""))


def checked(parts: Parts, case_id: int, text: str) -> Checked:
    """Run the checks on a text as approval would; what keeps them from running becomes a sentence."""
    try:
        return Checked(review.checks(parts, case_id, text=text))
    except Transient:
        raise
    except (ConsultantError, ReleaseMissing, ReleaseDamaged) as error:
        return Checked(sentence=str(error))
