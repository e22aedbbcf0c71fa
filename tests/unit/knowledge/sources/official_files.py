"""Writes small files in the layouts in which releases are published, and reads them as an importer would.

The rows are invented; no text of a code set is among them.
"""

import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from knowledge.sources.reading import Edition, Format, Member, Reading, members

SHARED = Path(__file__).parents[5] / "shared" / "data"
"""Releases at full size, beside the repository; tests that read them are skipped where they are not."""

WEB_PAGE = b"<!DOCTYPE html>\r\n<html><head><title>Page not found</title></head><body>Try again</body></html>\r\n"

STRANGERS = {
    "a web page": WEB_PAGE,
    "an empty file": b"",
    "bytes": bytes(range(256)) * 8,
    "a table of something else": b"name,city,amount\r\nAnn,Bern,3\r\nBob,Basel,4\r\n",
    "prose": b"Dear reader,\r\nthis file holds no rows at all.\r\n",
    "half a gzip": gzip.compress(b"Column 1\tColumn 2\r\n" * 999)[:40],
    "a broken workbook": b"PK\x03\x04[Content_Types].xml and then nothing",
}
"""What lies beside releases in a folder of downloads; no reader takes it for its own, and none fails over it."""

_NS = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_NS}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="r1"
Type="{_NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_NS}/spreadsheetml/2006/main"
xmlns:r="{_NS}/officeDocument/2006/relationships"><sheets>
<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="r1"
Type="{_NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",
}


@dataclass(frozen=True)
class Outcome:
    """What came of one member."""

    edition: Edition
    rows: list[tuple[object, ...]]
    reading: Reading


def only(path: Path) -> Member:
    """Return the one member of a file."""
    (member,) = members(path)
    return member


def write(folder: Path, name: str, content: bytes | str) -> Member:
    """Write a file, text in Latin-1, and return its one member."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
    return only(path)


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    """Write a zip, texts in Latin-1."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content if isinstance(content, bytes) else content.encode("latin-1"))
    return path


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet: numbers as numbers, everything else as text."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{chr(ord('A') + place)}{number}", value) for place, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = f'<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in (*_PARTS.items(), ("xl/worksheets/sheet1.xml", sheet)):
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')
    return made.getvalue()


def _cell(place: str, value: object) -> str:
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def read(source: Format, member: Member, *, licensed: bool = False) -> Outcome:
    """Read a member to its end, as the importer of a release does."""
    reading = Reading(source.kind, source.edition(member), member.place, sha256="", licensed=licensed)
    return Outcome(reading.edition, list(source.rows(member, reading)), reading)


def rows_alone(source: Format, member: Member) -> list[tuple[object, ...]]:
    """Read the rows of a member whose names tell no edition."""
    reading = Reading(source.kind, Edition("any", None, None), member.place, sha256="")
    return list(source.rows(member, reading))


def shared(name: str) -> Path:
    """Return a release at full size; skips the test where it is not at hand."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand")
    return path
