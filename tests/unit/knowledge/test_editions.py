"""Which edition of an official file answers for a date, and when none does."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge import codesets
from knowledge.editions import Fitting, Held, distance, fitting, rivals
from knowledge.model import CodeEntry
from knowledge.official_model import Fee, NoEdition, Setting, SourceEdition
from knowledge.verify import verify
from tests.unit.knowledge import published
from tests.unit.knowledge.published import Operator

Q1, Q2, Q3 = (
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 9, 30)),
)
WINTER, SPRING, SUMMER, AUTUMN = date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1), date(2026, 10, 1)


def edition(
    name: str,
    window: tuple[date | None, date | None] = Q2,
    *,
    kind: str = "ptp",
    setting: str = "",
    partial: bool = False,
    dated: bool = False,
) -> SourceEdition:
    """Return an edition with no rows."""
    return SourceEdition(kind, name, *window, rows=1, sha256="0", partial=partial, setting=setting, dated=dated)


def answering(
    on: date,
    *editions: SourceEdition,
    setting: Setting | None = None,
    nearest: bool = False,
    whole: bool = False,
) -> str:
    """Return the name of the edition that answers, in brackets where it is not for the date; empty for none."""
    held = [Held(number, source) for number, source in enumerate(editions, start=1)]
    found = fitting(held, "ptp", on, setting, nearest=nearest, whole=whole)
    if isinstance(found, NoEdition):
        return ""
    assert held[found.number - 1].source.edition == found.name
    return found.name if found.for_date else f"({found.name})"


@pytest.mark.parametrize("on", [date(2026, 4, 1), SPRING, date(2026, 6, 30)])
def test_both_ends_of_an_edition_belong_to_it(on: date) -> None:
    """An edition holds on its first and on its last day."""
    assert answering(on, edition("Q1", Q1), edition("Q2", Q2), edition("Q3", Q3)) == "Q2"


def test_a_later_dated_edition_answers_for_an_earlier_date() -> None:
    """Its rows carry their days, and it lists what was deleted; the first that came after the date is taken."""
    dated = edition("Q2", Q2, dated=True), edition("Q3", Q3, dated=True)
    assert answering(WINTER, *dated) == "Q2"
    assert answering(date(1996, 1, 1), *dated) == "Q2"
    assert answering(SUMMER, *dated) == "Q3"
    assert answering(date(2026, 7, 1), dated[0]) == ""


def test_a_later_undated_edition_does_not() -> None:
    """A limit of this quarter is none of the quarter before."""
    assert answering(WINTER, edition("Q2")) == ""
    assert answering(WINTER, edition("Q2"), nearest=True) == "(Q2)"


def test_the_edition_for_a_date_goes_before_a_later_dated_one() -> None:
    """What was published at the time is what claims were held against."""
    assert answering(WINTER, edition("Q1", Q1), edition("Q2", Q2, dated=True)) == "Q1"


def test_a_whole_edition_goes_before_a_part() -> None:
    """A part says nothing of most codes, and nothing at all where only whole editions are asked."""
    part, whole = edition("part", partial=True), edition("whole")
    assert answering(SPRING, part, whole) == answering(SPRING, whole, part) == "whole"
    assert answering(SPRING, part) == "part"
    assert answering(SPRING, part, whole=True) == ""
    assert answering(SPRING, part, whole=True, nearest=True) == ""


def test_an_update_takes_the_place_of_the_edition_before_it() -> None:
    """The add-on edits of a year are followed by those of a quarter, for the same days."""
    year = edition("2026", (date(2026, 1, 1), date(2026, 12, 31)))
    assert [answering(on, year, edition("Q2")) for on in (WINTER, SPRING, SUMMER)] == ["2026", "Q2", "2026"]


def test_few_bill_by_the_fee_schedule_for_qualifying_participants(tmp_path: Path, content: Path) -> None:
    """Since 2026 there are two for the same days; that of all others answers, whichever was imported first."""
    operator = Operator(content, tmp_path / "releases", tmp_path / "files")
    files = (
        published.fee(operator.files, published.fee_row("11440", factor=factor), track=track)
        for track, factor in (("QPP", "33.5675"), ("nonQPP", "33.4009"))
    )
    with operator.release(*files) as release:
        fee = release.fee("11440", SPRING)
        assert isinstance(fee, Fee)
        assert (fee.edition, str(fee.conversion_factor)) == ("PPRRVU2026_Apr_nonQPP", "33.4009")
        assert verify(release) == ()


def test_an_edition_of_another_setting_is_none() -> None:
    """Where a file makes no difference between settings it answers for all."""
    hospital = edition("hospital", setting="outpatient_hospital")
    assert answering(SPRING, hospital, setting="practitioner") == ""
    assert answering(SPRING, hospital, setting="practitioner", nearest=True) == ""
    assert answering(SPRING, hospital, setting="outpatient_hospital") == "hospital"
    assert answering(SPRING, edition("all"), setting="practitioner") == "all"


def test_none_held_names_what_is() -> None:
    """It is another type than an answer without rows, and says once what it looked through."""
    held = [
        Held(1, edition("Q1", Q1, setting="practitioner")),
        Held(2, edition("Q1", Q1, setting="outpatient_hospital")),
        Held(3, edition("Q1", Q1, kind="mue")),
        Held(4, edition("Q2", partial=True)),
    ]
    found = fitting(held, "ptp", AUTUMN, None, nearest=False, whole=False)
    assert found == NoEdition("ptp", AUTUMN, ("Q1", "Q2"))
    assert fitting(held, "fee", AUTUMN, None, nearest=True, whole=False) == NoEdition("fee", AUTUMN, ())


@pytest.mark.parametrize(
    ("on", "name"),
    [(date(2020, 1, 1), "(Q1)"), (date(2026, 4, 10), "(Q1)"), (date(2026, 6, 1), "(Q3)"), (SUMMER, "Q3")],
)
def test_the_nearest_is_the_one_with_the_fewest_days_between(on: date, name: str) -> None:
    """It is marked as not the edition for the date, and never given unasked."""
    editions = edition("Q1", Q1), edition("Q3", Q3)
    assert answering(on, *editions, nearest=True) == name
    assert answering(on, *editions) == ("" if name.startswith("(") else name)


def test_an_edition_without_days_holds_always() -> None:
    """What gives no window cannot be outdated by one."""
    assert answering(date(1990, 1, 1), edition("any", (None, None))) == "any"
    assert answering(AUTUMN, edition("since", (date(2026, 1, 1), None))) == "since"
    assert answering(date(2025, 1, 1), edition("since", (date(2026, 1, 1), None))) == ""
    assert fitting([], "ptp", SPRING, None, nearest=True, whole=False) == NoEdition("ptp", SPRING, ())
    assert isinstance(
        fitting([Held(7, edition("any", (None, None)))], "ptp", SPRING, None, nearest=False, whole=False), Fitting
    )


def test_distance_is_counted_in_days() -> None:
    """Nothing within a window, and one on the day beside it."""
    first, last = Q2
    days = {
        date(2026, 3, 31): 1,
        first: 0,
        last: 0,
        date(2026, 7, 1): 1,
        date(2027, 6, 30): 365,
    }
    assert {on: distance(first, last, on) for on in days} == days
    assert distance(None, last, date(1900, 1, 1)) == distance(first, None, date(2100, 1, 1)) == 0


def test_editions_that_nobody_could_tell_apart_are_named() -> None:
    """Two whole ones that begin on the same day; a part, an update, another setting or another file are no rivals."""
    one = edition("one")
    assert list(rivals([one, edition("other")])) == [(one, edition("other"))]
    for other in (
        edition("part", partial=True),
        edition("later", (date(2026, 4, 2), date(2026, 6, 30))),
        edition("hospital", setting="outpatient_hospital"),
        edition("mue", kind="mue"),
    ):
        assert list(rivals([one, other])) == []
    family = replace(one, kind="content")
    assert list(rivals([family, family])) == []


# ICD-10-CM: editions of a fiscal year, and the one that is shipped.

Line = tuple[str, int, str]


def order(operator: Operator, name: str, words: str) -> Path:
    """Write an order file in which one code has these words."""
    lines = (("D22", 0, "Invented"), ("D223", 0, "Invented"), ("D2239", 1, words), ("Z99", 1, "Last"))
    return published.order(operator.files, *lines, name=name)


OCTOBER, APRIL = "icd10cm_order_2026.txt", "icd10cm-order-April-1-2026.txt"
OLDER, OLDER_APRIL = "icd10cm_order_2025.txt", "icd10cm-order-April-1-2025.txt"


@pytest.fixture
def operator(content: Path, tmp_path: Path) -> Operator:
    """An operator with the invented content, which ships a nevus under the words "Invented nevus"."""
    return Operator(content, tmp_path / "releases", tmp_path / "files")


@pytest.mark.parametrize(
    ("files", "winter", "summer"),
    [
        ((), "Invented nevus", "Invented nevus"),
        ((OCTOBER,), OCTOBER, "Invented nevus"),
        ((APRIL,), "Invented nevus", APRIL),
        ((OCTOBER, APRIL), OCTOBER, APRIL),
        ((APRIL, OCTOBER), OCTOBER, APRIL),
        ((OLDER,), "Invented nevus", "Invented nevus"),
    ],
)
def test_the_shipped_icd10cm_stands_beside_imported_ones(
    operator: Operator, files: tuple[str, ...], winter: str, summer: str
) -> None:
    """It answers for the days of its year that no imported edition holds, so that every day has one that does."""
    with operator.release(*(order(operator, name, name) for name in files)) as release:
        for on, words in (
            (date(2025, 10, 1), winter),
            (date(2026, 3, 31), winter),
            (date(2026, 4, 1), summer),
            (date(2026, 9, 30), summer),
        ):
            entry = release.icd10("D22.39", on)
            assert isinstance(entry, CodeEntry)
            assert (entry.description, entry.for_date) == (words, True)
            notes = release.notes("D22.39", on)
            assert notes is not None
            assert notes.edition == entry.edition
        assert verify(release) == ()


def test_an_update_of_an_older_year_holds_from_its_day(operator: Operator) -> None:
    """A code may be renamed in April; before, it bears its old words."""
    with operator.release(order(operator, OLDER, "before"), order(operator, OLDER_APRIL, "after")) as release:
        found = {on: release.icd10("D22.39", on) for on in (date(2025, 3, 31), date(2025, 4, 1))}
        assert [entry and (entry.description, entry.for_date) for entry in found.values()] == [
            ("before", True),
            ("after", True),
        ]


def test_an_edition_bears_the_name_and_days_of_its_order_file(operator: Operator) -> None:
    """A tabular list may be of an update of the same year; which codes are valid is told by the order file."""
    notes = "<diag><name>D22</name><excludes1><note>of April</note></excludes1></diag>"
    april = published.tabular(operator.files, notes, year=2025, name="icd10cm-tabular-April-2025.xml")
    with operator.release(order(operator, OLDER, "of October"), april) as release:
        own = [row for row in release.sources() if row.kind == "icd10cm" and row.ended == date(2025, 9, 30)]
        assert [(row.edition, row.effective) for row in own] == [("FY2025", date(2024, 10, 1))]
        told = release.notes("D22.39", date(2024, 10, 1))
        assert told is not None
        assert told.excludes1 == ("of April",)


def test_the_update_that_is_shipped_begins_within_its_edition() -> None:
    """The two constants belong together."""
    shipped = codesets.SHIPPED
    assert shipped.effective is not None
    assert shipped.ended is not None
    assert shipped.effective < codesets.UPDATED < shipped.ended
    assert f"{codesets.UPDATED:%B %Y}" in shipped.name
