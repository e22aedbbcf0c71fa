"""How official files become part of a release: whole editions only, the same again, and nothing of a bad file."""

import gzip
import resource
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from knowledge.faults import ReleaseDamaged
from knowledge.imports import FOLDER, held, left_out
from knowledge.layout import DATABASE
from knowledge.model import CodeEntry
from knowledge.official_model import (
    Coverage,
    Fee,
    Mue,
    NoEdition,
)
from knowledge.release import Release, current, open_release
from knowledge.sources.reading import SourceRefused
from knowledge.verify import verify
from knowledge.version import checksum
from tests.unit.knowledge import published
from tests.unit.knowledge.published import ALASKA, MANY, NOTES, ORDER, PCS, WINDOWS, Operator, in_force
from tests.unit.knowledge.sources import test_coverage, test_gpci, test_hcpcs, test_mue, test_pprrvu
from tests.unit.knowledge.sources.official_files import WEB_PAGE, zipped

ON = date(2026, 5, 1)
"""A day for which the files of these tests hold."""


@pytest.fixture
def operator(content: Path, tmp_path: Path) -> Operator:
    """An operator with the invented content and no release yet."""
    return Operator(content, tmp_path / "releases", tmp_path / "files")


# Parts, and what the content carries itself.

PARTIAL = """
- {kind: ptp, file: ptp.csv, edition: 2026Q2 (v32.1), effective: 2026-04-01, ended: 2026-06-30, partial: true,
   setting: practitioner, note: invented}
- {kind: mue, file: mue.csv, edition: 2026Q2, effective: 2026-04-01, ended: 2026-06-30, partial: true, note: invented}
- {kind: fee, file: fee.csv, edition: PPRRVU2026_Apr, effective: 2026-04-01, ended: 2026-06-30, partial: true,
   note: invented}
"""


@pytest.fixture
def starting(operator: Operator) -> Operator:
    """An operator whose content carries only rows about the codes of its family."""
    facts = operator.content / "facts"
    (facts / "facts.yaml").write_text(PARTIAL)
    (facts / "taken.csv").write_text("11440\n11441\nG0168\n")
    return operator


def test_a_partial_edition_says_nothing_of_codes_beyond_it(starting: Operator) -> None:
    """Rows were taken for the families, so that a row that is missing about another code proves nothing."""
    with starting.release() as release:
        assert in_force(release, ("11441", "11440"), ON) == ["1"]
        for answer in (
            release.edits(("11440", "12011"), ON),
            release.edits(("12011", "12013"), ON, nearest=True),
            release.mue("12011", ON),
            release.fee("12011", ON, nearest=True),
        ):
            assert isinstance(answer, NoEdition)
        assert release.mue("11441", ON) is None


def test_an_import_replaces_the_partial_starter_of_the_same_edition(starting: Operator) -> None:
    """What is whole answers for every code, and the part is not listed beside it."""
    files = starting.files
    with starting.release(
        *published.ptp(files, WINDOWS),
        published.mue(files, {"11440": 5}),
        published.fee(files, published.fee_row("12011")),
    ) as release:
        assert in_force(release, ("11440", "12011"), ON) == ["0"]
        assert in_force(release, ("11441", "11440"), ON) == []
        limit = release.mue("11440", ON)
        assert isinstance(limit, Mue)
        assert limit.units == 5
        assert release.mue("12011", ON) is None
        assert isinstance(release.fee("12011", ON), Fee)
        assert not [row for row in release.sources() if row.partial]


def test_an_import_for_hospitals_leaves_the_starter_for_practitioners(starting: Operator) -> None:
    """Editions are replaced setting by setting."""
    with starting.release(published.mue(starting.files, {"11440": 7}, setting="OutpatientHospitalServices")) as release:
        units = [release.mue("11440", ON, setting) for setting in ("practitioner", "outpatient_hospital")]
        assert [isinstance(limit, Mue) and limit.units for limit in units] == [3, 7]


