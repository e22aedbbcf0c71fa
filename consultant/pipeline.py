"""From a letter to a draft: the steps in order, and `advance`, which does every step of a case that is due.

Each step is taken in a short transaction that leases the case, thought out as a pure function on values, and put in
a short transaction guarded by the state and the lease that were seen. Where a language model is configured, it is
asked about a new draft between thinking and putting, when no transaction is open.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import structlog

from consultant import precedents
from consultant.drafting.model import Draft, Outcome
from consultant.drafting.rewriting import NOT_ASKED_AGAIN, noted
from consultant.drafting.stored import DRAFT, EVIDENCE, QUESTION
from consultant.drafting.write import draft
from consultant.errors import Permanent, Transient
from consultant.evidence.gather import gather
from consultant.evidence.precedents import Earlier
from consultant.faults import fault
from consultant.lifecycle import Event, State
from consultant.mail.thread import bare_subject
from consultant.parts import Parts
from consultant.posting import Composed, compose_automatic, enqueue, may_have_automatic
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from consultant.records import cases
from consultant.records.cases import CaseNow, ThreadLetter
from consultant.records.outgoing import Kind
from consultant.records.store import LostRace, Tx
from consultant.rewording import reworded
from knowledge.release import Release

log = structlog.get_logger(__name__)

RETRY = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Material:
    """What a step thinks about: the case, the letters that are not answered yet, and the release."""

    case: CaseNow
    thread: tuple[ThreadLetter, ...]
    release: Release
    zone: Any
    earlier: tuple[Earlier, ...] = ()
    """Answers to questions that may be like this one; read for the research alone."""

    @property
    def today(self) -> date:
        """The day on which the last letter came: it stands in for a date of service that none of them gives."""
        moment = self.thread[-1].received_at if self.thread else self.case.opened_at
        return moment.astimezone(self.zone).date()

    @property
    def text(self) -> str:
        """The masked question: the subject of the first letter and what each letter adds."""
        subject = self.thread[0].subject if self.thread else ""
        if self.case.split_from is not None and bare_subject(subject) != subject:
            # The subject of a reply is that of the thread which the letter was taken out of.
            subject = ""
        parts = [subject, *(letter.new_text for letter in self.thread)]
        return SEPARATOR.join(part for part in parts if part.strip())

    @property
    def masked(self) -> tuple[str, ...]:
        """The placeholders that stand in those letters."""
        return tuple(dict.fromkeys(name for letter in self.thread for name in letter.masked))


@dataclass(frozen=True, slots=True)
class Thought:
    """What a step came to: changes to the case's row, and a draft where there is one."""

    changes: dict[str, Any]
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: from which state, by which event, and the thinking between."""

    state: State
    event: Event
    think: Callable[[Material], Thought]


def classify(material: Material) -> Thought:
    """Read what is asked: topics, specialty, codes and facts, with the places that they come from."""
    question = read(material.text, today=material.today, vocabulary=vocabulary_of(material.release))
    return Thought(
        {
            "question": QUESTION.dump_python(question, mode="json"),
            "topics": [str(found.topic) for found in question.topics],
            "specialty": question.specialty,
        }
    )


def research(material: Material) -> Thought:
    """Ask the release, for the date of service or, without one, for the day on which the letter came."""
    question = QUESTION.validate_python(material.case.question)
    evidence = gather(question, material.release, today=material.today)
    evidence = precedents.beside(question, evidence, material.earlier, material.release)
    return Thought({"evidence": EVIDENCE.dump_python(evidence, mode="json"), "release": evidence.release})


def write_draft(material: Material) -> Thought:
    """Turn the findings into the draft that a reviewer will see."""
    question = QUESTION.validate_python(material.case.question)
    evidence = EVIDENCE.validate_python(material.case.evidence)
    written = draft(question, evidence, material.masked)
    return Thought({"outcome": str(written.outcome), "confidence": written.confidence}, written)


STEPS = (
    Step(State.RECEIVED, Event.CLASSIFY, classify),
    Step(State.CLASSIFIED, Event.RESEARCH, research),
    Step(State.RESEARCHED, Event.DRAFT, write_draft),
)
_BY_STATE = {step.state: step for step in STEPS}


def advance(case_id: int, parts: Parts) -> None:
    """Do every step of one case that is still due. Safe to call at any time, from several workers at once."""
    while one_step(case_id, parts):
        pass


def one_step(case_id: int, parts: Parts) -> bool:
    """Take, think and put one step; True when another may follow."""
    lease = secrets.token_hex(16)
    with parts.store.begin() as tx:
        case = cases.take(tx, case_id, lease, parts.now())
        if case is None:
            return False
        thread = cases.thread(tx, case_id, unanswered=True)
    step = _BY_STATE[case.state]
    if case.attempts > cases.CRASHES_ALLOWED:
        return _hold(case, parts, f"The step “{step.event}” stopped its worker {cases.CRASHES_ALLOWED} times.")
    try:
        material = _material(case, thread, step, parts)
        thought = _worded(step.think(material), material, parts)
    except Transient as error:
        return _later(case, parts, str(error))
    except Permanent as error:
        return _hold(case, parts, str(error))
    except Exception:
        log.exception("step failed", case=case.reference, step=str(step.event))
        if case.attempts >= cases.CRASHES_ALLOWED:
            return _hold(case, parts, f"The step “{step.event}” failed {case.attempts} times; the log says why.")
        return _later(case, parts, "failed")
    fault("after_thinking")
    return _put(case, step, thought, thread, parts)


def _material(case: CaseNow, thread: tuple[ThreadLetter, ...], step: Step, parts: Parts) -> Material:
    """Take what a step thinks about besides the case that was leased for it."""
    material = Material(case, thread, parts.release(), parts.settings.desk.zone)
    if step.event is not Event.RESEARCH:
        return material
    return replace(material, earlier=precedents.candidates(parts, case, material.release, material.today))


def _worded(thought: Thought, material: Material, parts: Parts) -> Thought:
    """Let the language model word a new draft; a case whose last try broke off, perhaps over it, goes on without."""
    if thought.draft is None or parts.model is None:
        return thought
    if material.case.attempts > 1:
        return replace(thought, draft=noted(thought.draft, NOT_ASKED_AGAIN))
    question = QUESTION.validate_python(material.case.question)
    return replace(thought, draft=reworded(thought.draft, question, material.release, parts.model))


def _put(case: CaseNow, step: Step, thought: Thought, thread: tuple[ThreadLetter, ...], parts: Parts) -> bool:
    handed_over = thought.draft is not None and thought.draft.outcome is Outcome.HAND_OVER
    kind = Kind.HAND_OVER if handed_over else Kind.ACKNOWLEDGEMENT
    notice = _notice(case, kind, parts) if thought.draft is not None else None
    now = parts.now()
    written = None
    try:
        with parts.store.begin() as tx:
            cases.move(tx, case, step.event, now, attempts=0, next_try_at=now, **thought.changes)
            if thought.draft is not None:
                cases.add_draft(
                    tx,
                    case.id,
                    outcome=str(thought.draft.outcome),
                    text=thought.draft.text,
                    document=DRAFT.dump_python(thought.draft, mode="json"),
                    letter_id=thread[-1].id if thread else 0,
                    now=now,
                )
            written = _enqueue_notice(tx, case, kind, notice, parts)
    except LostRace:
        return False
    fault("after_step")
    log.info("case advanced", case=case.reference, step=str(step.event))
    if written is not None:
        parts.nudge.send(written)
    return thought.draft is None


def _notice(case: CaseNow, kind: Kind, parts: Parts) -> Composed | None:
    """Compose the one automatic letter that a new case may cause, before any transaction."""
    try:
        return compose_automatic(parts, case, kind)
    except Permanent as error:
        # A letter of courtesy that cannot be composed must not keep the case from its reviewer.
        log.warning("no automatic letter", case=case.reference, why=str(error))
        return None


def _enqueue_notice(tx: Tx, case: CaseNow, kind: Kind, notice: Composed | None, parts: Parts) -> int | None:
    # Between composing and writing, another case of the same sender may have had the day's letter.
    if notice is None or not may_have_automatic(tx, case, parts.now()):
        return None
    return enqueue(tx, parts, notice, kind, case, None, parts.now())


def _later(case: CaseNow, parts: Parts, why: str) -> bool:
    """Give the case back for a later try."""
    wait = RETRY[min(case.attempts, len(RETRY)) - 1]
    log.warning("step put off", case=case.reference, attempts=case.attempts, why=why)
    now = parts.now()
    try:
        with parts.store.begin() as tx:
            cases.guarded_update(tx, case, {"lease": None, "lease_until": None, "next_try_at": now + wait})
    except LostRace:
        pass
    return False


def _hold(case: CaseNow, parts: Parts, reason: str) -> bool:
    """Hand the case to a person, with the reason in words; the asker is told that a person takes it up."""
    log.error("case held", case=case.reference)
    notice = _notice(case, Kind.HAND_OVER, parts)
    now = parts.now()
    written = None
    try:
        with parts.store.begin() as tx:
            cases.move(tx, case, Event.FAIL, now, hold_reason=reason, attempts=0)
            written = _enqueue_notice(tx, case, Kind.HAND_OVER, notice, parts)
    except LostRace:
        return False
    if written is not None:
        parts.nudge.send(written)
    return False
