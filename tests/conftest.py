"""What every test may ask for."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.release import Release, current, open_release

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def release_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases with the starter release in use.

    Building takes seconds, so what was built from the same content by the same code is kept between runs.
    """
    digest = hashlib.sha256()
    for path in sorted((ROOT / "knowledge").rglob("*")):
        if path.suffix in {".py", ".yaml", ".csv"}:
            digest.update(path.read_bytes())
    kept = ROOT / ".pytest_cache" / f"knowledge-{digest.hexdigest()[:16]}"
    if not kept.exists():
        building = tmp_path_factory.mktemp("building")
        build(into=building)
        kept.parent.mkdir(exist_ok=True)
        placed = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copytree(building, placed, symlinks=True)
        for older in kept.parent.glob("knowledge-*"):
            if older not in {kept, placed} and "." not in older.name:
                shutil.rmtree(older, ignore_errors=True)
        try:
            placed.rename(kept)
        except OSError:
            # Another worker of the same run was first.
            shutil.rmtree(placed)
    return kept


@pytest.fixture(scope="session")
def release_folder(release_root: Path) -> Path:
    """The folder of the starter release."""
    return current(release_root)


@pytest.fixture(scope="session")
def release(release_folder: Path) -> Iterator[Release]:
    """The starter release, open."""
    with open_release(release_folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty case store that was migrated once; tests copy it."""
    from consultant.records.store import Store

    path = tmp_path_factory.mktemp("store") / "empty.sqlite"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path