def test_an_edition_without_one_of_its_parts_is_left_out_and_said(starting: Operator) -> None:
    """A quarter of the pairs would be "no edit"; the starter goes on answering until the part is there."""
    parts = published.ptp(starting.files, WINDOWS)
    with starting.release(*parts[:2], parts[3]) as release:
        (sentence,) = left_out(starting.releases)
        assert "2026Q2 (v32.1) practitioner: part 3 of 4 was not imported" in sentence
        assert isinstance(release.edits(("11440", "12011"), ON), NoEdition)
        assert in_force(release, ("11441", "11440"), ON) == ["1"]
    with starting.release(parts[2]) as release:
        assert left_out(starting.releases) == ()
        assert in_force(release, ("11440", "12011"), ON) == ["0"]


def test_notes_without_their_order_file_are_left_out_and_said(operator: Operator) -> None:
    """The tabular list alone has no code of seven characters."""
    with operator.release(published.tabular(operator.files, NOTES)) as release:
        (sentence,) = left_out(operator.releases)
        assert "ICD-10-CM tabular list FY2021: the order file of the edition was not imported" in sentence
        assert [row.edition for row in release.sources() if row.kind == "icd10cm"] == ["FY2026 (April 2026 update)"]


def test_an_order_file_is_an_edition_without_its_notes(operator: Operator) -> None:
    """Codes are valid or not by the order file alone."""
    with operator.release(published.order(operator.files, *ORDER)) as release:
        assert left_out(operator.releases) == ()
        entry = release.icd10("D22.39", date(2021, 1, 1))
        assert isinstance(entry, CodeEntry)
        assert (entry.edition, entry.for_date) == ("FY2021", True)


def test_of_two_exports_of_coverage_the_newer_counts(operator: Operator) -> None:
    """An article that was dropped since is not spoken of, and nothing waits for another file."""
    older, newer = published.articles(operator.files, "2026-04-13"), operator.files / "newer"
    changed = [test_coverage.PROCEDURES[0], ("52369", "17", "29881", "9", "1", "N", test_coverage.DAY, "")]
    with operator.release(older, published.articles(newer, "2026-04-20", article_x_hcpc_code=changed)) as release:
        assert left_out(operator.releases) == ()
        found = {}
        for code in ("29877", "29881"):
            answer = release.coverage(code, ON)
            assert isinstance(answer, Coverage)
            assert answer.edition == "articles 2026-04-20"
            found[code] = len(answer.articles)
        assert found == {"29877": 0, "29881": 1}


# What is refused.


def _kept(operator: Operator) -> dict[str, str]:
    """Return every file below the folder of releases with its checksum."""
    return {
        path.relative_to(operator.releases).as_posix(): checksum(path)
        for path in sorted(operator.releases.rglob("*"))
        if path.is_file()
    }


def _stored(files: Path) -> Path:
    """Write edits into a zip that does not pack them, which makes it long, and recognised by its first 64 kB."""
    path = files / "ccipra-v321r0-f1.zip"
    files.mkdir()
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("ccipra-v321r0-f1.txt", published.ptp_text(MANY))
    assert path.stat().st_size > 3 * 65_536
    return path


def _truncated_zip(files: Path) -> Path:
    path = _stored(files)
    path.write_bytes(path.read_bytes()[:150_000])
    return path


def _truncated_gzip(files: Path) -> Path:
    rows = [published.fee_row(f"{code:05}", description=str(code * 7919)) for code in range(10000, 30000)]
    packed = gzip.compress(test_pprrvu.table(*rows).encode("latin-1"))
    assert len(packed) > 2 * 65_536
    return published.written(files, "PPRRVU2025_Oct.csv.gz", packed[:-1000])


def _damaged_zip(files: Path) -> Path:
    """Change one digit of a row on its way, which leaves the zip one that opens."""
    path = _stored(files)
    path.write_bytes(path.read_bytes().replace(b"15999\t36000", b"15999\t36001"))
    return path


def _excel(files: Path) -> Path:
    """A spreadsheet made a number of the very last code."""
    last = test_mue.ROWS[0]
    return published.written(
        files,
        "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
        test_mue.plenty(*test_mue.ROWS) + ",".join(("1.1E+04", *last[1:])) + "\r\n",
    )


def _two_of_a_key(files: Path) -> Path:
    rows = (*test_mue.ROWS, (test_mue.ROWS[1][0], "9", *test_mue.ROWS[1][2:]))
    return published.written(
        files, "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", test_mue.text(test_mue.table(*rows))
    )


