"""Two services that an NCCI edit pairs: apart when the letter puts them on different wounds or lesions.

The criterion of 59 and XS that a letter can show is the other wound or lesion (NCCI Policy Manual, chapter I, modifier
59). It is met where each line has a site of its own, and only then does the modifier stand on the column-two code. On
one and the same wound the column-two code is part of the other and is not reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from consultant.evidence.citing import of_ptp
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line, Rejected
from consultant.questions.model import Subject
from knowledge.official_model import Fee, NoEdition, PtpEdit

_WOUNDS = frozenset({"wound", "repair"})
_TELLING = frozenset(
    {
        "graft_kind",
        "depth_removed",
        "closure_class",
        "secondary_closure",
        "burn_act",
        "npwt_pump",
        "open_fracture",
        "flap_kind",
    }
)
_MODIFIER = "59"


@dataclass(frozen=True, slots=True)
class Parted:
    """The claim lines with what the edits between them and the places of the wounds make of them."""

    lines: tuple[Line, ...]
    rejected: tuple[Rejected, ...] = ()
    findings: tuple[Finding, ...] = ()


def parted(inquiry: Inquiry, lines: Sequence[tuple[Line, tuple[Subject, ...]]]) -> Parted:
    """Put the modifier on lines of other wounds, and take off the claim what is part of another line's service."""
    marked: dict[str, Finding] = {}
    dropped: dict[str, Rejected] = {}
    for (first, one), (second, other) in combinations(lines, 2):
        edit = _edit(inquiry, first, second) if _placed((*one, *other)) else None
        if edit is None or _is_add_on(inquiry, edit.column_two):
            continue
        here, there = _sites(one), _sites(other)
        if edit.indicator == "1" and here and there and not here & there:
            marked.setdefault(edit.column_two, _marked(edit, _called((*one, *other))))
        elif here and here == there and len(here) == 1 and _of_wounds((*one, *other)) and not _alike(one, other):
            dropped.setdefault(edit.column_two, _dropped(edit))
    kept = tuple(
        replace(line, modifiers=(*line.modifiers, _MODIFIER)) if line.code in marked else line
        for line, _ in lines
        if line.code not in dropped
    )
    return Parted(kept, tuple(dropped.values()), tuple(row for code, row in marked.items() if code not in dropped))


def _edit(inquiry: Inquiry, first: Line, second: Line) -> PtpEdit | None:
    """Return the edit in force between the codes of two lines, from the nearest edition that is held."""
    if first.code == second.code:
        return None
    answer = inquiry.release.edits((first.code, second.code), inquiry.on, inquiry.setting, nearest=True)
    if isinstance(answer, NoEdition):
        return None
    return next((row for row in answer.edits if row.in_force(inquiry.on) and row.indicator in ("0", "1")), None)


def _is_add_on(inquiry: Inquiry, code: str) -> bool:
    fee = inquiry.fee(code)
    return isinstance(fee, Fee) and fee.global_days == "ZZZ"


def _placed(subjects: Sequence[Subject]) -> bool:
    """Tell whether these are wounds or lesions, which a place tells apart; two lesions of one place are still two."""
    return all(row.kind in _WOUNDS or row.kind == "lesion" for row in subjects)


def _of_wounds(subjects: Sequence[Subject]) -> bool:
    return all(row.kind in _WOUNDS for row in subjects)


def _sites(subjects: Sequence[Subject]) -> frozenset[tuple[str, str]]:
    """Return the site and side of each wound; nothing where one of them has none."""
    found = [row.values() for row in subjects]
    if not all("site" in row for row in found):
        return frozenset()
    return frozenset((str(row["site"]), str(row.get("laterality", ""))) for row in found)


def _alike(one: Sequence[Subject], other: Sequence[Subject]) -> bool:
    """Tell whether both lines are for the same kind of care, which was then given to two wounds of one region."""
    return any(_care(row) & _care(more) for row in one for more in other)


def _care(subject: Subject) -> frozenset[str]:
    """Return the names of the facts that tell which kind of care it is."""
    values = subject.values()
    return frozenset(str(values[name]) for name in ("procedure",) if name in values) or frozenset(
        _TELLING & values.keys()
    )


def _marked(edit: PtpEdit, kind: str) -> Finding:
    text = (
        f"{_MODIFIER} stands on {edit.column_two}: your letter puts it on another {kind} than {edit.column_one}, and "
        f"the indicator of the pair is {edit.indicator}. XS says the same where the payer takes it; never both."
    )
    return Finding(FindingKind.MODIFIER, "apart.other_wound", text, (of_ptp(edit),))


def _called(subjects: Sequence[Subject]) -> str:
    return "wound" if _of_wounds(subjects) else "lesion"


def _dropped(edit: PtpEdit) -> Rejected:
    reason = (
        f"On the same wound {edit.column_two} is part of {edit.column_one} (PTP pair, modifier indicator "
        f"{edit.indicator}); "
        "it is reported only for another wound."
    )
    return Rejected("CPT", edit.column_two, reason, (of_ptp(edit),))
