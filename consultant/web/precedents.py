"""Earlier answers as the case page shows them: read from their own cases, and held against the present draft."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from consultant.drafting import reading
from consultant.drafting.anew import approved_lines
from consultant.evidence.model import Billed, Evidence, Precedent
from consultant.evidence.precedents import billed
from consultant.precedents import fallen
from consultant.privacy import phi
from consultant.records.precedents import PrecedentRow
from knowledge.release import Release

_MARKS = re.compile(r"\s*(?:\[\d{1,3}\])+")


@dataclass(frozen=True, slots=True)
class ShownPrecedent:
    """One earlier answer with its words, and where its lines and the draft's agree and differ."""

    precedent: Precedent
    verdict: str
    """What it says first, without citation marks: its sources are listed in its own case."""
    asked: str
    answered: str
    both: tuple[Billed, ...]
    there: tuple[Billed, ...]
    """Lines of the earlier answer alone."""
    here: tuple[Billed, ...]
    """Lines of the present draft alone."""

    @property
    def agrees(self) -> bool:
        """Whether both report the same lines."""
        return bool(self.both) and not (self.there or self.here)


@dataclass(frozen=True, slots=True)
class ShownPrecedents:
    """What the page says of earlier answers."""

    rows: tuple[ShownPrecedent, ...]
    gone: int
    """How many were found and do not stand any more: reopened, held, or purged since."""
    dropped: tuple[tuple[str, int], ...]
    """What the release makes otherwise, and of how many earlier answers."""

    @property
    def changed(self) -> int:
        """How many were changed by their reviewer."""
        return sum(row.precedent.changed for row in self.rows)


def shown(
    evidence: Evidence | None, rows: Sequence[PrecedentRow], draft: str, release: Release | None
) -> ShownPrecedents | None:
    """Return the earlier answers that evidence names, held against the claim lines of a draft; None without any.

    `rows` are those of them that still stand. A release that came after the evidence was gathered is asked about each
    once more, because the case may have waited for its reviewer meanwhile; without one they are shown as weighed.
    """
    if evidence is None or not (evidence.precedents or evidence.dropped):
        return None
    standing = {row.review_id: row for row in rows}
    # A text that a reviewer writes without claim lines is held against those that the evidence gives.
    lines = approved_lines(draft) or billed(evidence.lines)
    found: list[ShownPrecedent] = []
    dropped = list(evidence.dropped)
    for precedent in evidence.precedents:
        row = standing.get(precedent.review_id)
        if row is None:
            continue
        try:
            why_not = fallen(row, evidence.release, release) if release else None
        except LookupError:
            continue
        if why_not is None:
            found.append(_shown(precedent, row, lines))
        else:
            dropped.append(why_not)
    gone = len(evidence.precedents) + len(evidence.dropped) - len(found) - len(dropped)
    return ShownPrecedents(tuple(found), gone, tuple(Counter(dropped).items()))


def _shown(precedent: Precedent, row: PrecedentRow, lines: tuple[Billed, ...]) -> ShownPrecedent:
    there, here = Counter(precedent.lines), Counter(lines)
    return ShownPrecedent(
        precedent=precedent,
        verdict=_verdict(row.text),
        # The text was masked when its letter came; what the rules have learnt to mask since is masked here.
        asked=phi.mask(str(row.question.get("text", ""))).text.strip(),
        answered=reading.unwrapped(row.text),
        both=tuple((there & here).elements()),
        there=tuple((there - here).elements()),
        here=tuple((here - there).elements()),
    )


def _verdict(text: str) -> str:
    entries = reading.entries(text)
    said = [entry.text for entry in entries if entry.section == "verdict"] or [entry.text for entry in entries[:1]]
    return _MARKS.sub("", " ".join(said))
