"""What only a real IMAP connection can suffer: each fault is one of our errors, with a sentence, and no secret."""

import ssl
import threading
import time
from pathlib import Path

import pytest

from consultant.errors import Permanent, Transient
from consultant.gateways import imap
from consultant.gateways.imap import ImapMailbox
from consultant.local.server import LocalMail
from consultant.mail.ports import AuthenticationFailed
from tests.certificates import certificate
from tests.contract.conftest import settings
from tests.contract.scripted_imap import SELECTED, Answers, ordinary, scripted_imap
from tests.servers import Dovecot, free_port

USER, PASSWORD = "desk@clinic.example", "secret-word"


def opened(port: int, **more: object) -> ImapMailbox:
    return ImapMailbox.connect(settings(port, USER, PASSWORD, "INBOX", **more))


def answering(**replies: list[bytes] | None) -> Answers:
    """Answer commands that begin with a word (spaces as underscores) with these lines, all others as usual."""

    def answers(command: str) -> list[bytes] | None:
        for begins, lines in replies.items():
            if command.upper().startswith(begins.replace("_", " ")):
                return lines
        return ordinary(command)

    return answers


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] no such login\r\n", AuthenticationFailed),
        (b"{tag} NO [UNAVAILABLE] directory is down\r\n", Transient),
        (b"{tag} NO [LIMIT] too many connections\r\n", Transient),
        (b"{tag} NO you said secret-word\r\n", AuthenticationFailed),
        (b"* BYE too many\r\n", Transient),
    ],
)
def test_a_refused_login_is_told_from_a_passing_one(reply: bytes, expected: type[Exception]) -> None:
    """A wrong password is for a person, a full server is for later; the password is in neither sentence."""
    with scripted_imap(answering(AUTHENTICATE=[reply])) as port, pytest.raises(expected) as caught:
        opened(port, timeout_seconds=0.5)
    assert PASSWORD not in str(caught.value)
    assert str(port) in str(caught.value)


def test_a_connection_lost_during_login_is_no_refusal() -> None:
    """The library calls both a LoginError; only one of them is one."""
    with scripted_imap(answering(AUTHENTICATE=None)) as port, pytest.raises(Transient):
        opened(port)


def test_a_port_without_a_server_is_worth_another_try() -> None:
    """The sentence names host and port."""
    port = free_port()
    with pytest.raises(Transient, match=f"127.0.0.1:{port} refused"):
        opened(port)


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    """A hanging server costs no more than the time limit."""
    began = time.monotonic()
    with scripted_imap(answering(EXAMINE=[])) as port, pytest.raises(Transient, match="in time"):
        opened(port, timeout_seconds=0.4)
    assert time.monotonic() - began < 3


def test_a_folder_that_is_not_there_is_named() -> None:
    """A misspelt folder is for a person."""
    reply = [b"{tag} NO [NONEXISTENT] no such mailbox\r\n"]
    with scripted_imap(answering(EXAMINE=reply)) as port, pytest.raises(Permanent, match="INBOX"):
        opened(port)


def test_a_folder_without_uidvalidity_is_not_read() -> None:
    """Without it a letter could be taken for another."""
    reply = [SELECTED[0], SELECTED[3]]
    with scripted_imap(answering(EXAMINE=reply)) as port, pytest.raises(Permanent, match="UIDVALIDITY"):
        opened(port)


def test_a_connection_lost_in_the_middle_of_a_letter_yields_none_of_it() -> None:
    """Half a letter is no letter; the mailbox says so until it is opened again."""
    sizes = [b"* 1 FETCH (UID 1 RFC822.SIZE 100)\r\n", b"{tag} OK done\r\n"]
    body = [b"* 1 FETCH (UID 1 BODY[] {100}\r\nSubject: half"]

    def answers(command: str) -> list[bytes] | None:
        if "RFC822.SIZE" in command:
            return sizes
        return body if "BODY.PEEK" in command else ordinary(command)

    with scripted_imap(answers) as port, opened(port, timeout_seconds=0.5) as mailbox:
        with pytest.raises(Transient):
            list(mailbox.fetch([1]))
        with pytest.raises(Transient, match="before"):
            mailbox.uids()


