"""The release in use: opened when it is first asked, kept when what should follow it cannot be opened."""

import pytest

from consultant import bootstrap
from consultant.bootstrap import RunningRelease
from consultant.settings import ConfigurationError


def test_a_missing_release_is_told_when_it_is_first_asked_for(tmp_path):
    running = RunningRelease(tmp_path)
    with pytest.raises(ConfigurationError):
        running()


def test_a_release_that_is_open_outlasts_one_that_cannot_be_opened(tmp_path, release_folder, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOOK_FOR_RELEASE_SECONDS", -1.0)
    (tmp_path / release_folder.name).symlink_to(release_folder)
    (tmp_path / "current").symlink_to(release_folder.name)
    running = RunningRelease(tmp_path)
    held = running()
    assert running() is held
    (tmp_path / "current").unlink()
    assert running() is held
    (tmp_path / "2099.1-broken").mkdir()
    (tmp_path / "current").symlink_to("2099.1-broken")
    assert running() is held
    held.close()
