"""A desk to look at: a case store on disk with invented letters, cases and reviewers, and a clock that stands still.

The store, the vault, the review and the templates are the real ones. The knowledge release is played by a stand-in
that knows the codes of the stories, because what is under test are the pages and not the codes.
"""

import hashlib
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pwdlib.hashers.argon2 import Argon2Hasher

from consultant.drafting.model import Claim, Draft, Outcome, Section
from consultant.drafting.outline import source_text
from consultant.drafting.stored import DRAFT, EVIDENCE, QUESTION
from consultant.evidence.model import Evidence, Finding, FindingKind, Line, Missing, Rejected
from consultant.lifecycle import Event
from consultant.mail.letter import Screening, Verdict
from consultant.parts import Parts
from consultant.privacy.vault import Vault, context_from_digest, context_of
from consultant.questions.model import CodeMention, Fact, Question, Span, Subject, Topic, TopicFound
from consultant.records import cases, health, ledger, outgoing, people
from consultant.records.ledger import Arrival, Read, SealedAttachment
from consultant.records.people import Person
from consultant.records.store import Store
from consultant.settings import Local, Settings, Web
from knowledge.model import Citation
from knowledge.official_model import SourceEdition
from tests.builders import Bell

NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
PASSWORD = "an-invented-password"
# Made with the least work, so that a hundred logins take no time; what the desk itself hashes takes the full.
HASH = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
RELEASE = "2026.3+sha256:0f3c9d1a"

POLICY = Citation("NCCI Policy Manual", "Chapter III, section B", "2026", date(2026, 1, 1))
FEES = Citation("PPRRVU2026_JAN", "row 11441", "2026 January", date(2026, 1, 1))
TABLE = Citation("Excision of benign lesions, decision table", "face, 0.6 to 1.0 cm", "2026.3", date(2026, 1, 1))
ICD = Citation("ICD-10-CM tabular list", "D22.39", "FY 2026", date(2025, 10, 1), verified=False)

CHIN = """Hello,

we excised a lesion on the chin, 0.4 cm with margins of 0.2 cm all around, benign nevus on pathology. The wound was
closed with a simple repair of 1.1 cm.

Which code do we report, and may we bill the repair 12011 as well?

Thank you
PERSON_1"""

ANSWER = f"""Report CPT 11441, one unit, for the excision. The simple repair is not reported separately. [1][3]

Claim lines
- CPT 11441, 1 unit, diagnosis D22.39 [1][2]

Why
The excised diameter is the lesion plus twice the narrowest margin: 0.4 cm + 2 x 0.2 cm = 0.8 cm.
On the face, 0.6 to 1.0 cm is 11441. [1]

Edits checked
A simple closure is included in the excision, so 12011 is not reported for the same wound. [3]

Sources
[1] {source_text(TABLE)}
[2] {source_text(FEES)}
[3] {source_text(POLICY)}
"""


class KnownCodes:
    """Plays the knowledge release for the checks: knows the codes of the stories, and the release's name."""

    version = RELEASE
    codes = frozenset({"11440", "11441", "12011", "D22.39"})

    def systems_of(self, code: str, _on: date) -> tuple[str, ...]:
        return ("CPT",) if code in self.codes else ()

    def rules(self, **_wanted: str) -> tuple[str, ...]:
        return ()

    def page(self, _code: str) -> None:
        return None

    def pages(self) -> tuple[str, ...]:
        return ()

    def addon(self, _code: str, _on: date, *, nearest: bool = False) -> tuple[str, ...]:
        return ()

    def choosers(self) -> tuple[str, ...]:
        return ()

    def families(self) -> tuple[str, ...]:
        return ()

    def sources(self) -> tuple[SourceEdition, ...]:
        return (SourceEdition("fee", "PPRRVU2026_JAN", date(2026, 1, 1), None, 18_000, "ab" * 32, "invented"),)


def no_wire(*_given: Any) -> Any:
    """Refuse to open a connection: no page may."""
    raise AssertionError("a page tried to open a connection")


