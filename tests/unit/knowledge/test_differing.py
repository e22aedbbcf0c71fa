"""What changed between two releases: codes, edits, limits, indicators, pages and rules, and nothing that did not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.codesets import IcdRow
from knowledge.differing import Change, Difference
from knowledge.layout import DATABASE
from knowledge.release import ReleaseDamaged, open_release
from tests.unit.knowledge import published
from tests.unit.knowledge.conftest import ICD
from tests.unit.knowledge.published import Operator, PtpLine

Made = Callable[..., Difference]


@pytest.fixture
def changed(content: Path, built_once: Path, tmp_path: Path) -> Made:
    """Change files of the content, build, and compare with the invented release as it was."""

    def compare(*edits: tuple[str, str, str], icd: tuple[IcdRow, ...] = ICD) -> Difference:
        for name, old, new in edits:
            path = content / name
            text = path.read_text("utf-8")
            assert text.count(old) == 1, (name, old)
            path.write_text(text.replace(old, new), "utf-8")
        made = build(content, into=tmp_path / "changed", icd=icd)
        with open_release(built_once) as old_release, open_release(made) as new_release:
            return old_release.diff(new_release)

    return compare


def told(difference: Difference) -> list[Change]:
    """Return the changes but for those of editions, whose checksums change with every row."""
    return [change for change in difference.changes if change.kind != "edition"]


def test_the_same_release_does_not_differ_from_itself(built_once: Path) -> None:
    """Nothing is said where there is nothing to say."""
    with open_release(built_once) as one, open_release(built_once) as other:
        difference = one.diff(other)
    assert difference == Difference(one.version, one.version, ())
    assert difference.counts() == {}


@pytest.mark.parametrize(
    ("edit", "change"),
    [
        (
            ("facts/ptp.csv", "11441,11440,,1", "11441,11440,,0"),
            Change("ptp", "changed", "11441 11440", "practitioner", "1", "0"),
        ),
        (
            ("facts/ptp.csv", "11441,11440,,1", "11441,12011,,1,Invented reason\n11441,11440,,1"),
            Change("ptp", "added", "11441 12011", "practitioner", after="1"),
        ),
        (
            ("facts/ptp.csv", "11441,11440,,1", "11441,11440,2020-12-31,1"),
            Change("ptp", "removed", "11441 11440", "practitioner", before="1"),
        ),
        (
            ("facts/ptp.csv", "11441,11440,,1", "11441,11440,,9"),
            Change("ptp", "removed", "11441 11440", "practitioner", before="1"),
        ),
        (
            ("facts/mue.csv", "practitioner,3,3", "practitioner,4,2"),
            Change("mue", "changed", "11440", "practitioner", "3 (MAI 3)", "4 (MAI 2)"),
        ),
        (
            ("facts/mue.csv", "11440,", "11441,practitioner,1,2,Invented reason\n11440,"),
            Change("mue", "added", "11441", "practitioner", after="1 (MAI 2)"),
        ),
        (
            ("facts/add_on.csv", "11008,1,11441,2013-04-01,", "11008,3,11441,2013-04-01,"),
            Change("add_on", "changed", "11008 11441", before="type 1", after="type 3"),
        ),
        (
            ("facts/add_on.csv", "11008,1,11441,2013-04-01,", "11008,1,11441,2013-04-01,2025-09-30"),
            Change("add_on", "removed", "11008 11441", before="type 1"),
        ),
        (
            ("facts/fee.csv", "11441,,A,010,2,0,1,0,0,0", "11441,,A,090,2,0,1,0,0,0"),
            Change(
                "fee",
                "changed",
                "11441",
                before="status A, global 010, multiple 2, bilateral 0, assistant 1, co-surgeon 0",
                after="status A, global 090, multiple 2, bilateral 0, assistant 1, co-surgeon 0",
            ),
        ),
        (
            ("facts/fee.csv", "11441,,A,010", "11441,26,A,010,2,0,1,0,0,0\n11441,,A,010"),
            Change(
                "fee",
                "added",
                "11441 26",
                after="status A, global 010, multiple 2, bilateral 0, assistant 1, co-surgeon 0",
            ),
        ),
    ],
)
def test_a_row_that_changed_is_told_with_both_values(changed: Made, edit: tuple[str, str, str], change: Change) -> None:
    """One change is one line, under the kind of its file; of its edition it is said that it changed."""
    difference = changed(edit)
    assert told(difference) == [change]
    (edition,) = [row for row in difference.changes if row.kind == "edition"]
    assert (edition.how, edition.key.split()[0]) == ("changed", change.kind)
    assert difference.counts() == {("edition", "changed"): 1, (change.kind, change.how): 1}


def test_codes_that_come_go_and_are_renamed_are_told(changed: Made) -> None:
    """Each with the code set that it belongs to."""
    new = IcdRow("D22.4", "D22", "New", billable=True, notes=())
    difference = changed(icd=(ICD[0], replace(ICD[1], description="Renamed"), ICD[2], new))
    assert told(difference) == [
        Change("code", "added", "ICD-10-CM D22.4", after="New"),
        Change("code", "changed", "ICD-10-CM D22.3", before="Invented subcategory", after="Renamed"),
    ]


def test_pages_and_rules_are_told_by_their_names(changed: Made) -> None:
    """Their whole content is compared; what changed in them is for a person to read."""
    difference = changed(("families/sample_excision.yaml", "Simple closure.", "Any closure."))
    kinds = {(change.kind, change.how) for change in difference.changes}
    assert kinds == {("page", "changed")}
    assert {change.key for change in difference.changes} <= {"11440", "11441"}


def test_a_new_edition_is_told_and_a_deleted_window_of_it_is_not(operator: Operator) -> None:
    """Two quarters list the same history; what tells somebody something is what is in force in the newer one."""
    pairs: tuple[PtpLine, ...] = (
        ("11440", "12011", "20100101", "*", "1"),
        ("11440", "12013", "20100101", "20151231", "1"),
    )
    later: tuple[PtpLine, ...] = (
        ("11440", "12011", "20100101", "20260630", "1"),
        ("11440", "12013", "20100101", "20151231", "1"),
        ("11440", "12014", "20260701", "*", "0"),
        ("11440", "12015", "20260701", "20260701", "9"),
    )
    with (
        operator.release(*published.ptp(operator.files, pairs)) as old,
        operator.release(*published.ptp(operator.files, later, quarter=3)) as new,
    ):
        assert old.diff(new).changes == (
            Change("edition", "added", "ptp 2026Q3 (v32.2)", "practitioner"),
            Change("ptp", "removed", "11440 12011", "practitioner", before="1"),
            Change("ptp", "added", "11440 12014", "practitioner", after="0"),
        )
        back = new.diff(old)
        assert [(row.how, row.key) for row in back.changes if row.kind == "ptp"] == [
            ("removed", "11440 12014"),
            ("added", "11440 12011"),
        ]


def test_a_pair_with_two_windows_that_stand_is_not_told_as_changed(operator: Operator) -> None:
    """The file may list a pair twice; what stands is the same before and after another edition is imported."""
    twice: tuple[PtpLine, ...] = (
        ("11440", "12011", "20100101", "*", "1"),
        ("11440", "12011", "20200101", "*", "0"),
    )
    with (
        operator.release(*published.ptp(operator.files, twice)) as old,
        operator.release(published.mue(operator.files, {"11440": 1})) as new,
    ):
        assert {change.kind for change in old.diff(new).changes} == {"edition", "mue"}
        assert old.diff(old).changes == ()


def test_hospital_and_practitioner_are_compared_apart(operator: Operator) -> None:
    """A limit for one kind of claim is none for the other."""
    hospital = "OutpatientHospitalServices"
    with (
        operator.release(
            published.mue(operator.files, {"11440": 3}), published.mue(operator.files, {"11440": 3}, setting=hospital)
        ) as old,
        operator.release(published.mue(operator.files, {"11440": 5}, setting=hospital)) as new,
    ):
        assert told(old.diff(new)) == [
            Change("mue", "changed", "11440", "outpatient_hospital", "3 (MAI 3)", "5 (MAI 3)"),
        ]


@pytest.fixture
def operator(content: Path, tmp_path: Path) -> Operator:
    """An operator with the invented content and no release yet."""
    return Operator(content, tmp_path / "releases", tmp_path / "files")


def test_a_damaged_release_is_said_and_not_compared(compiled: Path, built_once: Path) -> None:
    """Rows that cannot be read would look like rows that are not there."""
    with open_release(compiled) as old, open_release(built_once) as new:
        database = compiled / DATABASE
        database.chmod(0o644)
        database.write_bytes(database.read_bytes()[:5000])
        with pytest.raises(ReleaseDamaged, match=r"cannot be compared|is damaged"):
            old.diff(new)


def test_an_older_edition_of_a_code_set_renames_nothing(operator: Operator) -> None:
    """A code that both editions have bears the words of the newer one, before and after."""
    older = published.order(operator.files, ("D22", 0, "Z"), ("D2239", 1, "Zuletzt"), ("Z99", 1, "Last"))
    with operator.release() as old, operator.release(older) as new:
        assert told(old.diff(new)) == [Change("code", "added", "ICD-10-CM Z99", after="Last")]
