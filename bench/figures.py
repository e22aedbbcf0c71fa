"""The figures of an examination: counts of what was right, of what there was, and of what must never be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.letters import ONE_BY_ONE
from bench.scoring import Score


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    right: int
    of: int

    def __str__(self) -> str:
        """Return the share as a person reads it."""
        return f"{self.right}/{self.of}" + (f" {self.right / self.of:.1%}" if self.of else "")


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a set of letters."""

    letters: int
    shares: Mapping[str, Share]
    """Higher is better."""
    never: Mapping[str, int]
    """Counts of what must not be; lower is better."""
    p50: float
    p95: float
    """Milliseconds of the processor for one draft."""

    def kept(self) -> dict[str, object]:
        """Return the figures as they are kept in a file; times are not, as they are the machine's."""
        shares = {name: [row.right, row.of] for name, row in self.shares.items()}
        return {"letters": self.letters, "shares": shares, "never": dict(self.never)}

    def below(self, last: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
        """Yield (name, before, now) of each figure that is worse than the one kept last."""
        for name, before in dict(last.get("shares", {})).items():  # type: ignore[call-overload]
            now, then = self.shares[name], Share(*before)
            if now.right * then.of < then.right * now.of:
                yield name, str(then), str(now)
        for name, count in dict(last.get("never", {})).items():  # type: ignore[call-overload]
            if self.never[name] > count:
                yield name, str(count), str(self.never[name])


def figures(scores: Sequence[Score]) -> Figures:
    """Count everything over a set of scores; a set of no letters has no shares."""
    times = [row.milliseconds for row in scores] or [0.0]
    bound = [row for row in scores if row.letter.expect.must_not]
    return Figures(
        letters=len(scores),
        shares={
            "right outcome": _share(row.outcome_right for row in scores),
            "exact codes": _share(row.codes_right for row in scores if row.codes_right is not None),
            "exact lines": _share(row.lines_right for row in scores if row.lines_right is not None),
            "missing facts asked": Share(sum(row.wanted_asked for row in scores), sum(row.wanted for row in scores)),
            "questions that decide": Share(
                sum(row.asked_right for row in scores), sum(len(row.asked) for row in scores)
            ),
            "without a must-not": _share(not row.violations for row in bound),
            "official rows": _share(row.right for row in scores if row.letter.kind in ONE_BY_ONE),
            "statements": _share(not row.unstated for row in scores if row.letter.expect.checks),
            "nothing to change": _share(row.right for row in scores),
        },
        never={
            "invented codes": sum(len(row.invented) for row in scores),
            "claims without citation": sum(row.uncited for row in scores),
            "identifiers repeated": sum(len(row.repeated) for row in scores),
        },
        p50=median(times),
        p95=quantiles(times, n=20)[-1] if len(times) > 1 else times[0],
    )


def _share(results: Iterable[bool]) -> Share:
    rows = list(results)
    return Share(sum(rows), len(rows))
