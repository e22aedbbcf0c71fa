"""Units: MUE values with their adjudication indicator, and add-on codes with their primaries."""

from collections.abc import Iterable, Iterator

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.citing import of_add_on, of_mue, of_release
from consultant.evidence.editions import not_held
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.joining import CODE, joined
from consultant.evidence.model import Finding, FindingKind
from knowledge.official_model import NoEdition

# What the adjudication indicator means (CMS, Medically Unlikely Edits).
_MAI = {
    "1": "per claim line",
    "2": "per day, absolute by policy",
    "3": "per day, may be exceeded on appeal with records",
}


_CONTRACTOR = "CCCCC"
"""What the add-on file writes where each contractor defines the primary codes (NCCI Policy Manual, chapter I, R)."""
_BY_CONTRACTOR = "a primary code that the contractor defines"


def units(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report the MUE and add-on rows of the codes in play."""
    wanted = {"mue": Aspect.UNITS in inquiry.aspects, "add_on": Aspect.ADD_ON in inquiry.aspects}
    rows: list[tuple[str, Finding]] = []
    for name, look in (("mue", _mue), ("add_on", _add_on)):
        if wanted[name] or inquiry.chosen or inquiry.plain:
            codes = inquiry.in_force if wanted[name] or not inquiry.chosen else inquiry.chosen
            rows += [(code, finding) for code in codes for finding in look(inquiry, code)]
    return joined(rows)


def _mue(inquiry: Inquiry, code: str) -> Iterator[Finding]:
    """Report the published MUE of one code; no published value is no limit that we know, and is said so if asked."""
    answer = inquiry.release.mue(code, inquiry.on, inquiry.setting, nearest=True)
    wanted = Aspect.UNITS in inquiry.aspects
    if isinstance(answer, NoEdition):
        yield not_held(inquiry, "MUE", answer.held, "The number of units was therefore not checked.")
        return
    if answer is None:
        if wanted:
            text = f"No MUE is published for {CODE}; CMS keeps some values confidential, so this is not a permission."
            yield Finding(FindingKind.EDIT, "mue", text, (of_release(inquiry.release, "MUE"),))
        return
    meaning = _MAI.get(answer.indicator[:1], "meaning not published")
    text = f"MUE for {CODE}: {answer.units}, adjudication indicator {answer.indicator[:1]} ({meaning})."
    cited = (of_mue(inquiry.release, answer),)
    yield (direct if wanted else Finding)(FindingKind.EDIT, "mue", text, cited)
    if (billed := _units_of(inquiry, code)) > answer.units:
        over = f"{billed} units of {code} exceed the MUE of {answer.units}."
        yield Finding(FindingKind.CAVEAT, "mue.exceeded", over, cited)
    if not answer.for_date:
        yield not_held(inquiry, "MUE", (answer.edition,))


def _units_of(inquiry: Inquiry, code: str) -> int:
    """Return the units chosen or, where nothing was chosen, the units that the sender wrote."""
    chosen = sum(line.units for line in inquiry.lines if line.code == code)
    written = [row.units or 0 for row in inquiry.question.codes if row.code == code]
    return chosen or max(written, default=0)


def _ranges(codes: Iterable[str]) -> list[str]:
    """Name codes in order, three or more that follow one another as a range; CCCCC stands for the contractor's own."""
    runs: list[list[str]] = []
    for code in sorted(set(codes) - {_CONTRACTOR}):
        follows = runs and code.isdigit() and runs[-1][-1].isdigit() and int(code) == int(runs[-1][-1]) + 1
        if follows:
            runs[-1].append(code)
        else:
            runs.append([code])
    named = [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else run)]
    return [*named, _BY_CONTRACTOR] if _CONTRACTOR in set(codes) else named


def _add_on(inquiry: Inquiry, code: str) -> Iterator[Finding]:
    """Report what an add-on code may be added to."""
    answer = inquiry.release.addon(code, inquiry.on, nearest=True)
    wanted = Aspect.ADD_ON in inquiry.aspects and code in inquiry.asked
    if isinstance(answer, NoEdition):
        if wanted:
            yield not_held(inquiry, "add-on code", answer.held)
        return
    say = direct if wanted else Finding
    for row in answer:
        primaries = ", ".join(_ranges(row.primaries)) or _BY_CONTRACTOR
        text = f"{code} is an add-on code (type {row.kind}): report it only with {primaries}."
        yield say(FindingKind.EDIT, "add_on", text, (of_add_on(inquiry.release, row),))
        if not row.for_date:
            yield not_held(inquiry, "add-on code", (row.edition,))
    if not answer and wanted:
        text = f"{code} is not listed as an add-on code for {inquiry.on.isoformat()}."
        yield say(FindingKind.EDIT, "add_on", text, (of_release(inquiry.release, "add-on code edits"),))
