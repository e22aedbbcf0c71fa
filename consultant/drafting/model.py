"""A draft as values; `as_json` is the machine-readable form that `consultant draft --json` prints."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from consultant.evidence.model import Line, Missing, Rejected
from knowledge.model import Citation


class Outcome(StrEnum):
    """What kind of draft this is."""

    ANSWER = "answer"
    ASK_BACK = "ask_back"
    HAND_OVER = "hand_over"


class Writer(StrEnum):
    """Who worded a draft."""

    ENGINE = "engine"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the draft and the keys of its citations (never empty)."""

    text: str
    citations: tuple[str, ...]
    question: int | None = None
    """In the verdict of a letter with several questions: the number of the one that this answers, from 1."""
    label: str = ""
    """What that question is about, in a word or two."""


@dataclass(frozen=True, slots=True)
class Section:
    """One titled part of the outline, in the order of docs/answers.md."""

    key: str
    """verdict, lines, why, edits, modifiers, diagnoses, documentation, missing, caveats, sources."""
    title: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the reviewer is given: the answer, its evidence by key, and the text of the letter."""

    outcome: Outcome
    topics: tuple[str, ...]
    specialty: str | None
    date_of_service: date
    date_assumed: bool
    release: str
    lines: tuple[Line, ...]
    rejected: tuple[Rejected, ...]
    missing: tuple[Missing, ...]
    sections: tuple[Section, ...]
    citations: tuple[tuple[str, Citation], ...]
    """Key (c1, c2, ...) and citation, in order of first use."""
    confidence: float
    masked: tuple[str, ...]
    """Placeholders that stand in the masked letter, such as PERSON_1."""
    subject: str
    text: str
    """The body as plain text, LF line ends: what the reviewer edits. The rest comes at rendering."""
    reason: str | None = None
    """For HAND_OVER: why, as a sentence."""
    writer: Writer = Writer.ENGINE
    writer_note: str = ""
    """Why a language model's wording does not stand, as a sentence; empty where it does, and without a model."""
    engine_text: str = ""
    """The engine's own text where the model's stands, so that a reviewer can compare them."""

    def as_json(self, identifier: str, html: str) -> dict[str, Any]:
        """Return the object of docs/answers.md, The machine-readable draft, with `html` as the rendered body."""
        keys = {citation: key for key, citation in self.citations}
        return {
            "id": identifier,
            "outcome": str(self.outcome),
            "topics": list(self.topics),
            "specialty": self.specialty,
            "date_of_service": self.date_of_service.isoformat(),
            "date_assumed": self.date_assumed,
            "release": self.release,
            "lines": [
                {
                    "system": line.system,
                    "code": line.code,
                    "units": line.units,
                    "modifiers": list(line.modifiers),
                    "diagnoses": list(line.diagnoses),
                }
                for line in self.lines
            ],
            "rejected": [
                {
                    "system": row.system,
                    "code": row.code,
                    "reason": row.reason,
                    "citations": [keys[citation] for citation in row.citations],
                }
                for row in self.rejected
            ],
            "missing": [
                {"fact": row.fact, "question": row.question, "becomes": dict(row.becomes)} for row in self.missing
            ],
            "claims": [
                {"text": claim.text, "citations": list(claim.citations)}
                | ({"question": claim.question} if claim.question else {})
                for section in self.sections
                for claim in section.claims
            ],
            "citations": {key: citation.as_json() for key, citation in self.citations},
            "confidence": round(self.confidence, 3),
            "masked": list(self.masked),
            "reason": self.reason,
            "writer": str(self.writer),
            "writer_note": self.writer_note,
            "subject": self.subject,
            "text": self.text,
            "html": html,
        }
