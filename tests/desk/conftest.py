"""A desk in memory for each test."""

import pytest

from tests.builders import make_desk


@pytest.fixture
def desk(tmp_path, release, migrated):
    with make_desk(tmp_path, release, migrated) as desk:
        yield desk
