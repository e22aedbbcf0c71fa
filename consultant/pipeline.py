"""From a letter to a draft: the steps in order, and `advance`, which does every step of a case that is due.

The steps are taken in one short transaction that leases the case, thought out as pure functions on values, and put in
one short transaction guarded by the state and the lease that were seen: to think again after a crash costs less than
to commit in between. Where a language model is configured, it is asked about a new draft between thinking and putting,
when no transaction is open.
"""

import secrets
from collections.abc import Callable, Sequence
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
from consultant.evidence.model import Evidence
from consultant.evidence.precedents import Earlier
from consultant.evidence.rule_index import index_of
from consultant.faults import fault
from consultant.lifecycle import Event, State
from consultant.mail.thread import bare_subject
from consultant.parts import Parts
from consultant.posting import Composed, compose_automatic, enqueue, may_have_automatic
from consultant.questions.model import Question
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
    question: Question | None = None
    """What was read of the letters; of a case that is taken up in the middle, as it was stored."""
    evidence: Evidence | None = None
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
    """What a step came to: changes to the case's row, and what later steps go on from."""

    changes: dict[str, Any]
    question: Question | None = None
    evidence: Evidence | None = None
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
    changes = {
        "question": QUESTION.dump_python(question, mode="json"),
        "topics": [str(found.topic) for found in question.topics],
        "specialty": question.specialty,
    }
    return Thought(changes, question=question)


def research(material: Material) -> Thought:
    """Ask the release, for the date of service or, without one, for the day on which the letter came."""
    question = _question(material)
    evidence = gather(question, material.release, today=material.today)
    evidence = precedents.beside(question, evidence, material.earlier, material.release)
    changes = {"evidence": EVIDENCE.dump_python(evidence, mode="json"), "release": evidence.release}
    return Thought(changes, evidence=evidence)


def write_draft(material: Material) -> Thought:
    """Turn the findings into the draft that a reviewer will see."""
    evidence = material.evidence or EVIDENCE.validate_python(material.case.evidence)
    written = draft(_question(material), evidence, material.masked)
    return Thought({"outcome": str(written.outcome), "confidence": written.confidence}, draft=written)


def _question(material: Material) -> Question:
    return material.question or QUESTION.validate_python(material.case.question)


STEPS = (
    Step(State.RECEIVED, Event.CLASSIFY, classify),
    Step(State.CLASSIFIED, Event.RESEARCH, research),
    Step(State.RESEARCHED, Event.DRAFT, write_draft),
)
_FROM = {step.state: STEPS[number:] for number, step in enumerate(STEPS)}
"""The steps that are due in each state."""


def warm(release: Release) -> None:
    """Derive from a release what every letter needs, so that processes forked from this one share it."""
    vocabulary_of(release)
    index_of(release)
    release.rest()


def advance(case_id: int, parts: Parts) -> None:
    """Do every step of one case that is still due. Safe to call at any time, from several workers at once."""
    lease = secrets.token_hex(16)
    with parts.store.begin() as tx:
        case = cases.take(tx, case_id, lease, parts.now())
        if case is None:
            return
        thread = cases.thread(tx, case_id, unanswered=True)
    step, *_ = steps = _FROM[case.state]
    if case.attempts > cases.CRASHES_ALLOWED:
        _hold(case, parts, f"The step “{step.event}” stopped its worker {cases.CRASHES_ALLOWED} times.")
        return
    material = Material(case, thread, parts.release(), parts.settings.desk.zone)
    thoughts = []
    try:
        for step in steps:
            material = _with_earlier(material, step, parts)
            thought = step.think(material)
            material = replace(
                material, question=thought.question or material.question, evidence=thought.evidence or material.evidence
            )
            thoughts.append(_worded(thought, material, parts))
    except Transient as error:
        _later(case, parts, str(error))
    except Permanent as error:
        _hold(case, parts, str(error))
    except Exception:
        log.exception("step failed", case=case.reference, step=str(step.event))
        if case.attempts >= cases.CRASHES_ALLOWED:
            _hold(case, parts, f"The step “{step.event}” failed {case.attempts} times; the log says why.")
        else:
            _later(case, parts, "failed")
    else:
        fault("after_thinking")
        _put(case, steps, thoughts, thread, parts)


def _with_earlier(material: Material, step: Step, parts: Parts) -> Material:
    """Take what the research thinks about besides the case that was leased for it."""
    if step.event is not Event.RESEARCH:
        return material
    found = precedents.candidates(parts, material.case.id, _question(material), material.release, material.today)
    return replace(material, earlier=found)


def _worded(thought: Thought, material: Material, parts: Parts) -> Thought:
    """Let the language model word a new draft; a case whose last try broke off, perhaps over it, goes on without."""
    if thought.draft is None or parts.model is None:
        return thought
    if material.case.attempts > 1:
        return replace(thought, draft=noted(thought.draft, NOT_ASKED_AGAIN))
    return replace(thought, draft=reworded(thought.draft, _question(material), material.release, parts.model))


def _put(
    case: CaseNow,
    steps: Sequence[Step],
    thoughts: Sequence[Thought],
    thread: tuple[ThreadLetter, ...],
    parts: Parts,
) -> None:
    written = thoughts[-1].draft
    assert written is not None, "the last of the steps writes the draft"
    kind = Kind.HAND_OVER if written.outcome is Outcome.HAND_OVER else Kind.ACKNOWLEDGEMENT
    notice = _notice(case, kind, parts)
    changes = {name: value for thought in thoughts for name, value in thought.changes.items()}
    now = parts.now()
    try:
        with parts.store.begin() as tx:
            events = [step.event for step in steps]
            cases.move_through(tx, case, events, now, attempts=0, next_try_at=now, **changes)
            cases.add_draft(
                tx,
                case.id,
                outcome=str(written.outcome),
                text=written.text,
                document=DRAFT.dump_python(written, mode="json"),
                letter_id=thread[-1].id if thread else 0,
                now=now,
            )
            queued = _enqueue_notice(tx, case, kind, notice, parts)
    except LostRace:
        return
    fault("after_step")
    log.info("case advanced", case=case.reference, steps=len(steps))
    if queued is not None:
        parts.nudge.send(queued)


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


def _later(case: CaseNow, parts: Parts, why: str) -> None:
    """Give the case back for a later try."""
    wait = RETRY[min(case.attempts, len(RETRY)) - 1]
    log.warning("step put off", case=case.reference, attempts=case.attempts, why=why)
    now = parts.now()
    try:
        with parts.store.begin() as tx:
            cases.guarded_update(tx, case, {"lease": None, "lease_until": None, "next_try_at": now + wait})
    except LostRace:
        pass


def _hold(case: CaseNow, parts: Parts, reason: str) -> None:
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
        return
    if written is not None:
        parts.nudge.send(written)