BOTH_SIZES = [b"* 1 FETCH (UID 1 RFC822.SIZE 1)\r\n", b"* 2 FETCH (UID 2 RFC822.SIZE 1)\r\n", b"{tag} OK done\r\n"]
SECOND = b'* 2 FETCH (UID 2 BODY[] {5}\r\na: b\n INTERNALDATE "02-Mar-2026 10:30:15 +0100")\r\n'


def one_bad(bad: list[bytes]) -> Answers:
    def answers(command: str) -> list[bytes] | None:
        if "RFC822.SIZE" in command:
            return BOTH_SIZES
        if "1,2" in command:
            return bad
        if "FETCH 1 " in command.upper():
            return (
                bad if "INTERNALDATE" in command else [b"* 1 FETCH (UID 1 BODY[] {1}\r\nx)\r\n", b"{tag} OK done\r\n"]
            )
        if "FETCH 2 " in command.upper():
            return [SECOND, b"{tag} OK done\r\n"]
        return ordinary(command)

    return answers


def test_a_letter_that_the_server_cannot_give_holds_up_no_other() -> None:
    """The good letter comes first; then a sentence names the bad one."""
    with scripted_imap(one_bad([b"{tag} NO [CONTACTADMIN] cannot read it\r\n"])) as port, opened(port) as mailbox:
        letters = mailbox.fetch([1, 2])
        assert next(letters).uid == 2
        with pytest.raises(Permanent, match=r"UID 1\b"):
            next(letters)
        assert mailbox.uids() == [1, 2]


def test_a_letter_that_was_expunged_meanwhile_is_left_out() -> None:
    """EXPUNGEISSUED says that it is gone, not that something is wrong."""
    with scripted_imap(one_bad([b"{tag} NO [EXPUNGEISSUED] gone\r\n"])) as port, opened(port) as mailbox:
        assert [letter.uid for letter in mailbox.fetch([1, 2])] == [2]


def test_a_letter_with_an_unreadable_date_comes_without_one() -> None:
    """The server's date is a comfort; the letter is what counts."""
    undated = b'* 1 FETCH (UID 1 BODY[] {1}\r\nx INTERNALDATE "99-Foo-2026 99:99:99 +0000")\r\n'
    with scripted_imap(one_bad([undated, SECOND, b"{tag} OK done\r\n"])) as port, opened(port) as mailbox:
        first, second = mailbox.fetch([1, 2])
    assert (first.raw, first.internal_date) == (b"x", None)
    assert second.internal_date is not None
    assert second.internal_date.isoformat() == "2026-03-02T09:30:15+00:00"


@pytest.mark.parametrize(
    "idle",
    [
        [b"+ idling\r\n* 3 EXISTS\r\n"],
        [b"* 3 EXISTS\r\n+ idling\r\n"],
        [b"+ idling\r\n", b"* 3 EX", b"ISTS\r\n"],
    ],
    ids=["in one packet with the plus", "before the plus", "in two pieces"],
)
def test_an_announcement_is_heard_however_it_is_cut(idle: list[bytes]) -> None:
    """Packets end where they like; no announcement is slept over, and none breaks the connection."""
    with scripted_imap(answering(IDLE=idle)) as port, opened(port) as mailbox:
        began = time.monotonic()
        assert mailbox.wait(20, threading.Event()) is True
        assert time.monotonic() - began < 3
        assert mailbox.uids() == [1, 2]


def test_a_server_that_refuses_idle_is_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    """IDLE announced and refused costs nothing but the time between two looks."""
    monkeypatch.setattr("consultant.gateways.imap_news.POLL_SECONDS", 0.1)
    looks: list[str] = []

    def answers(command: str) -> list[bytes] | None:
        looks.append(command)
        if command == "IDLE":
            return [b"{tag} NO not now\r\n"]
        if command == "NOOP" and looks.count("NOOP") == 3:
            return [b"* 3 EXISTS\r\n", b"{tag} OK done\r\n"]
        return ordinary(command)

    with scripted_imap(answers) as port, opened(port) as mailbox:
        assert mailbox.wait(20, threading.Event()) is True
    assert looks.count("IDLE") == 1


