"""For whom codes are: the rows of the content hold, are refused where they do not, and come back from a release."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from knowledge.build import CONTENT, build
from knowledge.checking import check_limits
from knowledge.limiting import LIMITS, read_limits
from knowledge.limits import Limit, Limits, within
from knowledge.reading import ContentRefused
from knowledge.release import Release, open_release
from knowledge.verify import verify
from tests.unit.knowledge.conftest import ICD

ON = date(2026, 3, 2)
HELD = {"N40": False, "N40.0": True, "N41": False, "N53": False, "O00": False, "O9A": False, "Z68.51": True}
SHIPPED: dict[str, Any] = YAML(typ="safe").load(CONTENT / LIMITS)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of these rows, on invented sources."""

    def written(*rows: dict[str, Any]) -> Path:
        sources = {"book": {"source": "Invented book", "section": "a title", "edition": "2026", "verified": True}}
        common = {"about": "is for some", "effective": date(2020, 1, 1), "cites": ["book"]}
        tree = {
            "reviewed_on": ON,
            "sources": sources,
            "other_sex": {"text": "An invented way.", "cites": ["book"]},
            "limits": [{"id": f"row-{number}", **common, **row} for number, row in enumerate(rows)],
        }
        path = tmp_path / LIMITS
        YAML(typ="safe").dump(tree, path)
        return path

    return written


@pytest.mark.parametrize(
    ("code", "codes", "inside"),
    [
        ("N40.0", "N40-N53", True),
        ("N53.8", "N40-N53", True),
        ("N39.0", "N40-N53", False),
        ("N60.01", "N40-N53", False),
        ("O9A.211", "O00-O9A", True),
        ("D07.39", "D07.0-D07.3", True),
        ("D07.4", "D07.0-D07.3", False),
        ("Z68.51", "Z68.5", True),
        ("Z68.45", "Z68.5", False),
        ("C50.911", "C50.91", True),
        ("99385", "99385", True),
        ("99386", "99385", False),
        # P9010 is a code of HCPCS for blood, and no condition of a newborn.
        ("P9010", "P00-P96", False),
        ("P90", "P00-P96", True),
    ],
)
def test_a_range_holds_what_lies_between_its_ends_and_below_them(code: str, codes: str, inside: bool) -> None:
    """The code set counts too: the same letters mean another thing in another one."""
    assert within(code, codes) is inside


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 9))
def test_a_code_is_in_a_range_where_its_category_is(low: int, high: int, number: int, digit: int) -> None:
    """A further character never moves a code into a range, or out of one."""
    low, high = sorted((low, high))
    codes = f"N{low:02}-N{high:02}"
    assert within(f"N{number:02}.{digit}", codes) is within(f"N{number:02}", codes) is (low <= number <= high)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"codes": ["N40-N53"]}], "a sex, the youngest or the oldest age is needed"),
        ([{"codes": ["N40-N53"], "sex": "men"}], '"men" is not among'),
        ([{"codes": ["N53-N40"], "sex": "male"}], "the range N53-N40 ends before it begins"),
        ([{"codes": ["N40"], "youngest": 9, "oldest": 3}], "the youngest age is above the oldest"),
        ([{"codes": ["N40"], "oldest": 130}], "limits.0.oldest"),
        ([{"codes": ["N40.99"], "sex": "male"}], "N40.99 is not a code or category of the ICD-10-CM edition"),
        ([{"codes": ["99385"], "oldest": 39}], "99385 has a page in no family"),
        ([{"codes": ["N40"], "sex": "male", "cites": []}], "limits.0.cites: at least one is needed"),
        ([{"codes": ["N40"], "sex": "male", "cites": ["leaflet"]}], "leaflet is not among the sources of the file"),
        ([{"codes": ["N40-N53"], "sex": "male"}, {"codes": ["N41"], "sex": "male"}], "row-0 limits the sex of N41"),
        ([{"codes": ["N40"], "oldest": 9}, {"codes": ["N40.0"], "youngest": 5}], "row-0 limits the age of N40.0"),
        (
            [{"codes": ["N40"], "sex": "male", "id": "a"}, {"codes": ["N41"], "sex": "male", "id": "a"}],
            "a stands twice",
        ),
    ],
)
def test_what_does_not_hold_is_refused_with_its_place(write: Write, rows: list[dict[str, Any]], message: str) -> None:
    """No row without a source, and no code that two rows limit in one respect."""
    with pytest.raises(ContentRefused) as refused:
        read_limits(write(*rows), HELD, {"11441"})
    assert message in str(refused.value)
    assert "limits.yaml line" in str(refused.value)


