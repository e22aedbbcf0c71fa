"""Say when what is kept of a closed case may be purged: pure arithmetic on dates, no deletion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Kept(StrEnum):
    """What is kept of a case, from the most to the least telling."""

    RAW = "raw"
    """The sealed letters and attachments as received."""
    TEXT = "text"
    """The masked text, the drafts and what was sent."""
    AUDIT = "audit"
    """Who viewed, edited, approved, revealed and sent what."""


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Days that each kind is kept after the case was closed; None keeps it for ever.

    The audit's six years are those of HIPAA's documentation rule (45 CFR 164.316(b)(2)(i)).
    """

    raw_days: int | None = 90
    text_days: int | None = 730
    audit_days: int | None = 2192

    def __post_init__(self) -> None:
        """Refuse negative days, and an audit trail that is gone before what it speaks of."""
        days = self.days()
        if any(value is not None and value < 0 for value in days.values()):
            raise ValueError("A retention period cannot be negative: give days, 0 or more, or none to keep for ever.")
        audit = days[Kept.AUDIT]
        if audit is not None and any(value is None or value > audit for value in days.values()):
            raise ValueError("The audit must be kept at least as long as raw letters and text: raise audit_days.")

    def days(self) -> Mapping[Kept, int | None]:
        """Return the days by kind."""
        return MappingProxyType(
            {Kept.RAW: self.raw_days, Kept.TEXT: self.text_days, Kept.AUDIT: self.audit_days},
        )


def purge_after(kind: Kept, closed_at: datetime | None, policy: RetentionPolicy) -> datetime | None:
    """Return the moment from which this kind may be purged; None while the case is open or when it stays for ever."""
    days = policy.days()[kind]
    if closed_at is None or days is None:
        return None
    return closed_at + timedelta(days=days)


def purgeable(kind: Kept, closed_at: datetime | None, now: datetime, policy: RetentionPolicy) -> bool:
    """Tell whether this kind may be purged now. Both times are aware; an open case (`closed_at` None) is kept."""
    due = purge_after(kind, closed_at, policy)
    return due is not None and now >= due
