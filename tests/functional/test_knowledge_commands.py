"""The commands of the knowledge base as an operator runs them, on content of two codes so that a build is short."""

import shutil
from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.imports import FOLDER
from tests.processes import ROOT, consultant
from tests.unit.knowledge import published
from tests.unit.knowledge.conftest import FACTS, ICD, SAMPLE
from tests.unit.knowledge.sources import test_hcpcs, test_mue
from tests.unit.knowledge.sources.official_files import WEB_PAGE

WINDOWS = (("11440", "12011", "20100101", "20151231", "1"), ("11440", "12011", "20200101", "*", "0"))
FEES = (published.fee_row("11440"), published.fee_row("G0168", description="Text of CMS"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program's knowledge base, its content replaced, two releases, and the files of the second."""
    folder = tmp_path_factory.mktemp("desk")
    # The folder in which a command runs comes first, so that this copy is what it builds from.
    shutil.copytree(ROOT / "knowledge", folder / "knowledge", ignore=shutil.ignore_patterns("content", "__pycache__"))
    content = folder / "knowledge" / "content"
    (content / "families").mkdir(parents=True)
    (content / "facts").mkdir()
    (content / "families" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())
    for name, text in FACTS.items():
        (content / "facts" / name).write_text(text, "utf-8")
    (folder / "consultant.toml").write_text('knowledge_folder = "releases"\n')
    files = folder / "files"
    published.ptp(files, WINDOWS)
    published.mue(files, {"11440": 4})
    published.fee(files, *FEES)
    published.gpci(files, published.ALASKA)
    published.hcpcs(files, *test_hcpcs.RECORDS)
    build(content, into=folder / "releases", icd=ICD)
    code, said, wrong = knowledge("import", *(f"files/{path.name}" for path in sorted(files.iterdir())), cwd=folder)
    assert (code, wrong) == (0, "")
    (folder / "imported.txt").write_text(said)
    code, said, wrong = knowledge("build", cwd=folder)
    assert (code, wrong) == (0, "")
    assert said.startswith("Built and in use: ")
    return folder


def knowledge(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Run a command of the knowledge base; return its exit code, what it said, and what it said was wrong."""
    result = consultant("knowledge", *arguments, cwd=cwd)
    assert "Traceback" not in result.stderr, result.stderr
    return result.returncode, result.stdout, result.stderr


def said(*arguments: str, cwd: Path) -> str:
    """Run a command that succeeds and return what it said."""
    code, text, wrong = knowledge(*arguments, cwd=cwd)
    assert (code, wrong) == (0, "")
    return text


def versions(desk: Path) -> list[str]:
    """Return the names of the releases, the older one first."""
    kept = (path for path in (desk / "releases").glob("2*-*"))
    return [path.name for path in sorted(kept, key=lambda path: path.stat().st_mtime_ns)]


def test_an_import_reports_what_came_of_each_file(desk: Path) -> None:
    """Which release it is, for which days, and how many rows were read, kept and refused."""
    lines = (desk / "imported.txt").read_text().splitlines()
    assert [line for line in lines if "part 4 of 4" in line] == [
        "  NCCI PTP edits of Medicare, 2026Q2 (v32.1), practitioner, part 4 of 4, 2026-04-01 to 2026-06-30"
    ]
    assert sum(line.startswith("  ") and " 0 refused; sha256 " in line for line in lines) == 8
    assert lines[-1] == "Imported; `consultant knowledge build` makes a release of it."
    # Nothing of a progress bar where nobody watches.
    assert "" not in lines


def test_the_sources_are_listed_with_their_days_and_rows(desk: Path) -> None:
    """Imports stand beside what the content carries."""
    text = said("list", cwd=desk)
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]
    listed = {(kind, edition): rest for kind, edition, *rest in rows}
    assert listed["ptp", "2026Q2 (v32.1) (practitioner)"][:3] == ["2026-04-01", "2026-06-30", "6"]
    assert listed["fee", "PPRRVU2026_Apr"][:3] == ["2026-04-01", "2026-06-30", "2"]
    assert {"gpci", "hcpcs", "mue", "content", "icd10cm"} <= {kind for kind, _ in listed}
    assert versions(desk)[1].replace("-", "+sha256:") in text


def test_a_code_is_shown_with_its_national_and_local_fee(desk: Path) -> None:
    """(1.01 x 1.5 + 2.57 x 1.081 + 0.12 x 0.592) x 32.3465 is 141.1669..."""
    text = said("show", "11440", "--on", "2026-05-01", "--locality", "02102-01", cwd=desk)
    assert "national amount: $119.68 in the office, $57.25 in a facility" in text
    assert "ALASKA, ALL, AK (GPCI2026): $141.17 in the office, $73.68 in a facility" in text
    assert "MUE, practitioner, 2026Q2: 4 units, MAI 3" in text
    assert "MUE, outpatient hospital: no edition is held for 2026-05-01." in text
    assert "not the edition for this date" in said("show", "11440", "--on", "2026-07-01", cwd=desk)


def test_what_is_typed_in_small_letters_is_found(desk: Path) -> None:
    """An imported code has the words of CMS."""
    assert test_hcpcs.LONG in said("show", "j9999", "--on", "2026-05-01", cwd=desk)


@pytest.mark.parametrize(
    ("on", "wanted", "unwanted"),
    [
        ("2015-12-31", "indicator 1", "no edit in force"),
        ("2016-01-01", "no edit in force in 2026Q2 (v32.1), in either order", "; in force."),
        ("2026-05-01", "indicator 0", "no edit in force"),
        ("2026-07-01", "so whether an edit applies was not checked", "no edit in force"),
    ],
)
def test_edits_are_told_by_date(desk: Path, on: str, wanted: str, unwanted: str) -> None:
    """That none is in force and that none is held are different sentences."""
    text = said("edits", "12011", "11440", "--on", on, cwd=desk)
    assert wanted in text
    assert unwanted not in text


def test_edits_of_hospitals_are_asked_for_by_name(desk: Path) -> None:
    """No edition for them was imported, and that for practitioners is not given for it."""
    text = said("edits", "12011", "11440", "--on", "2026-05-01", "--setting", "outpatient_hospital", cwd=desk)
    assert "Editions held: none." in text
    assert "11440 (column one)" not in text


def test_a_search_finds_pages_and_diagnoses(desk: Path) -> None:
    """The code sets are built in with the content."""
    assert "D22.39" in said("search", "nevus of the chin", cwd=desk)
    assert "11440" in said("search", "11440", "--system", "cpt", cwd=desk)


def test_the_difference_of_two_releases_is_told_by_kind(desk: Path) -> None:
    """With both values of what changed, and as many names as were asked for."""
    old, new = versions(desk)
    text = said("diff", old, cwd=desk)
    assert text.splitlines()[0] == f"From {old.replace('-', '+sha256:')} to {new.replace('-', '+sha256:')}"
    assert "mue: 1 changed\n  11440 practitioner 3 (MAI 3) -> 4 (MAI 3)\n" in text
    assert "\n  11440 12011 practitioner 0\n" in text
    short = said("diff", old, new, "--limit", "1", cwd=desk)
    assert "ptp: 5 added\n" in short
    assert "\n  and 4 more\n" in short
    assert said("diff", new, new, cwd=desk).splitlines()[1:] == ["Nothing changed."]


def test_another_release_is_used_and_the_first_again(desk: Path) -> None:
    """By the beginning of its version, as it is printed or as its folder is called."""
    old, new = versions(desk)
    for version, name in ((old[:-3], old), (new.replace("-", "+sha256:"), new)):
        assert said("use", version, cwd=desk) == f"In use: {name}\n"
        assert (desk / "releases" / "current").resolve().name == name


def test_a_sound_release_is_verified(desk: Path) -> None:
    """And how many of its statements nobody confirmed."""
    text = said("verify", cwd=desk)
    assert " holds.\n" in text
    assert "statements, each with a source" in text


def test_a_family_is_checked_while_it_is_written(desk: Path) -> None:
    """With the page as a reader sees it and the chooser on some facts; what is wrong comes with its place."""
    family = desk / "knowledge" / "content" / "families" / SAMPLE.name
    facts = ("site_group=face", "pathology=benign", "technique=excision", "lesion_diameter_cm=0.4", "margin_cm=0.1")
    chosen = (word for fact in facts for word in ("--choose", fact))
    text = said("check", str(family), "--page", "11440", *chosen, cwd=desk)
    assert text.startswith("sample_excision.yaml holds: 2 codes, 0 modifiers, ")
    assert "11440: Excision of a benign lesion" in text
    assert "\n11441 x 1\n" in text
    wrong = desk / SAMPLE.name
    wrong.write_text(family.read_text("utf-8").replace("kind: choice", "kind: chance", 1), "utf-8")
    code, text, _ = knowledge("check", SAMPLE.name, cwd=desk)
    assert code == 1
    assert "sample_excision.yaml" in text
    assert "line " in text


@pytest.fixture(scope="module")
def trials(desk: Path) -> Path:
    """Files that are not what they claim, beside the others."""
    files = desk / "files"
    published.written(files, "ccipra-v321r0-f1.txt", WEB_PAGE)
    whole = next(files.glob("*-f1.zip")).read_bytes()
    published.written(files, "medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1-cut.zip", whole[:-40])
    last = ",".join(("1.1E+04", *test_mue.ROWS[0][1:]))
    damaged = f"{test_mue.text(test_mue.table(*test_mue.ROWS))}{last}\r\n"
    published.written(files, "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", damaged)
    published.written(files, "bad.yaml", "id: [\n")
    return files


REFUSED = "nothing of the file was taken. The running release stays."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import", "nowhere.zip"), "There is no file nowhere.zip; nothing was imported."),
        (("import", "files"), "There is no file files; nothing was imported."),
        (("import", "files/ccipra-v321r0-f1.txt"), REFUSED),
        (("import", "files/medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1-cut.zip"), REFUSED),
        (("import", "files/MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"), 'the code "1.1E+04"'),
        (("import", "consultant.toml"), "an official file as published"),
        (("edits", "11440", "11440"), "Two different codes or more were expected"),
        (("edits", "11440", "12011", "--setting", "dme"), "practitioner or outpatient_hospital was expected"),
        (("edits", "11440", "12011", "--on", "2026-02-30"), "year-month-day was expected"),
        (("show", "99999"), "holds nothing of 99999"),
        (("search", "qqqqxyzzy"), "Nothing was found"),
        (("use", "1999"), "No release begins with 1999; these are kept: 2026.4-"),
        (("use", "2026"), "More than one release begins with 2026"),
        (("use", "../releases/2026"), "No release begins with"),
        (("diff", "1999"), "No release begins with 1999"),
        (("check", "nowhere.yaml"), "There is no file nowhere.yaml."),
    ],
)
def test_a_wrong_call_is_one_sentence_and_changes_nothing(
    desk: Path, trials: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    """It says what was wrong and what was expected, with exit code 1 and no trace."""
    before = sorted(path.name for path in (desk / "releases").rglob("*"))
    code, text, wrong = knowledge(*arguments, cwd=desk)
    assert (code, text) == (1, "")
    assert sentence in wrong
    assert wrong.count("\n") == 1
    assert sorted(path.name for path in (desk / "releases").rglob("*")) == before
    assert len(list((desk / "releases" / FOLDER).iterdir())) == 8


def test_a_file_that_is_no_yaml_is_told_by_its_line(desk: Path, trials: Path) -> None:
    """A curator sees the place, not how the program failed over it."""
    code, text, wrong = knowledge("check", "files/bad.yaml", cwd=desk)
    assert (code, wrong) == (1, "")
    assert text.startswith("bad.yaml line 2: ")


@pytest.mark.parametrize("command", [("list",), ("edits", "11440", "12011")])
def test_without_a_release_the_way_to_one_is_said(desk: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A new folder has none."""
    (tmp_path / "consultant.toml").write_text('knowledge_folder = "none"\n')
    code, text, wrong = knowledge(*command, cwd=tmp_path)
    assert (code, text) == (1, "")
    assert "There is no knowledge release in" in wrong
    assert "`consultant knowledge build`" in wrong


def test_an_edition_that_waits_for_a_part_is_said_at_import(tmp_path: Path) -> None:
    """Before anybody builds, and with what to do."""
    (tmp_path / "consultant.toml").write_text('knowledge_folder = "releases"\n')
    *parts, _ = published.ptp(tmp_path / "files", WINDOWS)
    text = said("import", *map(str, parts), cwd=tmp_path)
    sentence = (
        "NCCI PTP edits of Medicare 2026Q2 (v32.1) practitioner: part 4 of 4 was not imported, so the edition is left "
        "out; import it and build again."
    )
    assert sentence in text.splitlines()


def test_a_damaged_import_stops_a_build_with_one_sentence(desk: Path, tmp_path: Path) -> None:
    """It names the file to delete; importing the official file again mends it as well."""
    shutil.copytree(desk / "knowledge", tmp_path / "knowledge")
    (tmp_path / "consultant.toml").write_text('knowledge_folder = "releases"\n')
    kept = tmp_path / "releases" / FOLDER / "gpci-gpci2026.rows"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"SQLite format 3\0 and no more")
    code, text, wrong = knowledge("build", cwd=tmp_path)
    assert (code, text) == (1, "")
    assert "gpci-gpci2026.rows is damaged; delete it and import the official file again." in wrong
    assert wrong.count("\n") == 1
    assert "GPCI2026" in said("import", str(desk / "files" / "GPCI2026.csv"), cwd=tmp_path)
