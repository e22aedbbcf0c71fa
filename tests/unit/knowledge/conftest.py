"""An invented family of two codes, and builders that change one thing of it and compile what comes out."""

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from knowledge.build import build
from knowledge.choosers import Chooser
from knowledge.codesets import IcdRow
from knowledge.compiling import compile_family, problems_of
from knowledge.release import Release, open_release
from knowledge.schema import FamilyContent

SAMPLE = Path(__file__).parent / "sample_excision.yaml"

ICD = (
    IcdRow("D22", None, "Invented category", billable=False, notes=(("excludes1", "not with D23.-"),)),
    IcdRow("D22.3", "D22", "Invented subcategory", billable=False, notes=(("seventh_character", "add one"),)),
    IcdRow("D22.39", "D22.3", "Invented nevus", billable=True, notes=(("excludes1", "nor with L82.1"),)),
)

HELD = "effective: 2025-10-01, ended: 2025-12-31, note: invented"

FACTS = {
    "fee.csv": "code,modifier,status,global_days,multiple,bilateral,assistant,co_surgeon,team,pctc\n"
    "11440,,A,010,2,0,1,0,0,0\n11441,,A,010,2,0,1,0,0,0\nG0168,,A,000,2,0,1,0,0,0\n",
    "mue.csv": "code,setting,units,indicator,rationale\n11440,practitioner,3,3,Invented reason\n",
    "add_on.csv": "add_on,kind,primary,effective,deleted\n"
    "11008,1,11441,2013-04-01,\n11008,1,11440,2013-04-01,2020-12-31\n",
    "ptp.csv": "column_one,column_two,deleted,indicator,rationale\n"
    "11441,11440,,1,Invented reason\n11441,11440,2019-12-31,0,Invented reason\n",
    "facts.yaml": f"""
- {{kind: fee, file: fee.csv, edition: fees of 2025Q4, {HELD}}}
- {{kind: mue, file: mue.csv, edition: limits of 2025Q4, {HELD}}}
- {{kind: add_on, file: add_on.csv, edition: add-ons of 2025Q4, {HELD}}}
- {{kind: ptp, file: ptp.csv, edition: pairs of 2025Q4, {HELD}, setting: practitioner}}
""",
}


@pytest.fixture(scope="session")
def read_once() -> dict[str, Any]:
    """The invented family as plain values; reading YAML takes longer than most tests."""
    tree: dict[str, Any] = YAML(typ="safe").load(SAMPLE)
    return tree


@pytest.fixture
def tree(read_once: dict[str, Any]) -> dict[str, Any]:
    """The invented family as plain values, to change."""
    return copy.deepcopy(read_once)


@pytest.fixture
def complaints() -> Callable[[dict[str, Any]], list[str]]:
    """Return what is wrong in a family, as `place: message`."""

    def check(tree: dict[str, Any]) -> list[str]:
        found = problems_of(FamilyContent.model_validate(tree))
        return [f"{'.'.join(str(step) for step in problem.place)}: {problem.message}" for problem in found]

    return check


@pytest.fixture
def chooser_of() -> Callable[[dict[str, Any]], Chooser]:
    """Compile a family and return its chooser."""

    def compiled(tree: dict[str, Any]) -> Chooser:
        content = FamilyContent.model_validate(tree)
        assert problems_of(content) == []
        return Chooser(compile_family(content).table)

    return compiled


def _write_content(folder: Path) -> Path:
    (folder / "families").mkdir(parents=True)
    (folder / "facts").mkdir()
    (folder / "families" / "sample_excision.yaml").write_bytes(SAMPLE.read_bytes())
    for name, text in FACTS.items():
        (folder / "facts" / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with the invented family and invented official rows."""
    return _write_content(tmp_path / "content")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the invented release, not to be changed."""
    folder = tmp_path_factory.mktemp("invented")
    return build(_write_content(folder / "content"), into=folder / "releases", icd=ICD)


@pytest.fixture(scope="session")
def invented(built_once: Path) -> Iterator[Release]:
    """The invented release, open."""
    with open_release(built_once) as opened:
        yield opened


@pytest.fixture
def compiled(built_once: Path, tmp_path: Path) -> Path:
    """The folder of an invented release, the current one of its root, to damage."""
    shutil.copytree(built_once.parent, tmp_path / "releases", symlinks=True)
    return tmp_path / "releases" / built_once.name


@pytest.fixture
def small(compiled: Path) -> Iterator[Release]:
    """An invented release, open, to change in memory."""
    with open_release(compiled) as opened:
        yield opened