def test_a_server_that_repeats_itself_announces_nothing() -> None:
    """The same EXISTS again and again does not keep us busy."""
    chatty = [b"* 2 EXISTS\r\n", b"{tag} OK done\r\n"]
    with scripted_imap(answering(NOOP=chatty)) as port, opened(port) as mailbox:
        assert mailbox.wait(0.5, threading.Event()) is False


def test_a_connection_closed_while_idling_is_noticed_at_once() -> None:
    """The server's good-bye ends the wait as a lost connection, not as silence."""
    goodbye = [b"+ idling\r\n", b"* BYE shutting down\r\n"]
    with scripted_imap(answering(IDLE=goodbye, DONE=None)) as port, opened(port) as mailbox:
        began = time.monotonic()
        with pytest.raises(Transient):
            mailbox.wait(20, threading.Event())
        assert time.monotonic() - began < 3


def test_a_stop_does_not_wait_for_a_silent_server() -> None:
    """The server never answers DONE; the stop takes a second all the same."""
    stop = threading.Event()
    with scripted_imap(answering(DONE=[])) as port, opened(port) as mailbox:
        threading.Timer(0.2, stop.set).start()
        began = time.monotonic()
        assert mailbox.wait(20, stop) is False
        mailbox.close()
        assert time.monotonic() - began < 1.4


def test_idle_is_renewed_before_the_server_forgets_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """DONE and IDLE again, long before the 29 minutes of RFC 2177."""
    monkeypatch.setattr("consultant.gateways.imap_news.IDLE_SECONDS", 0.2)
    said: list[str] = []

    def answers(command: str) -> list[bytes] | None:
        said.append(command)
        return [b"+ idling\r\n"] if command == "IDLE" else ordinary(command)

    with scripted_imap(answers) as port, opened(port) as mailbox:
        assert mailbox.wait(0.9, threading.Event()) is False
    assert said.count("IDLE") == said.count("DONE") >= 3


def test_for_a_while_after_a_letter_the_folder_is_asked_and_then_idled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may gather what it announces to a client that idles; the letters of a bunch do not wait for that."""
    monkeypatch.setattr("consultant.gateways.imap_news.KEEN_SECONDS", 0.4)
    monkeypatch.setattr("consultant.gateways.imap_news.KEEN_LOOK_SECONDS", 0.1)
    said: list[str] = []

    def answers(command: str) -> list[bytes] | None:
        said.append(command)
        return [b"+ idling\r\n* 3 EXISTS\r\n"] if command == "IDLE" and said.count("IDLE") == 1 else ordinary(command)

    with scripted_imap(answers) as port, opened(port) as mailbox:
        assert mailbox.wait(20, threading.Event()) is True
        looked = len(said)
        assert mailbox.wait(0.9, threading.Event()) is False
    assert said[looked : looked + 3] == ["NOOP"] * 3
    assert "IDLE" in said[looked:]


def test_a_long_folder_is_listed_in_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library refuses lines above a million bytes, so a large folder is not listed in one."""
    monkeypatch.setattr(imap, "UIDS_PER_SEARCH", 1)
    asked: list[str] = []

    def answers(command: str) -> list[bytes] | None:
        if command.startswith("UID SEARCH"):
            asked.append(command)
        return ordinary(command)

    with scripted_imap(answers) as port, opened(port) as mailbox:
        assert mailbox.uids() == [1, 2]
    assert asked == ["UID SEARCH UID 1:1", "UID SEARCH UID 2:*"]


