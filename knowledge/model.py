"""The value types that readers of a release receive, and the schema of curated content."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from: one row of the release."""

    source: str
    """The document or file, by its own name: NCCI Policy Manual; PPRRVU2025_Oct."""
    section: str
    """Chapter and section, or the row: Chapter III, section B; row 11440."""
    edition: str
    effective: date | None
    """First day on which the cited text or row holds; None where the source gives none."""
    verified: bool = True
    """False marks what could not be confirmed in the primary source; drafts say so."""

    def as_json(self) -> dict[str, str | bool | None]:
        """Return the citation as plain values, dates in ISO 8601."""
        return {
            "source": self.source,
            "section": self.section,
            "edition": self.edition,
            "effective": self.effective.isoformat() if self.effective else None,
            "verified": self.verified,
        }
