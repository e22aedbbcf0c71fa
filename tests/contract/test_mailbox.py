"""What every `Mailbox` keeps, whether it is a real server, the embedded one, or the memory twin."""

import threading
import time
from collections.abc import Callable

import pytest

from consultant.errors import Permanent
from tests.contract.conftest import WHEN, MailWorld

ODD_LETTERS = {
    "plain": b"Subject: One\r\n\r\nText\r\n",
    "eight bits": b"Subject: \xc3\xa4\r\n\r\n\xff\x01\x80 raw\r\n",
    "no line end at the end": b"Subject: x\r\n\r\nno end",
    "headers only": b"Subject: x\r\n\r\n",
    "dots": b"Subject: x\r\n\r\n.\r\n..\r\n.x\r\n",
    "long line": b"Subject: x\r\n\r\n" + b"y" * 5000 + b"\r\n",
    "like a literal": b"Subject: {12}\r\n\r\n* 1 FETCH (FLAGS ()) {3}\r\nA1 OK done\r\n",
    "folded": b"Subject: a\r\n b\r\nX-Delivery-Id: abc\r\n  def\r\n\r\n)\r\n",
}


def test_every_letter_comes_back_byte_for_byte_with_its_date(world: MailWorld) -> None:
    """Bytes are sacred: not a line end, not a dot differs, and the date is the server's, in UTC."""
    for raw in ODD_LETTERS.values():
        world.deliver(raw)
    with world.open() as mailbox:
        fetched = list(mailbox.fetch(mailbox.uids()))
    assert [letter.raw for letter in fetched] == list(ODD_LETTERS.values())
    assert {letter.internal_date for letter in fetched} == {WHEN}


def test_reading_marks_nothing(world: MailWorld) -> None:
    """A letter that the desk has read looks unread to everyone else."""
    world.deliver(ODD_LETTERS["plain"])
    with world.open() as mailbox:
        list(mailbox.fetch(mailbox.uids()))
        mailbox.find("Subject", "One", [mailbox.folder.name])
    with world.open(writable=True) as mailbox:
        list(mailbox.fetch(mailbox.uids()))
    assert world.flags() == [()]


def test_uids_from_a_number_on_leave_out_what_lies_below(world: MailWorld) -> None:
    """`n:*` names the last letter even when its UID is below n; we do not."""
    for number in range(4):
        world.deliver(b"Subject: %d\r\n\r\n" % number)
    with world.open() as mailbox:
        every = mailbox.uids()
        assert every == sorted(every)
        assert len(every) == 4
        assert mailbox.uids(every[2]) == every[2:]
        assert mailbox.uids(every[3] + 1) == []
        assert mailbox.uids(0) == every


def test_an_empty_folder_has_no_uids(world: MailWorld) -> None:
    """`1:*` in an empty folder is no error."""
    with world.open() as mailbox:
        assert mailbox.folder.exists == 0
        assert mailbox.uids() == []
        assert list(mailbox.fetch([])) == []


def test_a_letter_that_comes_later_is_listed(world: MailWorld) -> None:
    """Listing sees what came since the folder was selected."""
    with world.open() as mailbox:
        assert mailbox.uids() == []
        world.deliver(ODD_LETTERS["plain"])
        assert len(mailbox.uids()) == 1


def test_a_vanished_letter_is_left_out(world: MailWorld) -> None:
    """A letter that someone deleted between listing and fetching holds up no other."""
    for number in range(3):
        world.deliver(b"Subject: %d\r\n\r\n" % number)
    with world.open() as mailbox:
        uids = mailbox.uids()
        world.remove(uids[1])
        assert [letter.uid for letter in mailbox.fetch(uids)] == [uids[0], uids[2]]
        assert mailbox.uids() == [uids[0], uids[2]]


def test_a_folder_made_anew_shows_another_uidvalidity(world: MailWorld) -> None:
    """UIDs of the old folder mean nothing in the new one."""
    world.deliver(ODD_LETTERS["plain"])
    with world.open() as mailbox:
        before = mailbox.folder.uidvalidity
        world.renew()
    with world.open() as mailbox:
        assert mailbox.folder.uidvalidity != before
        assert mailbox.reselect() == mailbox.folder
        assert mailbox.uids() == []


def later(seconds: float, action: Callable[[], object]) -> threading.Thread:
    thread = threading.Timer(seconds, action)
    thread.start()
    return thread


