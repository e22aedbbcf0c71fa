"""The rows of official files as text, each with its edition; "none held" and "no edit" are different sentences."""

from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.official_model import Fee, Locality, NoEdition, PairEdits, PtpEdit, Setting
from knowledge.release import Release

_PARTS = {
    "fee": "Fee schedule",
    "mue": "MUE",
    "add_on": "Add-on code edits",
    "ptp": "PTP edits",
    "opps": "OPPS Addendum B",
    "gpci": "Geographic indices",
}


def official_lines(release: Release, code: str, on: date, locality: str | None = None) -> Iterator[str]:
    """Yield what each official file says of a procedure code on a date of service."""
    yield from _fee(release, code, on, locality)
    settings: tuple[Setting, ...] = ("practitioner", "outpatient_hospital")
    for setting in settings:
        mue = release.mue(code, on, setting, nearest=True)
        named = f"MUE, {setting.replace('_', ' ')}"
        if isinstance(mue, NoEdition):
            yield f"{named}: no edition is held for {on.isoformat()}."
        elif mue is None:
            yield f"{named}: none is published, which does not mean that there is no limit."
        else:
            yield f"{named}, {_for(mue.edition, for_date=mue.for_date)}: {mue.units} units, MAI {mue.indicator}"
    yield from _add_ons(release, code, on)
    rate = release.hospital_rate(code, on, nearest=True)
    if rate is not None and not isinstance(rate, NoEdition):
        paid = f", ${rate.payment_rate}" if rate.payment_rate is not None else ""
        apc = f", APC {rate.apc}" if rate.apc else ""
        yield f"OPPS {_for(rate.edition, for_date=rate.for_date)}: status indicator {rate.status_indicator}{apc}{paid}"


def describe_edits(release: Release, codes: Sequence[str], on: date, setting: Setting) -> str:
    """Return every PTP edit between codes: those in force on the date, other windows, and pairs without any."""
    answer = release.edits(codes, on, setting)
    lines = []
    if isinstance(answer, NoEdition):
        held = ", ".join(answer.held) or "none"
        about = f"for {on.isoformat()} ({setting.replace('_', ' ')}) that speaks of {', '.join(codes)}"
        lines.append(f"No edition of the PTP edits is held {about}, so whether an edit applies was not checked.")
        lines.append(f"Editions held: {held}.")
        part = [
            row.edition for row in release.sources() if (row.kind, row.setting, row.partial) == ("ptp", setting, True)
        ]
        if part:
            lines.append(f"Of {', '.join(part)} only the rows of some codes are held; import the file for all others.")
        answer = release.edits(codes, on, setting, nearest=True)
        if isinstance(answer, NoEdition):
            return "\n".join(lines)
        lines.append(f"The nearest, {answer.edition}, says:")
    else:
        lines.append(f"PTP edits, {setting.replace('_', ' ')}, edition {answer.edition}, on {on.isoformat()}:")
    for pair in answer.pairs:
        lines += _pair(pair, answer.edition, on)
    return "\n".join(lines)


def _pair(pair: PairEdits, edition: str, on: date) -> Iterator[str]:
    active = [edit for edit in pair.edits if edit.in_force(on)]
    if not active:
        yield f"{pair.first} and {pair.second}: no edit in force in {edition}, in either order."
    for edit in pair.edits:
        state = "in force" if edit in active else "not in force on this date"
        yield f"{edit.column_one} (column one), {edit.column_two} (column two): {_edit(edit)}; {state}."


_BYPASS = {"0": "no modifier bypasses it", "1": "an NCCI-associated modifier may bypass it", "9": "void"}


def _edit(edit: PtpEdit) -> str:
    since = f"from {edit.effective.isoformat()}" if edit.effective else "first day not given"
    until = f"to {edit.deleted.isoformat()}" if edit.deleted else "not deleted"
    return f"indicator {edit.indicator}, {_BYPASS.get(edit.indicator, '')}; {since}, {until}; {edit.rationale}"


def _fee(release: Release, code: str, on: date, locality: str | None) -> Iterator[str]:
    fee = release.fee(code, on, nearest=True)
    if isinstance(fee, NoEdition):
        yield f"{_PARTS['fee']}: no edition is held for {on.isoformat()}."
        return
    if fee is None:
        yield f"{_PARTS['fee']}: {code} is not listed."
        return
    yield (
        f"{_PARTS['fee']}, {_for(fee.edition, for_date=fee.for_date)}: status {fee.status}, global {fee.global_days}, "
        f"multiple {fee.multiple}, bilateral {fee.bilateral}, assistant {fee.assistant}, co-surgeons {fee.co_surgeon}, "
        f"team {fee.team}, PC/TC {fee.pctc}"
    )
    priced = fee.amount() is not None or fee.amount(facility=True) is not None
    if priced:
        yield f"Work {fee.work}, national amount{_amounts(fee, None)}"
    if locality is not None and not priced:
        yield f"Local amount: {fee.edition} gives no values of {code}."
    elif locality is not None:
        yield from _local(release, fee, on, locality)


def _local(release: Release, fee: Fee, on: date, locality: str) -> Iterator[str]:
    """Yield the fee of a locality, or why there is none."""
    held = release.localities(on, nearest=True)
    if isinstance(held, NoEdition):
        yield "Local amount: no file of geographic indices (GPCI) is held; import one."
        return
    found = [row for row in held if f"{row.contractor}-{row.number}" == locality]
    if not found:
        yield f"Local amount: {locality} is not among the localities of {held[0].edition}; 01112-05 is the form."
        return
    yield f"{found[0].name}, {found[0].state} ({found[0].edition}){_amounts(fee, found[0])}"


def _amounts(fee: Fee, locality: Locality | None) -> str:
    amounts = (fee.amount(locality), fee.amount(locality, facility=True))
    office, facility = ("none" if amount is None else f"${amount}" for amount in amounts)
    return f": {office} in the office, {facility} in a facility"


def _add_ons(release: Release, code: str, on: date) -> Iterator[str]:
    add_ons = release.addon(code, on, nearest=True)
    if isinstance(add_ons, NoEdition):
        yield f"{_PARTS['add_on']}: no edition is held for {on.isoformat()}."
        return
    for row in add_ons:
        primaries = ", ".join(row.primaries)
        yield f"Add-on, type {row.kind}, {_for(row.edition, for_date=row.for_date)}: with {primaries}"
    of = release.addons_of(code, on, nearest=True)
    if not isinstance(of, NoEdition) and of:
        edition = _for(of[0].edition, for_date=of[0].for_date)
        yield f"Add-on codes that may go with it, {edition}: {', '.join(row.add_on for row in of)}"


def _for(edition: str, *, for_date: bool) -> str:
    return edition if for_date else f"{edition} (not the edition for this date)"
