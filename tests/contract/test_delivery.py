"""The second door: 250 after the ledger's commit, 4xx when it cannot, strangers and other recipients refused."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from consultant.errors import Transient
from consultant.gateways.delivery import DeliveryServer
from consultant.intake.delivery import Door
from consultant.records import cases, ledger
from consultant.settings import Delivery
from tests.builders import ASKER, DESK, make_desk, make_letter
from tests.servers import free_port

LIMIT = 100_000


@pytest.fixture
def desk(tmp_path, release, migrated):
    with make_desk(tmp_path, release, migrated) as desk:
        yield desk


@contextmanager
def listening(desk, protocol="lmtp", **settings) -> Iterator[smtplib.SMTP]:
    door = Door(desk.parts)
    port = free_port()
    server = DeliveryServer(Delivery(protocol=protocol, port=port, **settings), door.take, door.knows, LIMIT)
    assert server.start() == port
    client = smtplib.LMTP if protocol == "lmtp" else smtplib.SMTP
    try:
        with client("127.0.0.1", port, timeout=10) as session:
            yield session
    finally:
        server.stop()


def rows(desk):
    with desk.parts.store.read() as tx:
        return ledger.counts(tx)


@pytest.mark.parametrize("protocol", ["lmtp", "smtp"])
def test_a_letter_that_was_answered_with_250_is_in_the_ledger(desk, protocol):
    with listening(desk, protocol) as session:
        session.sendmail(ASKER, [DESK], make_letter())
    assert rows(desk) == {"due": 1}
    desk.work()
    with desk.parts.store.read() as tx:
        assert cases.current(tx, 1).asker == ASKER


def test_a_letter_that_the_ledger_cannot_take_is_put_off(desk, monkeypatch):
    """The mail server keeps it and offers it again; the words of the database stay inside."""

    def broken(*_):
        raise Transient("The case store did not answer: no such host as secret-db")

    with listening(desk) as session:
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "enter", broken)
            with pytest.raises(smtplib.SMTPDataError) as refused:
                session.sendmail(ASKER, [DESK], make_letter())
        assert refused.value.smtp_code == 451
        assert b"secret" not in refused.value.smtp_error
        session.sendmail(ASKER, [DESK], make_letter())
    assert rows(desk) == {"due": 1}


def test_the_same_bytes_offered_again_are_one_letter(desk):
    """A mail server whose 250 was lost sends the letter once more."""
    with listening(desk) as session:
        for _ in range(2):
            session.sendmail(ASKER, [DESK], make_letter())
    assert rows(desk) == {"due": 1}


def test_a_letter_that_was_polled_too_is_one_case(desk):
    """It has other Received fields and one content."""
    desk.ask()
    with listening(desk) as session:
        session.sendmail(ASKER, [DESK], b"Received: from elsewhere\r\n" + make_letter())
    desk.work()
    with desk.parts.store.read() as tx:
        assert sum(cases.counts(tx).values()) == 1
    assert rows(desk) == {"accept": 1, "discard": 1}


def test_the_null_sender_reaches_the_screening(desk):
    """A machine's letter is no question, whatever its text says."""
    with listening(desk) as session:
        session.sendmail("", [DESK], make_letter())
    desk.work()
    assert "accept" not in rows(desk)


def test_the_size_limit_is_announced_and_holds(desk):
    with listening(desk) as session:
        session.ehlo_or_helo_if_needed()
        assert session.esmtp_features["size"] == str(LIMIT)
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            session.sendmail(ASKER, [DESK], make_letter("x" * 70 + "\n" * 1) + b"a long line\r\n" * LIMIT)
    assert refused.value.smtp_code == 552
    assert rows(desk) == {}


def test_other_recipients_are_refused_and_a_case_in_the_address_is_ours(desk):
    local, _, domain = DESK.partition("@")
    with listening(desk) as session:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            session.sendmail(ASKER, ["billing@desk.example"], make_letter())
        assert refused.value.recipients["billing@desk.example"][0] == 550
        session.sendmail(ASKER, [f"{local}+C-2026-000001.token@{domain}"], make_letter())
    assert rows(desk) == {"due": 1}


def test_a_second_recipient_is_put_off(desk):
    """LMTP owes a reply for each recipient, and there is one desk behind all of them."""
    with listening(desk) as session:
        refused = session.sendmail(ASKER, [DESK, DESK.upper()], make_letter())
    assert [code for code, _ in refused.values()] == [452]
    assert rows(desk) == {"due": 1}


def test_a_stranger_is_not_let_in(desk):
    with listening(desk, allow_from=("192.0.2.0/24",)) as session, pytest.raises(smtplib.SMTPSenderRefused):
        session.sendmail(ASKER, [DESK], make_letter())
    assert rows(desk) == {}


def test_a_port_in_use_is_told_in_a_sentence(desk):
    with listening(desk) as session:
        door = Door(desk.parts)
        other = DeliveryServer(Delivery(port=session.sock.getpeername()[1]), door.take, door.knows, LIMIT)
        with pytest.raises(Exception, match=r"set delivery\.port"):
            other.start()
