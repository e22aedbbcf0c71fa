"""Citations for rows of official files, and the sentence for an edition that is not held."""

from knowledge.model import Citation, CodeEntry
from knowledge.official_model import AddOn, Fee, Mue, PtpEdit
from knowledge.release import Release

PTP_SOURCE = "NCCI PTP edits"
"""How the PTP files are cited."""

_MUE_FILES = {
    "practitioner": "MUE, practitioner services",
    "outpatient_hospital": "MUE, outpatient hospital services",
    "dme": "MUE, DME supplier services",
}


def of_release(release: Release, section: str = "editions held") -> Citation:
    """Cite the release itself: what it holds, and so what it does not."""
    return of_release_named(release.version, section)


def of_release_named(version: str, section: str = "editions held") -> Citation:
    """Cite a release by its version."""
    return Citation("Knowledge release", section, version, None)


def of_edition(release: Release, source: str, section: str, edition: str) -> Citation:
    """Cite a row of an official file, with the first day on which its edition holds."""
    held = next((row for row in release.sources() if row.edition == edition), None)
    return Citation(source, section, edition, held.effective if held else None)


def of_code(release: Release, entry: CodeEntry) -> Citation:
    """Cite the row of a code set that holds a code."""
    return of_edition(release, f"{entry.system} code set", f"row {entry.code}", entry.edition)


def of_fee(release: Release, fee: Fee) -> Citation:
    """Cite a row of the physician fee schedule."""
    section = f"row {fee.code}-{fee.modifier}" if fee.modifier else f"row {fee.code}"
    return of_edition(release, "Medicare physician fee schedule (PPRRVU)", section, fee.edition)


def of_mue(release: Release, mue: Mue) -> Citation:
    """Cite a row of the MUE file of its setting."""
    return of_edition(release, _MUE_FILES[mue.setting], f"row {mue.code}", mue.edition)


def of_add_on(release: Release, row: AddOn) -> Citation:
    """Cite a row of the add-on code file."""
    return of_edition(release, "NCCI add-on code edits", f"row {row.add_on}", row.edition)


def of_ptp(edit: PtpEdit) -> Citation:
    """Cite one PTP edit; it holds from its own effective date, whatever its edition."""
    return Citation(
        PTP_SOURCE,
        f"row {edit.column_one}/{edit.column_two}",
        edit.edition,
        edit.effective,
    )
