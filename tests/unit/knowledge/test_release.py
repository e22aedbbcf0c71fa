"""A release: immutable, checked when it is opened, switched in one step, and readable by many threads."""

import errno
import json
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

from knowledge import build as compiling_room
from knowledge.build import ContentRefused, build
from knowledge.layout import FORMAT
from knowledge.release import OtherFormat, Release, ReleaseDamaged, ReleaseMissing, current, open_release
from knowledge.verify import verify
from tests.unit.knowledge.conftest import ICD

ON = date(2026, 3, 2)


def test_the_same_content_gives_the_same_version(content: Path, built_once: Path, tmp_path: Path) -> None:
    """A draft names a version; anyone can build that release again."""
    first, second = built_once, build(content, into=tmp_path / "again", icd=ICD)
    assert first.name == second.name
    with open_release(first) as opened:
        year_and_quarter, _, digest = opened.version.partition("+sha256:")
    assert first.name == f"{year_and_quarter}-{digest}"
    assert year_and_quarter == "2026.4"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("families/sample_excision.yaml", "Simple closure.", "Simple closure only."),
        ("families/sample_excision.yaml", "over: 0.5}", "over: 0.50}"),
        ("facts/ptp.csv", "11441,11440,,1", "11441,11440,,0"),
        ("facts/facts.yaml", "limits of 2025Q4", "limits of 2025Q4 corrected"),
    ],
)
def test_every_change_gives_another_version(content: Path, compiled: Path, file: str, old: str, new: str) -> None:
    """Content, rows and editions are all in the digest; how a number is written is not."""
    before, root = compiled, compiled.parent
    path = content / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    after = build(content, into=root, icd=ICD)
    assert (after != before) is (new != "over: 0.50}")
    assert current(root) == after


def test_another_icd10cm_gives_another_version(content: Path, compiled: Path) -> None:
    """One word of one description is enough."""
    rows = (*ICD[:-1], replace(ICD[-1], description="Another description"))
    assert build(content, into=compiled.parent, icd=rows) != compiled


def test_a_release_that_stands_is_not_written_again(content: Path, compiled: Path) -> None:
    """A second build changes no byte under the readers of the first."""
    before = {path: path.stat().st_mtime_ns for path in compiled.rglob("*")}
    assert build(content, into=compiled.parent, icd=ICD) == compiled
    assert {path: path.stat().st_mtime_ns for path in compiled.rglob("*")} == before


def test_opening_and_asking_changes_nothing_in_the_folder(compiled: Path) -> None:
    """A release may lie on a read-only file system."""
    before = sorted(path.name for path in compiled.rglob("*"))
    with open_release(compiled) as opened:
        assert opened.search("nevus of the chin")
        assert opened.page("11440")
    assert sorted(path.name for path in compiled.rglob("*")) == before
    assert {path.stat().st_mode & 0o777 for path in compiled.rglob("*") if path.is_file()} == {0o444}


def _kept(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_a_refused_build_leaves_the_running_release(content: Path, compiled: Path) -> None:
    """Content that does not hold never gets as far as the folder of releases."""
    (content / "facts" / "add_on.csv").write_text("add_on,kind,primary,effective,deleted\n11008,7,11441,,\n")
    with pytest.raises(ContentRefused):
        build(content, into=compiled.parent, icd=ICD)
    assert current(compiled.parent) == compiled
    assert _kept(compiled.parent) == sorted([compiled.name, "current"])


def test_a_build_that_breaks_off_leaves_nothing_half_done(
    content: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when the index is written: the running release stays, and no draft is left beside it."""
    path = content / "families" / "sample_excision.yaml"
    path.write_text(path.read_text("utf-8").replace("Simple closure.", "Any closure."), "utf-8")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(compiling_room, "write_index", full)
    with pytest.raises(OSError, match="No space left"):
        build(content, into=compiled.parent, icd=ICD)
    assert current(compiled.parent) == compiled
    assert _kept(compiled.parent) == sorted([compiled.name, "current"])


def test_an_old_release_is_read_on_while_a_new_one_comes_into_use(content: Path, compiled: Path) -> None:
    """The switch is one step; who holds the old one keeps its answers, and it can be opened again by its folder."""
    path = content / "families" / "sample_excision.yaml"
    with open_release(compiled) as old:
        path.write_text(path.read_text("utf-8").replace("Simple closure.", "Any closure."), "utf-8")
        new = build(content, into=compiled.parent, icd=ICD)
        page = old.page("11441")
        assert page is not None
        assert [said.text for said in page.included] == ["Simple closure."]
        assert old.search("nevus")
    assert current(compiled.parent) == new != compiled
    with open_release(compiled) as again, open_release(new) as newer:
        assert again.version != newer.version
    # Back to the old content is back to the old release, which is still there.
    path.write_text(path.read_text("utf-8").replace("Any closure.", "Simple closure."), "utf-8")
    assert build(content, into=compiled.parent, icd=ICD) == current(compiled.parent) == compiled


def test_nothing_can_be_written_through_a_release(small: Release) -> None:
    """The database is opened read-only, whatever the file's permissions."""
    with pytest.raises(ReleaseDamaged, match="readonly"):
        small._rows("INSERT INTO rule VALUES (99, 'x', 'x', 'x')")
    assert [rule.id for rule in small.rules()] == ["small-closure"]


def _flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def _cut(path: Path) -> None:
    """Keep the first half of a file."""
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size // 2)


def _set(manifest: Path, **changes: object) -> None:
    manifest.chmod(0o644)
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **changes}))


