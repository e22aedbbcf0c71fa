"""What no family holds: the rows of the content hold, and are refused where they do not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from knowledge.build import CONTENT
from knowledge.checking import check_uncovered
from knowledge.reading import ContentRefused
from knowledge.release import Release
from knowledge.uncovered import Uncovered, UncoveredKind
from knowledge.uncovering import UNCOVERED, read_uncovered

ROW = {"name": "sleep studies", "kind": "service", "words": ["sleep study", "PSG"]}
OTHER = {"name": "ganglions", "kind": "service", "words": ["ganglion"], "hides": ["lesion_excision"]}


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / UNCOVERED
    YAML(typ="safe").dump({"reviewed_on": date(2026, 11, 26), "uncovered": list(rows)}, path)
    return path


def test_rows_are_read_with_the_day_of_their_review(tmp_path):
    rows, reviewed = read_uncovered(written(tmp_path, ROW, OTHER), {"lesion_excision"})
    assert rows == (
        Uncovered("sleep studies", UncoveredKind.SERVICE, ("sleep study", "PSG")),
        Uncovered("ganglions", UncoveredKind.SERVICE, ("ganglion",), ("lesion_excision",)),
    )
    assert reviewed == date(2026, 11, 26)


def test_no_file_is_no_rows(tmp_path):
    assert read_uncovered(tmp_path / UNCOVERED, ()) == ((), None)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW | {"words": ["another"]}, "sleep studies stands twice"),
        (OTHER | {"words": ["Sleep Study"], "hides": []}, "Sleep Study stands for sleep studies already"),
        (OTHER | {"hides": ["no_such_family"]}, "there is no family no_such_family"),
        (OTHER | {"kind": "thing"}, "kind"),
        (OTHER | {"words": []}, "words"),
        (OTHER | {"words": ["x"]}, "words"),
    ],
)
def test_a_row_that_does_not_hold_is_refused_with_its_line(tmp_path, row, why):
    with pytest.raises(ContentRefused, match=why) as refused:
        read_uncovered(written(tmp_path, ROW, row), {"lesion_excision"})
    assert f"{UNCOVERED} line " in str(refused.value)


def test_the_content_holds_and_a_release_gives_it_back(release: Release):
    assert release.uncovered == check_uncovered(CONTENT / UNCOVERED)
    assert len(release.uncovered) > 300
