"""The poller: one account that fails never stops another, and a pause that grows never becomes a storm."""

import threading
import time
from dataclasses import replace

import pytest

from consultant.errors import Transient
from consultant.intake.poller import BACK_OFF_SECONDS, Poller, back_off
from consultant.records import health, ledger
from tests.builders import make_letter


def wait_until(holds, seconds=10.0):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def two_accounts(desk):
    """A desk with two accounts, of which the first cannot be read."""
    (good,) = desk.parts.settings.accounts
    bad = good.model_copy(update={"name": "broken"})
    settings = desk.parts.settings.model_copy(update={"accounts": (bad, good)})

    def mailbox(account, folder):
        if account.name == "broken":
            raise Transient("mx.broken.example could not be reached.")
        return desk.account.open(folder, writable=True)

    return replace(desk.parts, settings=settings, mailbox=mailbox)


def test_an_account_that_fails_is_named_and_does_not_stop_the_other(desk, two_accounts):
    desk.account.deliver(make_letter())
    poller = Poller(two_accounts)
    poller.start()
    try:
        wait_until(lambda: desk.bell.rung)
        # A letter that comes while the poller waits is taken in without a further push.
        desk.account.deliver(make_letter(message_id="<2@clinic.example>", subject="Another"))
        wait_until(lambda: len(desk.bell.rung) == 2)
    finally:
        began = time.monotonic()
        poller.stop()
        assert time.monotonic() - began < 5
    with desk.parts.store.read() as tx:
        rows = {row.name: row for row in health.accounts(tx)}
    assert rows["broken"].error == "mx.broken.example could not be reached."
    assert rows["main"].error is None
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("poller-")]


def test_a_lost_connection_is_made_again(desk, monkeypatch):
    monkeypatch.setattr("consultant.intake.poller.BACK_OFF_SECONDS", (0.01,))
    desk.account.failures = [Transient("The connection was lost.")] * 3
    desk.account.deliver(make_letter())
    poller = Poller(desk.parts)
    poller.start()
    try:
        wait_until(lambda: desk.bell.rung)
    finally:
        poller.stop()
    with desk.parts.store.read() as tx:
        assert ledger.counts(tx) == {"due": 1}


def test_the_pause_grows_has_jitter_and_an_end():
    for failures in range(1, 30):
        limit = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS)) - 1]
        pauses = {back_off(failures) for _ in range(20)}
        assert all(limit / 2 <= pause <= limit for pause in pauses)
        assert len(pauses) > 1
