"""What a reviewer is told of the language model: whose words the draft has, and what became of the model's."""

from collections.abc import Sequence
from dataclasses import dataclass

from consultant.drafting.model import Writer
from consultant.records.cases import DraftRow
from consultant.web.history import DiffLine, compare


@dataclass(frozen=True, slots=True)
class Wording:
    """The part that a language model had in one version of the draft."""

    version: int
    by_model: bool
    note: str
    """Why the engine's own words stand; empty where the model's do."""
    diff: tuple[DiffLine, ...]
    """From the engine's words to the model's."""


def wording_of(rows: Sequence[DraftRow]) -> Wording | None:
    """Return the model's part in the newest version that no person wrote; None where no model was configured."""
    row = next((row for row in reversed(rows) if row.reviewer_id is None), None)
    if row is None:
        return None
    by_model = row.document.get("writer") == Writer.MODEL
    note = str(row.document.get("writer_note") or "")
    if not by_model and not note:
        return None
    own = str(row.document.get("engine_text") or "") if by_model else ""
    return Wording(row.number, by_model, note, compare(own, row.text) if own else ())