class World:
    """A case store with people in it, and a clock that moves when told."""

    def __init__(self, folder: Path, *, store: Path | None = None, **web: Any) -> None:
        """Begin with an empty store in the folder; `store` is one that was migrated before, and is copied."""
        self.time = NOON
        self.bell = Bell()
        settings = Settings(folder=folder, local=Local(), web=Web(**web))
        self.parts = Parts(
            settings=settings,
            store=Store(settings.database_url),
            vault=Vault([b"k" * 32]),
            thread_key=b"t" * 32,
            release=KnownCodes,  # type: ignore[arg-type]  # the stand-in above
            nudge=self.bell,
            submission=no_wire,
            mailbox=no_wire,
            now=lambda: self.time,
        )
        if store is None:
            self.parts.store.migrate()
        else:
            shutil.copy(store, folder / "consultant.sqlite")
        self._letters = 0

    def pass_time(self, **length: float) -> None:
        self.time += timedelta(**length)

    def person(self, login: str, name: str, credential: str = "CPC") -> Person:
        with self.parts.store.begin() as tx:
            number = people.add(tx, login=login, name=name, credential=credential, password_hash=HASH, now=self.time)
            found = people.by_id(tx, number)
        assert found is not None
        return found

    def letter(
        self,
        text: str = CHIN,
        *,
        subject: str = "Excision on the chin and simple repair",
        sender: str = "coder@clinic.example",
        full: str = "",
        verdict: Verdict = Verdict.ACCEPT,
        reason: str = "",
        rule: str = "accepted",
        html: str = "",
        attachments: tuple[tuple[str, bytes], ...] = (),
        defects: tuple[str, ...] = (),
        doubt: str | None = None,
        about: str = "",
    ) -> int:
        """Enter one letter and its verdict; return its id. The original holds an invented name that is masked."""
        self._letters += 1
        message_id = f"<{self._letters}@clinic.example>"
        content = html.encode() if html else text.replace("PERSON_1", "Testa Sampleton").encode()
        raw = (
            f"From: Testa Sampleton <{sender}>\nTo: desk@consultant.localhost\nSubject: {subject}\n"
            f"Message-ID: {message_id}\nMIME-Version: 1.0\n"
            f"Content-Type: text/{'html' if html else 'plain'}; charset=utf-8\n\n"
        ).encode() + content
        digest = hashlib.sha256(raw).hexdigest()
        vault = self.parts.vault
        arrival = Arrival(self._letters, digest, vault.seal(raw, context_from_digest("letter", digest)), len(raw))
        read = Read(
            message_id=message_id,
            content_sha256=digest,
            sender=sender,
            subject=subject,
            text=full or text,
            new_text=text,
            masked=("PERSON_1",),
            defects=defects,
            doubt=doubt,
            attachments=tuple(
                SealedAttachment(
                    sha256=hashlib.sha256(content).hexdigest(),
                    sealed=vault.seal(content, context_of("attachment", content)),
                    sealed_name=vault.seal(name.encode(), b"attachment-name"),
                    content_type="application/pdf",
                    size=len(content),
                )
                for name, content in attachments
            ),
        )
        with self.parts.store.begin() as tx:
            (letter_id,) = ledger.enter(tx, "local", "INBOX", 1, [arrival], self.time)
            taken = ledger.take(tx, letter_id, self.time)
            assert taken is not None
            followed = cases.by_reference(tx, about) if about else None
            screening = Screening(verdict, rule, reason)
            ledger.put_verdict(tx, taken, screening, read, self.time, followed.id if followed else None)
        return letter_id

    def received(self, text: str = CHIN, *, due_in: timedelta = timedelta(hours=4), **letter: Any) -> str:
        """Open a case for a letter and return its reference."""
        subject = letter.get("subject", "Excision on the chin and simple repair")
        letter_id = self.letter(text, **letter)
        with self.parts.store.begin() as tx:
            asker = letter.get("sender", "coder@clinic.example")
            case_id = cases.open_case(tx, letter_id, "local", asker, subject, self.time, self.time + due_in)
            return cases.current(tx, case_id).reference

    def drafted(
        self,
        text: str = CHIN,
        *,
        answer: str = ANSWER,
        outcome: Outcome = Outcome.ANSWER,
        confidence: float = 0.94,
        topics: tuple[Topic, ...] = (Topic.CODE_SELECTION, Topic.NCCI_EDIT),
        injection: str = "",
        written: Mapping[str, str] = MappingProxyType({}),
        **letter: Any,
    ) -> str:
        """Open a case and bring it to a reviewer; `written` says who worded the draft. Return its reference."""
        reference = self.received(text, **letter)
        case = self.case(reference)
        question = question_of(f"{case.subject}\n\n{text}", topics, injection)
        evidence = evidence_of(outcome)
        document = draft_of(outcome, answer, case.subject, evidence, confidence)
        with self.parts.store.begin() as tx:
            last = cases.thread(tx, case.id)[-1].id
            for event, changes in (
                (Event.CLASSIFY, {"question": QUESTION.dump_python(question, mode="json"), "topics": list(topics)}),
                (Event.RESEARCH, {"evidence": EVIDENCE.dump_python(evidence, mode="json"), "release": RELEASE}),
                (Event.DRAFT, {"outcome": str(outcome), "confidence": confidence, "specialty": "dermatology"}),
            ):
                cases.move(tx, cases.current(tx, case.id), event, self.time, **changes)
            cases.add_draft(
                tx,
                case.id,
                outcome=str(outcome),
                text=answer,
                document={**DRAFT.dump_python(document, mode="json"), **written},
                letter_id=last,
                now=self.time,
            )
        return reference

    def follow_up(self, reference: str, text: str) -> None:
        letter_id = self.letter(text, subject=f"Re: {self.case(reference).subject}")
        with self.parts.store.begin() as tx:
            cases.join(tx, self.case(reference).id, letter_id, self.time, self.time + timedelta(hours=24))

    def case(self, reference: str) -> cases.CaseNow:
        with self.parts.store.read() as tx:
            found = cases.by_reference(tx, reference)
        assert found is not None
        return found

    def drafts(self, reference: str) -> tuple[cases.DraftRow, ...]:
        with self.parts.store.read() as tx:
            return cases.drafts(tx, self.case(reference).id)

    def outbox(self, reference: str) -> tuple[outgoing.OutboxNow, ...]:
        with self.parts.store.read() as tx:
            return outgoing.of_case(tx, self.case(reference).id)

    def step_outbox(self, outbox_id: int, state: outgoing.Sending, reply: str) -> None:
        with self.parts.store.begin() as tx:
            outgoing.step(tx, outgoing.current(tx, outbox_id), state, reply=reply, attempts=1)

    def move(self, reference: str, event: Event, **changes: Any) -> None:
        with self.parts.store.begin() as tx:
            cases.move(tx, self.case(reference), event, self.time, **changes)

    def beat(self, *kinds: str) -> None:
        with self.parts.store.begin() as tx:
            for kind in kinds:
                health.beat(tx, f"{kind}@host:1", kind, self.time)

    def account(self, **values: Any) -> None:
        with self.parts.store.begin() as tx:
            health.note_account(tx, "local", **values)