def test_letters_come_in_batches_capped_by_count_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No batch holds more than its share, and a letter above the cap comes alone."""
    monkeypatch.setattr(imap, "BATCH_BYTES", 100)
    monkeypatch.setattr(imap, "BATCH_LETTERS", 3)
    sizes = {1: 10, 2: 10, 3: 10, 4: 10, 5: 60, 6: 60, 7: 500, 8: 10}
    asked: list[str] = []

    def answers(command: str) -> list[bytes] | None:
        if "RFC822.SIZE" in command:
            found = [b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, uid, size) for uid, size in sizes.items()]
            return [*found, b"{tag} OK done\r\n"]
        if "BODY.PEEK" in command:
            asked.append(command.split()[2])
        return ordinary(command)

    with scripted_imap(answers) as port, opened(port) as mailbox:
        assert list(mailbox.fetch(list(sizes))) == []
    assert asked == ["1,2,3", "4,5", "6", "7", "8"]


def test_find_does_not_believe_a_search_that_finds_too_much() -> None:
    """Some servers search by words; a letter counts as found only when its header field says so."""
    listed = [b'* LIST () "/" Sent\r\n', b"{tag} OK done\r\n"]
    header = [b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (X-DELIVERY-ID)] {21}\r\nX-Delivery-Id: no\r\n\r\n)\r\n"]
    replies = {"LIST": listed, "UID_FETCH": [*header, b"{tag} OK done\r\n"]}
    with scripted_imap(answering(**replies)) as port, opened(port) as mailbox:
        assert mailbox.find("X-Delivery-Id", "no", ["Sent"])
        assert not mailbox.find("X-Delivery-Id", "other", ["Sent"])


def test_a_locked_folder_is_not_called_empty() -> None:
    """A folder that exists and cannot be opened now is no proof that a letter was not sent."""
    listed = [b'* LIST () "/" Sent\r\n', b"{tag} OK done\r\n"]
    locked = [b"{tag} NO [INUSE] locked\r\n"]
    replies = {"LIST": listed, 'EXAMINE_"SENT"': locked}
    with scripted_imap(answering(**replies)) as port, opened(port) as mailbox, pytest.raises(Transient):
        mailbox.find("X-Delivery-Id", "a", ["Sent"])


def test_a_token_logs_in_by_xoauth2_and_is_asked_for_each_time() -> None:
    """An access token lives for an hour, so each login asks for one that is valid now."""
    tokens = iter(["first-token", "second-token"])
    with scripted_imap(ordinary) as port:
        for _ in range(2):
            ImapMailbox.connect(settings(port, USER, "", "INBOX"), token=lambda: next(tokens)).close()
    with pytest.raises(StopIteration):
        next(tokens)


def test_plain_text_beyond_loopback_is_refused_before_connecting() -> None:
    """Without TLS only this machine is spoken to."""
    with pytest.raises(Permanent, match="without TLS"):
        ImapMailbox.connect(settings(143, USER, PASSWORD, host="imap.example.org"))


def test_a_server_without_starttls_is_never_spoken_to_in_the_clear() -> None:
    """A stripped STARTTLS does not lead to plain text."""
    with scripted_imap(ordinary) as port, pytest.raises(Permanent, match="STARTTLS"):
        opened(port, tls="starttls")


@pytest.mark.service
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_is_verified(tmp_path: Path, tls: str) -> None:
    """A trusted certificate is taken, also while idling; an unknown one is refused for good."""
    if missing := Dovecot.missing():
        pytest.skip(missing)
    cert, key = certificate(tmp_path)
    with Dovecot(certificate=(cert, key)) as server:
        port = server.tls_port if tls == "implicit" else server.port
        account = settings(port, server.user, server.password, "INBOX", tls=tls)
        with ImapMailbox.connect(account, context=ssl.create_default_context(cafile=str(cert))) as mailbox:
            assert mailbox.uids() == []
            with server.client() as other:
                other.append("INBOX", b"Subject: x\r\n\r\n")
                assert mailbox.wait(20, threading.Event()) is True
                threading.Timer(0.3, lambda: other.append("INBOX", b"Subject: y\r\n\r\n")).start()
                assert mailbox.wait(20, threading.Event()) is True
            assert len(list(mailbox.fetch(mailbox.uids()))) == 2
        with pytest.raises(Permanent, match="certificate"):
            ImapMailbox.connect(account)


def test_the_embedded_server_says_good_bye_to_idling_clients(tmp_path: Path) -> None:
    """Stopping local mail ends a wait as a lost connection, within its three seconds."""
    local = LocalMail(tmp_path, password=PASSWORD, smtp_port=0, imap_port=0)
    local.start()
    with ImapMailbox.connect(settings(local.imap_port, USER, PASSWORD, "INBOX")) as mailbox:
        threading.Timer(0.2, local.stop).start()
        began = time.monotonic()
        with pytest.raises(Transient):
            mailbox.wait(20, threading.Event())
        assert time.monotonic() - began < 3