def _any_of_index(folder: Path) -> Path:
    return max((folder / "index").iterdir(), key=lambda path: path.stat().st_size)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "one byte of the database": lambda folder: _flip(folder / "knowledge.sqlite"),
    "one byte of the index": lambda folder: _flip(_any_of_index(folder)),
    "no database": lambda folder: (folder / "knowledge.sqlite").unlink(),
    "no index": lambda folder: shutil.rmtree(folder / "index"),
    "a manifest of another format": lambda folder: _set(folder / "manifest.json", format=99),
    "a manifest without files": lambda folder: _set(folder / "manifest.json", files=[]),
    "a manifest with another version": lambda folder: _set(
        folder / "manifest.json", version="2026.4+sha256:000000000000"
    ),
    "a manifest with other sources": lambda folder: _set(folder / "manifest.json", sources=[]),
    "half a database": lambda folder: _cut(folder / "knowledge.sqlite"),
    "half a manifest": lambda folder: _cut(folder / "manifest.json"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_release_says_so(name: str, compiled: Path) -> None:
    """One sentence with the path and the command that mends it; nothing of it is ever answered from."""
    DAMAGE[name](compiled)
    with pytest.raises(ReleaseDamaged) as damaged:
        open_release(compiled)
    assert str(compiled) in str(damaged.value)
    assert "`consultant knowledge build`" in str(damaged.value)


@pytest.mark.parametrize("name", ["half a database", "half a manifest", "no index"])
def test_building_mends_a_damaged_release(name: str, content: Path, compiled: Path) -> None:
    """The command does what the sentence says, although the version is the same."""
    DAMAGE[name](compiled)
    assert build(content, into=compiled.parent, icd=ICD) == compiled == current(compiled.parent)
    with open_release(compiled) as opened:
        assert verify(opened) == ()
    assert _kept(compiled.parent) == sorted([compiled.name, "current"])


def test_a_release_of_another_program_is_told_from_a_damaged_one(compiled: Path) -> None:
    """It may be replaced without a look at it; both formats are named."""
    _set(compiled / "manifest.json", format=99, files={"gone": {"bytes": 1, "sha256": ""}})
    with pytest.raises(OtherFormat, match=f"has format 99 and this program reads format {FORMAT}"):
        open_release(compiled)


def test_a_row_that_cannot_be_read_is_damage(compiled: Path) -> None:
    """A file that breaks while it is open is said to be damaged, with its path and what mends it."""
    opened = open_release(compiled)
    _cut(compiled / "knowledge.sqlite")
    with pytest.raises(ReleaseDamaged, match="consultant knowledge build"):
        opened.rules()
    opened.close()


def test_a_missing_release_says_so(tmp_path: Path) -> None:
    """The sentence names the folder and what mends it."""
    for look in (current, open_release):
        with pytest.raises(ReleaseMissing, match="consultant knowledge build") as missing:
            look(tmp_path / "nowhere")
        assert str(tmp_path / "nowhere") in str(missing.value)


def test_the_starter_opens_in_under_fifty_milliseconds(release_folder: Path) -> None:
    """Every file of it is checked; the best of five, as other work may run beside."""
    times = []
    for _ in range(5):
        began = time.thread_time()
        open_release(release_folder).close()
        times.append(time.thread_time() - began)
    assert min(times) < 0.05


def test_many_threads_read_one_release(release: Release) -> None:
    """All get the same answers, and there are never more connections than readers at one moment."""

    def ask(number: int) -> tuple[object, ...]:
        return (
            release.systems_of("D22.39", ON),
            len(release.search(f"melanoma {number}")),
            release.page("11440") is None,
        )

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(64)))) == 1
    assert len(release._database._idle) <= 9


def test_a_closed_release_can_be_closed_again(compiled: Path) -> None:
    """Two owners may both clean up."""
    opened = open_release(compiled)
    opened.close()
    opened.close()
    with pytest.raises(ValueError, match="was closed"):
        opened.family_of("11440")


def test_a_release_that_rested_answers_in_a_process_that_is_forked_from_it(release: Release) -> None:
    def asked() -> tuple[str | None, int]:
        entry = release.icd10("L02.412", ON)
        return (entry and entry.code, len(release.search("shave removal")))

    before = asked()
    release.rest()
    receiving, sending = get_context("fork").Pipe()
    child = get_context("fork").Process(target=lambda: sending.send(asked()))
    child.start()
    assert receiving.poll(30)
    assert receiving.recv() == before == asked()
    child.join(30)
    assert child.exitcode == 0