def _one_bad_member(files: Path) -> Path:
    """Of a zip with several releases the last is damaged."""
    files.mkdir()
    bad = published.fee_row("11042").replace("11042", "1/1/2042")
    return zipped(
        files / "rvu25d.zip",
        {
            "GPCI2025.csv": test_gpci.text(*test_gpci.ROWS),
            "PPRRVU2025_Oct.csv": test_pprrvu.table(*test_pprrvu.SOUND, bad),
        },
    )


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a zip cut off past its first 64 kB": (_truncated_zip, "a whole zip file"),
    "a gzip cut off near its end": (_truncated_gzip, "a whole file"),
    "a zip whose content changed": (_damaged_zip, "a whole file"),
    "a web page with the name of a release": (
        lambda files: published.written(files, "ccipra-v321r0-f1.txt", WEB_PAGE),
        "DOCTYPE",
    ),
    "a code that a spreadsheet changed in the last line": (_excel, "was made a number in scientific notation"),
    "two rows of one code": (_two_of_a_key, "more than one of 11042"),
    "a zip with one damaged release among good ones": (_one_bad_member, "was made a date"),
    "an empty file": (lambda files: published.written(files, "GPCI2025.csv", b""), "an empty file"),
    "two rows of one ICD-10-CM code": (
        lambda files: published.order(files, *ORDER[:2], *ORDER[1:]),
        "more than one of D22.39",
    ),
    "two rows of one ICD-10-PCS code": (
        lambda files: published.order(files, *PCS[:2], *PCS[1:], name="icd10pcs_order_2026.txt"),
        "more than one of 0016070",
    ),
    "two rows of one rate": (
        lambda files: published.opps(files, ("11440", "T", "", ""), ("11440", "N", "", "")),
        "more than one of 11440",
    ),
    "two rows of one fee": (
        lambda files: published.fee(files, published.fee_row("11440", "26"), published.fee_row("11440", "26")),
        "more than one of 11440 26",
    ),
    "two rows of one locality": (lambda files: published.gpci(files, ALASKA, ALASKA), "more than one of 02102 01"),
}


@pytest.fixture(scope="module")
def running(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator with a release in use that holds imports, not to be changed."""
    folder = tmp_path_factory.mktemp("running")
    operator = Operator(built_once.parents[1] / "content", folder / "releases", folder / "files")
    operator.release(published.mue(operator.files, {"11440": 3}), published.gpci(operator.files, ALASKA)).close()
    return operator


@pytest.mark.parametrize(("make", "sentence"), BAD.values(), ids=BAD.keys())
def test_a_refused_file_leaves_nothing_behind(
    running: Operator, tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    """Not one byte changes: neither what was imported before nor the running release."""
    before, release = _kept(running), current(running.releases)
    path = make(tmp_path / "bad")
    with pytest.raises(SourceRefused) as refused:
        running.take(path)
    assert sentence in str(refused.value)
    assert path.name in str(refused.value)
    assert (_kept(running), current(running.releases)) == (before, release)
    assert sorted(path.name for path in (running.releases / FOLDER).iterdir()) == [
        "gpci-gpci2026.rows",
        "mue-2026q2-practitioner.rows",
    ]


def test_files_before_a_refused_one_stay(operator: Operator) -> None:
    """Each file stands for itself."""
    good = published.mue(operator.files, {"11440": 3})
    with pytest.raises(SourceRefused):
        operator.take(good, published.written(operator.files, "other.csv", WEB_PAGE))
    assert [row.report.kind for row in held(operator.releases)] == ["mue"]


@contextmanager
def _little_room(size: int) -> Iterator[None]:
    """Let no file grow beyond some bytes, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_an_import_onto_a_full_disk_leaves_nothing_behind(running: Operator, tmp_path: Path) -> None:
    """It is said as what it is, a failure of the disk."""
    before = _kept(running)
    path = _stored(tmp_path / "files")
    with pytest.raises(OSError, match=r"disk") as raised, _little_room(50_000):
        running.take(path)
    assert raised.value.filename == str(running.releases / FOLDER)
    assert _kept(running) == before


@pytest.mark.parametrize("cut", [100, -5000], ids=["its beginning", "its end"])
def test_an_import_that_was_damaged_since_is_named(operator: Operator, cut: int) -> None:
    """Neither a listing nor a build takes it for whole; the running release stays."""
    rows = ((str(code), "36000", "20100101", "*", "0") for code in range(10000, 11000))
    first = operator.release(*published.ptp(operator.files, rows)).folder
    operator.take(published.mue(operator.files, {"11440": 1}))
    (path,) = (operator.releases / FOLDER).glob("*part1.rows")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ReleaseDamaged):
        operator.build()
    assert current(operator.releases) == first
    assert not list(operator.releases.glob(".building-*"))


