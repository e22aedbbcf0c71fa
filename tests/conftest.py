"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.starter import starter
from knowledge.release import Release, current, open_release


@pytest.fixture(scope="session")
def release_root() -> Path:
    """A folder of releases with the starter release in use."""
    return starter()


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