def test_one_code_may_have_a_sex_and_an_age(write: Write) -> None:
    """Two rows that limit different things do not stand in each other's way."""
    limits, reviewed = read_limits(
        write({"codes": ["O00-O9A"], "sex": "female"}, {"codes": ["O00-O9A"], "youngest": 1}), HELD, ()
    )
    assert reviewed == ON
    assert len(limits.of("O9A", ON)) == 2


def test_content_without_limits_has_none(tmp_path: Path) -> None:
    """A release may be built without them."""
    assert read_limits(tmp_path / LIMITS, {}, ()) == (Limits(), None)


def test_a_limit_is_not_said_of_days_before_it(release: Release) -> None:
    """An older date of service is not measured by a newer title."""
    assert [row.id for row in release.limits.of("N40.0", ON)] == ["male-genital-organs"]
    assert release.limits.of("N40.0", date(2019, 1, 1)) == ()


@pytest.mark.parametrize(
    ("years", "admitted"), [(0, False), (1, False), (2, True), (19, True), (20, False), (120, False)]
)
def test_both_ends_of_an_age_belong_to_it(release: Release, years: int, admitted: bool) -> None:
    """From the second birthday to the day before the twentieth, for a pediatric BMI."""
    (row,) = release.limits.of("Z68.51", ON)
    assert row.admits_age(years) is admitted


@pytest.mark.parametrize("code", ["Q54.0", "Q52.0", "N60.01", "N62", "Z90.79", "Z85.46", "F64.0", "E10.9", "99213"])
def test_codes_that_either_sex_may_have_are_not_limited(release: Release, code: str) -> None:
    """Malformations, the breast, histories, and whatever names no sex and no age."""
    assert release.limits.of(code, ON) == ()


def test_every_shipped_row_comes_back_with_its_sources(release: Release) -> None:
    """Written, compiled and read again, in order."""
    assert [row.id for row in release.limits.rows] == [row["id"] for row in SHIPPED["limits"]]
    assert all(row.citations for row in release.limits.rows)
    assert {row.effective for row in release.limits.rows if row.sex} == {date(2020, 10, 1)}
    assert release.limits.other_sex
    assert release.limits.other_sex.citations
    assert [row.rows for row in release.sources() if row.kind == "limits"] == [len(SHIPPED["limits"])]


def test_the_limits_are_part_of_the_version(content: Path, compiled: Path, write: Write) -> None:
    """A release with other limits has another name, and holds."""
    path = write({"codes": ["D22"], "sex": "female"})
    (content / LIMITS).write_bytes(path.read_bytes())
    first = build(content, into=compiled.parent, icd=ICD)
    assert first != compiled
    (content / LIMITS).write_text(path.read_text("utf-8").replace("is for some", "is for others"), "utf-8")
    assert build(content, into=compiled.parent, icd=ICD) != first
    with open_release(first) as opened:
        (row,) = opened.limits.of("D22.39", ON)
        assert isinstance(row, Limit)
        assert verify(opened) == ()


def test_the_shipped_file_passes_the_check_of_curators() -> None:
    """`consultant knowledge check knowledge/content/limits.yaml` tries the same as a build."""
    assert len(check_limits(CONTENT / LIMITS).rows) == len(SHIPPED["limits"])


def test_a_release_is_proved_to_hold_what_its_limits_name(small: Release) -> None:
    """A limit of a code that nobody has, or without a source, is reported."""
    row = Limit("odd", ("Z99.99",), "is for some", "male", None, None, "", date(2020, 1, 1), ())
    small.__dict__["limits"] = Limits((row,))
    wrong = verify(small)
    assert "The limit odd has no source." in wrong
    assert "The limit odd names Z99.99, which is in no code set held." in wrong