# The same again.


def test_importing_the_same_file_twice_changes_nothing(running: Operator) -> None:
    """The same rows under the same name are the same release, which is not written again."""
    before = _kept(running)
    written = {path: path.stat().st_mtime_ns for path in current(running.releases).rglob("*")}
    running.take(running.files / "GPCI2026.csv", running.files / "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv")
    assert running.build() == current(running.releases)
    assert _kept(running) == before
    assert {path: path.stat().st_mtime_ns for path in current(running.releases).rglob("*")} == written


def test_a_file_under_another_name_is_the_same_edition(operator: Operator) -> None:
    """A browser names a second download otherwise; it takes the place of the first."""
    again = "icd10cm_order_2021 (1).txt"
    with operator.release(published.order(operator.files, *ORDER)) as release:
        count = len(release.sources())
    with operator.release(published.order(operator.files, *ORDER, name=again)) as release:
        assert len(release.sources()) == count
        assert verify(release) == ()


def test_a_correction_of_an_edition_takes_its_place(operator: Operator) -> None:
    """CMS replaces files within a quarter; the release is another, and the old one stays to be used again."""
    with operator.release(published.mue(operator.files, {"11440": 3})) as first:
        pass
    with operator.release(published.mue(operator.files, {"11440": 4})) as second:
        limit = second.mue("11440", ON)
        assert isinstance(limit, Mue)
        assert limit.units == 4
    assert first.folder != second.folder
    with open_release(first.folder) as again:
        limit = again.mue("11440", ON)
        assert isinstance(limit, Mue)
        assert limit.units == 3


def test_the_build_is_the_same_for_the_same_imports(content: Path, tmp_path: Path) -> None:
    """Whoever imports the same files, in whatever order, gets the same rows under the same version."""
    made = []
    for name in ("one", "other"):
        operator = Operator(content, tmp_path / name, tmp_path / "files")
        paths = [
            *published.ptp(operator.files, WINDOWS),
            published.mue(operator.files, {"11440": 3}),
            published.order(operator.files, *ORDER),
            published.tabular(operator.files, NOTES),
            published.hcpcs(operator.files, *test_hcpcs.RECORDS),
        ]
        with operator.release(*(paths if name == "one" else reversed(paths))) as release:
            made.append((release.version, checksum(release.folder / DATABASE)))
    assert made[0] == made[1]


# Texts that are the property of others.


def _descriptions(release: Release) -> dict[str, str | None]:
    connection = sqlite3.connect(release.folder / DATABASE)
    try:
        return dict(connection.execute("SELECT code, description FROM fee WHERE status = 'A' ORDER BY code"))
    finally:
        connection.close()


def test_descriptors_of_others_are_dropped_unless_licensed(starting: Operator) -> None:
    """They are in no file that is kept; with a licence they are, and the release says so and is another one."""
    path = published.fee(
        starting.files,
        *(published.fee_row(code, description="Property of others") for code in ("11440", "D0150")),
        published.fee_row("G0168", description="Text of CMS"),
    )
    with starting.release(path) as plain:
        assert _descriptions(plain) == {"11440": None, "D0150": None, "G0168": "Text of CMS"}
        assert verify(plain) == ()
    owned = b"Property of others"
    kept = [path for path in starting.releases.rglob("*") if path.is_file()]
    assert not [path for path in kept if owned in path.read_bytes()]
    with starting.release(path, licensed=True) as licensed:
        assert licensed.version != plain.version
        assert _descriptions(licensed)["11440"] == "Property of others"
        assert any("licence" in row.note for row in licensed.sources())
        assert verify(licensed) == ()
    with starting.release(path) as again:
        assert again.version == plain.version
