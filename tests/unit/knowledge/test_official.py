"""Rows of official files: both orders, every window, and "not held" never mistaken for "no edit"."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.facts import read_facts
from knowledge.official_model import AddOn, Fee, Mue, NoEdition, PtpAnswer
from knowledge.reading import ContentRefused
from knowledge.release import Release, open_release
from tests.unit.knowledge.conftest import ICD

HELD = date(2025, 11, 1)
LATER = date(2026, 3, 2)


@pytest.fixture
def rows(invented: Release) -> Release:
    """The invented release."""
    return invented


def test_a_pair_is_found_in_both_orders(rows: Release) -> None:
    """Whoever asks does not know which code is column one."""
    one, other = rows.edits(("11440", "11441"), HELD), rows.edits(("11441", "11440"), HELD)
    assert isinstance(one, PtpAnswer)
    assert isinstance(other, PtpAnswer)
    assert one.edits == other.edits
    assert {(edit.column_one, edit.column_two) for edit in one.edits} == {("11441", "11440")}


def test_every_window_of_a_pair_is_given(rows: Release) -> None:
    """A deleted window and the one that stands are two edits, each with its own indicator."""
    answer = rows.edits(("11440", "11441"), HELD)
    assert isinstance(answer, PtpAnswer)
    assert {(edit.deleted, edit.indicator) for edit in answer.edits} == {(None, "1"), (date(2019, 12, 31), "0")}
    assert {edit.effective for edit in answer.edits} == {None}


def test_an_edit_applies_until_its_last_day_inclusive(content: Path, tmp_path: Path) -> None:
    """Windows of a pair recur; each has its own first and last day, and a void one (9) never applies."""
    (content / "facts" / "ptp.csv").write_text(
        "column_one,column_two,effective,deleted,indicator,rationale\n"
        "11440,12011,2010-01-01,2025-10-31,1,Invented reason\n"
        "11440,12011,2025-12-01,,0,Invented reason\n"
        "11440,12013,2010-01-01,2026-12-31,9,Invented reason\n"
    )
    with open_release(build(content, into=tmp_path / "windows", icd=ICD)) as opened:
        for day, indicators in (
            (date(2025, 10, 31), ["1"]),
            (date(2025, 11, 1), []),
            (date(2025, 11, 30), []),
            (date(2025, 12, 1), ["0"]),
        ):
            answer = opened.edits(("12011", "11440"), day)
            assert isinstance(answer, PtpAnswer)
            assert len(answer.edits) == 2
            assert [edit.indicator for edit in answer.edits if edit.in_force(day)] == indicators
        void = opened.edits(("11440", "12013"), HELD)
        assert isinstance(void, PtpAnswer)
        assert [edit.in_force(HELD) for edit in void.edits] == [False]


def test_each_edition_answers_for_its_own_dates(content: Path, tmp_path: Path) -> None:
    """Two editions of one file, with a day between them that neither holds."""
    (content / "facts" / "older.csv").write_text(
        "code,setting,units,indicator,rationale\n11440,practitioner,1,2,Older\n"
    )
    with (content / "facts" / "facts.yaml").open("a") as listing:
        listing.write(
            "- {kind: mue, file: older.csv, edition: older, effective: 2025-07-01, ended: 2025-09-29, note: x}\n"
        )
    with open_release(build(content, into=tmp_path / "two", icd=ICD)) as opened:
        newer, older = opened.mue("11440", HELD), opened.mue("11440", date(2025, 9, 29))
        assert isinstance(newer, Mue)
        assert isinstance(older, Mue)
        assert (newer.units, older.units) == (3, 1)
        between = date(2025, 9, 30)
        assert opened.mue("11440", between) == NoEdition("mue", between, ("older", "limits of 2025Q4"))


def test_no_edit_and_no_edition_are_different_answers(rows: Release) -> None:
    """A coder would bill on the first and must not on the second."""
    answer = rows.edits(("11440", "99999"), HELD)
    assert isinstance(answer, PtpAnswer)
    assert (answer.edition, answer.edits) == ("pairs of 2025Q4", ())
    assert rows.edits(("11440", "99999"), LATER) == NoEdition("ptp", LATER, ("pairs of 2025Q4",))


def test_an_edition_for_practitioners_is_none_for_hospitals(rows: Release) -> None:
    """What one file says is never given for another kind of claim."""
    assert rows.edits(("11440", "11441"), HELD, "outpatient_hospital") == NoEdition("ptp", HELD, ())
    assert rows.edits(("11440", "11441"), LATER, "outpatient_hospital", nearest=True) == NoEdition("ptp", LATER, ())
    assert rows.mue("11440", HELD, "dme") == NoEdition("mue", HELD, ())


@pytest.mark.parametrize("on", [date(2025, 9, 30), date(2026, 1, 1), date(1990, 1, 1), date(2090, 1, 1)])
def test_the_nearest_edition_says_that_it_is_not_the_one(rows: Release, on: date) -> None:
    """It answers only when asked to, and marked."""
    pairs = rows.edits(("11440", "11441"), on, nearest=True)
    limit = rows.mue("11440", on, nearest=True)
    fee = rows.fee("11440", on, nearest=True)
    add_on = rows.addon("11008", on, nearest=True)
    assert isinstance(pairs, PtpAnswer)
    assert isinstance(limit, Mue)
    assert isinstance(fee, Fee)
    assert not isinstance(add_on, NoEdition)
    assert not any(answer.for_date for answer in (pairs, limit, fee, *add_on))
    assert all(
        isinstance(answer, NoEdition)
        for answer in (rows.mue("11440", on), rows.fee("11440", on), rows.addon("11008", on))
    )


@pytest.mark.parametrize("on", [date(2025, 10, 1), date(2025, 12, 31)])
def test_both_ends_of_an_edition_belong_to_it(rows: Release, on: date) -> None:
    """An edition holds on its first and on its last day."""
    fee = rows.fee("11440", on)
    assert isinstance(fee, Fee)
    assert (fee.global_days, fee.for_date) == ("010", True)


def test_a_code_without_a_published_limit_has_none(rows: Release) -> None:
    """None is "nothing published", which is neither a limit nor a permission."""
    assert rows.mue("11441", HELD) is None
    assert rows.fee("11440", HELD, "26") is None


def test_an_add_on_names_the_primaries_of_the_day(rows: Release) -> None:
    """A deleted pair is no primary any more; the other direction is answered as well."""
    expected = (AddOn("11008", "1", ("11441",), "add-ons of 2025Q4"),)
    assert rows.addon("11008", HELD) == expected
    assert rows.addons_of("11441", HELD) == expected
    assert rows.addons_of("11440", HELD) == ()
    assert rows.addon("11440", HELD) == ()


def test_hostile_text_finds_nothing(rows: Release) -> None:
    """What a sender wrote goes to the database as a value."""
    hostile = "11440' OR '1'='1"
    assert rows.fee(hostile, HELD) is None
    answer = rows.edits((hostile, "11441"), HELD)
    assert isinstance(answer, PtpAnswer)
    assert (answer.edition, answer.edits) == ("pairs of 2025Q4", ())
    assert rows.page(hostile) is None
    assert rows.systems_of(hostile, HELD) == ()


def test_the_starter_holds_each_file_for_its_own_dates(release: Release) -> None:
    """The editions, and the dates of service that they hold for."""
    held = {(row.kind, row.edition): (row.effective, row.ended) for row in release.sources()}
    assert held["ptp", "2024Q3 (v30.2)"] == held["mue", "2024Q3"] == (date(2024, 7, 1), date(2024, 9, 30))
    assert held["fee", "PPRRVU2025_Oct"] == (date(2025, 10, 1), date(2025, 12, 31))
    assert held["add_on", "2026Q2"] == (date(2026, 4, 1), date(2026, 6, 30))
    assert isinstance(release.edits(("11004", "11005"), date(2024, 8, 1), "outpatient_hospital"), NoEdition)
    assert isinstance(release.mue("11004", date(2024, 8, 1), "outpatient_hospital"), Mue)


def test_the_starter_has_the_rows_that_were_read_off_the_files(release: Release) -> None:
    """Spot checks against the public releases."""
    pair = release.edits(("12051", "11440"), date(2024, 8, 1))
    assert isinstance(pair, PtpAnswer)
    windows = [(edit.column_one, edit.column_two, edit.deleted, edit.indicator) for edit in pair.edits]
    assert windows == [("11440", "12051", date(2000, 12, 31), "1"), ("11440", "12051", None, "1")]
    never = release.edits(("11004", "11005"), date(2024, 8, 1))
    assert isinstance(never, PtpAnswer)
    assert [(edit.column_one, edit.indicator) for edit in never.edits] == [("11005", "0")]
    mesh = release.addon("11008", date(2026, 5, 1))
    assert mesh == (AddOn("11008", "1", ("10180", "11004", "11005", "11006"), "2026Q2"),)
    fee = release.fee("11042", date(2025, 11, 1))
    assert isinstance(fee, Fee)
    assert fee.global_days == "000"


BROKEN = {
    "another header": ("fee.csv", "code,", "codes,", "fee.csv line 1: the columns code,modifier"),
    "a field too few": ("mue.csv", ",Invented reason", "", "mue.csv line 2: 5 fields were expected, not 4"),
    "an indicator that does not exist": ("ptp.csv", ",1,", ",x,", 'ptp.csv line 2, indicator: "x"'),
    "a modifier indicator that PTP edits do not have": ("ptp.csv", ",0,", ",2,", 'ptp.csv line 3, indicator: "2"'),
    "a row twice with other values": (
        "fee.csv",
        "11441,,A,010",
        "11440,,A,090",
        "fee.csv line 3: 11440 stands twice with different values",
    ),
    "two editions of one name": (
        "facts.yaml",
        "{kind: mue, file: mue.csv, edition: limits of 2025Q4",
        "{kind: fee, file: fee.csv, edition: fees of 2025Q4",
        "facts.yaml line 3, 1.edition: fee has two editions of the name fees of 2025Q4",
    ),
    "a day that no calendar has": ("add_on.csv", "2020-12-31", "2020-12-32", "add_on.csv line 3, deleted: 2020-12-32"),
    "a code that lost its zero": ("fee.csv", "G0168", "G168", 'fee.csv line 4, code: "G168"'),
    "an edition without dates": (
        "facts.yaml",
        "effective: 2025-10-01, ",
        "",
        "facts.yaml line 2, 0.effective: it is missing",
    ),
    "an edition upside down": ("facts.yaml", "ended: 2025-12-31", "ended: 2025-01-01", "ends before it begins"),
    "a file that is not there": ("facts.yaml", "file: fee.csv", "file: fees.csv", "fees.csv"),
    "a listing that is no YAML": ("facts.yaml", "- {kind: fee", "- {kind: [fee", "facts.yaml line 2"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rows_are_refused_with_file_and_line(name: str, content: Path) -> None:
    """A wrong indicator never reaches a release."""
    file, old, new, expected = BROKEN[name]
    path = content / "facts" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentRefused) as refused:
        read_facts(content / "facts")
    assert expected in str(refused.value)


def test_a_part_of_an_official_file_says_nothing_of_the_codes_beyond_it(release):
    """The starter rows were taken for the families, so a missing row about another code is no answer at all."""
    on = date(2024, 8, 1)
    assert isinstance(release.edits(("61510", "61512"), on), NoEdition)
    assert isinstance(release.edits(("61510", "11441"), on), NoEdition)
    assert isinstance(release.edits(("61510", "61512"), date(2026, 3, 2), nearest=True), NoEdition)
    assert isinstance(release.mue("61510", on), NoEdition)
    assert isinstance(release.addon("61510", date(2026, 5, 1)), NoEdition)
    assert isinstance(release.fee("61510", date(2025, 11, 1)), NoEdition)
    assert release.edits(("11441", "12051"), on).edits == ()
    assert release.edits(("11440", "12051"), on).edits
