"""What may be purged is arithmetic on dates."""

from datetime import UTC, datetime, timedelta

import pytest

from consultant.privacy.retention import Kept, RetentionPolicy, purge_after, purgeable

CLOSED = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = RetentionPolicy(raw_days=30, text_days=365, audit_days=2192)


@pytest.mark.parametrize("kind", list(Kept))
def test_an_open_case_is_never_purged(kind: Kept) -> None:
    """However old it is, nothing of it goes while it is open."""
    assert not purgeable(kind, None, CLOSED + timedelta(days=10_000), POLICY)


@pytest.mark.parametrize(("kind", "days"), [(Kept.RAW, 30), (Kept.TEXT, 365), (Kept.AUDIT, 2192)])
def test_each_kind_goes_on_its_own_day(kind: Kept, days: int) -> None:
    """Not a second before its period is over, and from then on."""
    due = CLOSED + timedelta(days=days)
    assert purge_after(kind, CLOSED, POLICY) == due
    assert not purgeable(kind, CLOSED, due - timedelta(seconds=1), POLICY)
    assert purgeable(kind, CLOSED, due, POLICY)


def test_no_days_keep_for_ever() -> None:
    """An operator who must keep everything says so with none."""
    policy = RetentionPolicy(raw_days=None, text_days=None, audit_days=None)
    assert not purgeable(Kept.RAW, CLOSED, CLOSED + timedelta(days=36_500), policy)


@pytest.mark.parametrize(
    "days",
    [{"raw_days": -1}, {"text_days": 3000, "audit_days": 100}, {"raw_days": None}],
    ids=["negative", "audit", "for-ever"],
)
def test_a_policy_that_would_lose_its_own_trail_is_refused(days: dict[str, int | None]) -> None:
    """The audit outlives what it speaks of."""
    with pytest.raises(ValueError, match=r"retention period|audit must"):
        RetentionPolicy(**days)
