"""What an operator is told: silence as well as errors, and nothing where all is well."""

from datetime import timedelta

import pytest

from consultant.alerts import alerts
from consultant.records import health
from tests.builders import make_desk, make_letter


@pytest.fixture
def quiet(tmp_path, release, migrated):
    with make_desk(tmp_path, release, migrated, account={"quiet_hours": 24}) as desk:
        yield desk


def kinds(desk):
    return [alert.kind for alert in alerts(desk.parts)]


def test_an_account_that_was_never_read_is_told(desk):
    assert kinds(desk) == ["account_unread"]


def test_all_is_well_after_a_look(desk):
    desk.deliver(make_letter())
    desk.work()
    assert kinds(desk) == []


def test_a_poller_that_died_without_an_error_is_told(desk):
    desk.deliver(make_letter())
    desk.work()
    desk.clock.advance(minutes=6)
    (alert,) = alerts(desk.parts)
    assert (alert.kind, alert.about) == ("account_unread", "main")


def test_silence_is_told_though_nothing_failed(quiet):
    quiet.deliver(make_letter())
    quiet.work()
    quiet.clock.advance(hours=25)
    with quiet.parts.store.begin() as tx:
        health.note_account(tx, "main", checked_at=quiet.clock())
    assert kinds(quiet) == ["account_silent"]


def test_an_account_that_fails_and_a_process_that_stopped_are_told(desk):
    now = desk.clock()
    with desk.parts.store.begin() as tx:
        health.note_account(tx, "main", checked_at=now, error="The server refused the login.", error_at=now)
        health.beat(tx, "worker@here:1", "worker", now - timedelta(minutes=2))
    assert kinds(desk) == ["account_error", "process"]


def test_letters_that_wait_are_told(desk):
    desk.deliver(make_letter())
    desk.clock.advance(minutes=2)
    assert "letters_stuck" in kinds(desk)