def test_waiting_ends_when_a_letter_comes(world: MailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """News ends the wait long before its time is over."""
    monkeypatch.setattr("consultant.gateways.imap_news.POLL_SECONDS", 0.5)
    with world.open() as mailbox:
        seen = mailbox.uids()
        thread = later(0.3, lambda: world.deliver(ODD_LETTERS["plain"]))
        began = time.monotonic()
        assert mailbox.wait(20, threading.Event()) is True
        assert time.monotonic() - began < 5
        thread.join()
        assert len(mailbox.uids()) == len(seen) + 1


def test_a_letter_that_came_before_the_wait_is_news(world: MailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes between the last look and the wait is not slept over."""
    monkeypatch.setattr("consultant.gateways.imap_news.POLL_SECONDS", 0.5)
    with world.open() as mailbox:
        mailbox.uids()
        world.deliver(ODD_LETTERS["plain"])
        began = time.monotonic()
        assert mailbox.wait(20, threading.Event()) is True
        assert time.monotonic() - began < 2


def test_news_beside_an_expunge_is_news(world: MailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter gone and one come leaves the count as it was, and is news all the same."""
    monkeypatch.setattr("consultant.gateways.imap_news.POLL_SECONDS", 0.5)
    world.deliver(ODD_LETTERS["plain"])
    with world.open() as mailbox:
        [uid] = mailbox.uids()
        world.remove(uid)
        world.deliver(ODD_LETTERS["dots"])
        assert mailbox.wait(10, threading.Event()) is True


def test_a_letter_that_came_while_other_folders_were_searched_is_news(world: MailWorld) -> None:
    """Looking for a sent letter elsewhere does not make the desk deaf."""
    with world.open() as mailbox:
        mailbox.uids()
        world.deliver(ODD_LETTERS["plain"])
        mailbox.find("Message-ID", "<none@desk.example>", ["INBOX"])
        assert mailbox.wait(10, threading.Event()) is True


def test_a_letter_that_was_listed_is_no_news(world: MailWorld) -> None:
    """What the last look saw does not wake anybody again."""
    with world.open() as mailbox:
        world.deliver(ODD_LETTERS["plain"])
        assert len(mailbox.uids()) == 1
        assert mailbox.wait(0.3, threading.Event()) is False


def test_waiting_ends_within_a_second_of_a_stop(world: MailWorld) -> None:
    """A stop does not wait for the server."""
    stop = threading.Event()
    with world.open() as mailbox:
        mailbox.uids()
        thread = later(0.3, stop.set)
        began = time.monotonic()
        assert mailbox.wait(60, stop) is False
        assert time.monotonic() - began < 1.3
        thread.join()


def test_waiting_in_vain_ends_in_time_and_the_mailbox_stays_usable(world: MailWorld) -> None:
    """A wait without news is over when its time is, and leaves the connection as it was."""
    with world.open() as mailbox:
        began = time.monotonic()
        assert mailbox.wait(0.6, threading.Event()) is False
        assert 0.5 < time.monotonic() - began < 2
        world.deliver(ODD_LETTERS["plain"])
        assert len(list(mailbox.fetch(mailbox.uids()))) == 1


def test_moving_creates_the_folder_and_loses_nothing(world: MailWorld, request: pytest.FixtureRequest) -> None:
    """Moved letters lie in the other folder; a server without MOVE leaves them where they are."""
    for number in range(3):
        world.deliver(b"X-Number: n%d\r\n\r\n" % number)
    with world.open(writable=True) as mailbox:
        uids = mailbox.uids()
        mailbox.move(uids[:2], "Erledigt März")
        mailbox.move([], "Nowhere")
        if "without" in request.node.name:
            assert mailbox.uids() == uids
            return
        assert mailbox.uids() == uids[2:]
        assert "Erledigt März" in mailbox.folders()
        assert "Nowhere" not in mailbox.folders()
        assert mailbox.find("X-Number", "n1", ["Erledigt März"])
        mailbox.move(uids[2:], "Erledigt März")
        assert mailbox.uids() == []


def test_a_mailbox_opened_for_reading_moves_nothing(world: MailWorld, request: pytest.FixtureRequest) -> None:
    """Reading never changes a folder, whatever the code above asks for."""
    if "without" in request.node.name:
        pytest.skip("a server without MOVE leaves every letter where it is anyway")
    world.deliver(ODD_LETTERS["plain"])
    with world.open() as mailbox:
        uids = mailbox.uids()
        with pytest.raises(Permanent, match="read-only"):
            mailbox.move(uids, "Processed")
        assert mailbox.uids() == uids


def test_find_tells_whether_a_header_field_is_there(world: MailWorld) -> None:
    """A sent letter is found by its ids, in any of the folders, and nothing else is."""
    world.deliver(
        b"Message-ID: <a.1@desk.example>\r\nX-Delivery-Id: 0b5c\r\n"
        b'Subject: Re: (x) "y" \\z\r\n\r\n<b.2@desk.example>\r\n'
    )
    with world.open() as mailbox:
        here = mailbox.folder.name
        assert mailbox.find("Message-ID", "<a.1@desk.example>", [here])
        assert mailbox.find("message-id", "<A.1@desk.example>", ["Sent", "INBOX", here])
        assert mailbox.find("X-Delivery-Id", "0b5c", [here])
        assert mailbox.find("Subject", '(x) "y" \\z', [here])
        assert not mailbox.find("Message-ID", "<b.2@desk.example>", [here])
        assert not mailbox.find("X-Delivery-Id", "0b5d", [here])
        assert not mailbox.find("Message-ID", "<a.1@desk.example>", ["Sent", "INBOX"])
        assert not mailbox.find("Message-ID", "<a.1@desk.example>", [])
        assert mailbox.folder.name == here
        assert len(mailbox.uids()) == 1


@pytest.mark.parametrize(("header", "text"), [("X: y", "a"), ("X-Id", "a\r\nA1 LOGOUT"), ("", "a"), ("X-Id", "é")])
def test_find_refuses_what_cannot_be_searched_for(world: MailWorld, header: str, text: str) -> None:
    """No text becomes a command."""
    with world.open() as mailbox, pytest.raises(Permanent, match="searched"):
        mailbox.find(header, text, [mailbox.folder.name])


def test_closing_twice_raises_nothing(world: MailWorld) -> None:
    """Closing is safe at any time."""
    with world.open() as mailbox:
        mailbox.close()
        mailbox.close()