def span(text: str, words: str) -> Span:
    start = text.find(words)
    return Span(max(start, 0), max(start, 0) + (len(words) if start >= 0 else 0))


def question_of(text: str, topics: tuple[Topic, ...], injection: str = "") -> Question:
    """Return what the stories' letters say, each fact with its place in the text."""
    return Question(
        text=text,
        language="en",
        topics=tuple(
            TopicFound(topic, 0.9 - 0.2 * n, ("which code",) if n == 0 else ("as well",))
            for n, topic in enumerate(topics)
        ),
        specialty="dermatology",
        codes=(CodeMention("CPT", "12011", span(text, "12011")),),
        subjects=(
            Subject(
                "lesion",
                (
                    Fact("site", "chin", span(text, "chin")),
                    Fact("lesion_diameter_cm", 0.4, span(text, "0.4 cm")),
                    Fact("margin_cm", 0.2, span(text, "0.2 cm")),
                    Fact("pathology", "benign", span(text, "benign"), certain=False),
                ),
            ),
        ),
        facts=(),
        date_of_service=None,
        injection=(span(text, injection),) if injection else (),
    )


def evidence_of(outcome: Outcome) -> Evidence:
    """Return what the release would say to the stories."""
    asks = outcome is Outcome.ASK_BACK
    return Evidence(
        date_of_service=date(2026, 3, 10),
        date_assumed=True,
        release=RELEASE,
        lines=() if asks else (Line("CPT", "11441", 1, (), ("D22.39",), "face-0.6-1.0", (TABLE, FEES)),),
        rejected=(Rejected("CPT", "12011", "A simple closure is included in the excision.", (POLICY,)),),
        missing=(
            Missing(
                "margin_cm",
                "How wide was the narrowest margin, in cm?",
                (("0.1 cm or less", "11441"), ("0.2 to 0.3 cm", "11442")),
                (TABLE,),
            ),
        )
        if asks
        else (),
        findings=(
            Finding(
                FindingKind.WHY,
                "excised-diameter",
                "The excised diameter is 0.8 cm: 0.4 cm and twice 0.2 cm.",
                (TABLE,),
            ),
            Finding(
                FindingKind.EDIT, "ptp", "No edit stops 11441 with D22.39; 12011 is column two of 11441.", (POLICY,)
            ),
            Finding(FindingKind.EDIT, "fee-schedule", "11441 has 10 global days.", (FEES,)),
            Finding(FindingKind.DIAGNOSIS, "billable", "D22.39 is valid and billable on that date.", (ICD,)),
            Finding(FindingKind.DOCUMENTATION, "size", "The greatest diameter of the lesion.", (POLICY,), present=True),
            Finding(
                FindingKind.DOCUMENTATION, "pathology", "The pathology report with its date.", (POLICY,), present=False
            ),
        ),
        families=("benign_excision",),
    )


def draft_of(outcome: Outcome, text: str, subject: str, evidence: Evidence, confidence: float) -> Draft:
    """Return the engine's draft for the stories."""
    return Draft(
        outcome=outcome,
        topics=("code_selection",),
        specialty="dermatology",
        date_of_service=evidence.date_of_service,
        date_assumed=True,
        release=RELEASE,
        lines=evidence.lines,
        rejected=evidence.rejected,
        missing=evidence.missing,
        sections=(Section("verdict", "Verdict", (Claim("Report CPT 11441.", ("c1",)),)),),
        citations=(("c1", TABLE), ("c2", FEES), ("c3", POLICY)),
        confidence=confidence,
        masked=("PERSON_1",),
        subject=subject,
        text=text,
        reason="The letter asks for legal advice." if outcome is Outcome.HAND_OVER else None,
    )
