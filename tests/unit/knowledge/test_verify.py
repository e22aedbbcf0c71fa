"""The proof of a release that stands: whatever content went in, what came out is checked by itself."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from knowledge.choosers import Chooser
from knowledge.model import CodePage, Diagnosis
from knowledge.release import Release
from knowledge.tables import Table
from knowledge.verify import sourced, verify


def test_the_starter_holds(release: Release) -> None:
    """Every byte, page, diagnosis, worked case, table and search of the release that is shipped."""
    assert verify(release) == ()


def test_statements_that_nobody_confirmed_are_counted_and_no_problem(small: Release, release: Release) -> None:
    """Drafts mark each of them; a curator can see how many are left."""
    assert verify(small) == ()
    count = sourced(small)
    assert 0 < count.unverified <= count.statements
    starter = sourced(release)
    assert 0 < starter.unverified < starter.statements / 4


def _table(change: Callable[[Table], Table]) -> Callable[[Release], None]:
    def apply(opened: Release) -> None:
        opened._choosers = {key: Chooser(change(own.table)) for key, own in opened._choosers.items()}

    return apply


def _page(change: Callable[[CodePage], CodePage]) -> Callable[[Release], None]:
    def apply(opened: Release) -> None:
        read = opened._page
        opened.page = cast("object", lambda code: change(page) if (page := read(code)) else None)  # type: ignore[assignment] # stands in for the cached reader

    return apply


def _widen(table: Table) -> Table:
    """Let the second step begin at 0.6 instead of 0.5."""
    axes = list(table.axes)
    small, large = axes[-1].parts
    axes[-1] = replace(axes[-1], parts=(small, replace(large, over=Decimal("0.6"))))
    return replace(table, axes=tuple(axes))


BROKEN: dict[str, tuple[Callable[[Release], None], str]] = {
    "a gap between rows": (_table(lambda t: replace(t, rows=t.rows[:-1])), "has no row"),
    "two rows for one combination": (_table(lambda t: replace(t, rows=(*t.rows, t.rows[0]))), "has more than one row"),
    "a gap between steps": (_table(_widen), "excised_diameter_cm = 0.55 lies in no part"),
    "a code without a page": (
        _table(lambda t: replace(t, rows=tuple(replace(row, code="11499") for row in t.rows))),
        "it gives 11499, which has no page",
    ),
    "a diagnosis that does not exist": (
        _page(lambda p: replace(p, diagnoses=(Diagnosis("D99.9", "supports", "x", p.sources),))),
        "names D99.9, which is not in the ICD-10-CM edition held",
    ),
    "a statement without a source": (
        _page(lambda p: replace(p, documentation=(replace(p.documentation[0], citations=()),))),
        "11440: a statement has no source.",
    ),
    "a worked case that gives another code": (
        _page(lambda p: replace(p, worked_case=replace(p.worked_case, facts=()))),
        "11440: ",
    ),
    "a code that is in no code set": (_page(lambda p: replace(p, system="HCPCS")), "is in no code set"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_hold_is_said(name: str, small: Release) -> None:
    """Each defect alone is found and named; the release is changed in memory, past every check of the build."""
    change, expected = BROKEN[name]
    change(small)
    assert any(expected in problem for problem in verify(small)), verify(small)


def test_a_file_that_changed_while_it_is_open_is_found(small: Release) -> None:
    """The bytes on disk are read again, not what is cached."""
    path = small.folder / "index" / "meta.json"
    path.chmod(0o644)
    path.write_text(path.read_text() + " ")
    assert verify(small) == (f"{path} is not as it was written: its checksum differs.",)
