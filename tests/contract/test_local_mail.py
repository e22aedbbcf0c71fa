"""Local mail keeps what it said 250 to, answers any mail client, and gives every letter back after a restart."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from consultant.errors import Permanent, Transient
from consultant.gateways.imap import ImapMailbox
from consultant.gateways.smtp import SmtpSubmission
from consultant.local.letters import Letters
from consultant.local.server import LocalMail
from consultant.mail.ports import AuthenticationFailed, NotSent, Refused
from tests.contract.conftest import settings
from tests.contract.test_submission import server
from tests.servers import HOST

DESK, ASKER, PASSWORD = "desk@consultant.localhost", "asker@practice.localhost", "local"
RAW = b"From: Testa Sampleton <asker@practice.localhost>\r\nSubject: One\r\n\r\n.dots\r\n\xc3\xa4\r\n"


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalMail]:
    with LocalMail(tmp_path / "mail", password=PASSWORD, smtp_port=0, imap_port=0) as running:
        yield running


def again(local: LocalMail, folder: Path) -> LocalMail:
    local.stop()
    return LocalMail(folder / "mail", password=PASSWORD, smtp_port=0, imap_port=0)


def post(local: LocalMail, raw: bytes = RAW, to: tuple[str, ...] = (DESK,), sender: str = ASKER) -> None:
    with SmtpSubmission(server(local.smtp_port)) as submission:
        envelope = submission.open(sender, to, size=len(raw))
        envelope.content(raw)
        assert envelope.dot().positive


def mailbox(local: LocalMail, address: str = DESK, folder: str = "INBOX", **more: object) -> ImapMailbox:
    return ImapMailbox.connect(settings(local.imap_port, address, PASSWORD, folder, **more))


def client(local: LocalMail, address: str = DESK) -> IMAPClient:
    other = IMAPClient(HOST, local.imap_port, ssl=False)
    other.plain_login(address, PASSWORD)
    return other


def test_a_letter_that_got_250_is_on_disk_and_in_the_inbox(local: LocalMail) -> None:
    """The file, the IMAP server and the page's view hold the same bytes, below the fields of delivery."""
    post(local)
    [kept] = local.inbox(DESK)
    with mailbox(local) as opened:
        [fetched] = opened.fetch(opened.uids())
    assert fetched.raw == kept.raw == kept.path.read_bytes()
    assert fetched.raw.startswith(
        b"Return-Path: <asker@practice.localhost>\r\nDelivered-To: desk@consultant.localhost\r\n"
    )
    assert fetched.raw.endswith(RAW)
    assert fetched.internal_date == kept.received_at.replace(microsecond=0)


def test_every_recipient_has_a_mailbox_of_its_own(local: LocalMail) -> None:
    """Letters are not relayed: every address, whatever its domain, has its mailbox here, letter case apart."""
    post(local, to=("One@Far.example.org", "two@practice.localhost", "one@far.example.org"))
    assert len(local.inbox("one@far.example.org")) == len(local.inbox("TWO@practice.localhost")) == 1
    assert local.inbox("three@practice.localhost") == ()
    assert local.addresses() == ["one@far.example.org", "two@practice.localhost"]
    with mailbox(local, "ONE@far.example.org") as opened:
        assert len(opened.uids()) == 1


def test_a_sub_address_is_its_accounts_own_and_stands_in_the_trace(local: LocalMail) -> None:
    """RFC 5233: one letter, one mailbox, and the detail is not lost."""
    post(local, to=("desk+C-2026-000001.token@consultant.localhost",))
    [kept] = local.inbox(DESK)
    assert b"Delivered-To: desk+c-2026-000001.token@consultant.localhost\r\n" in kept.raw
    assert local.addresses() == [DESK]


def test_the_null_sender_is_written_as_such(local: LocalMail) -> None:
    """A bounce shows its empty Return-Path, by which it is known."""
    post(local, sender="")
    assert local.inbox(DESK)[0].raw.startswith(b"Return-Path: <>\r\n")


def test_newest_letters_come_first(local: LocalMail) -> None:
    """The asker's page shows the last reply on top."""
    for number in range(3):
        local.deliver(b"Subject: %d\n\nText\n" % number, None, [ASKER])
    assert [letter.raw.split(b"\r\n")[3] for letter in local.inbox(ASKER)] == [
        b"Subject: 2",
        b"Subject: 1",
        b"Subject: 0",
    ]


def test_a_dropped_in_file_gets_line_ends_and_keeps_its_own_return_path(local: LocalMail) -> None:
    """An .eml file from any system becomes a letter as SMTP would have brought it."""
    local.deliver(b"Return-Path: <a@b.example>\nSubject: x\r\n\rText\n", None, [DESK])
    raw = local.inbox(DESK)[0].raw
    assert raw.count(b"Return-Path") == 1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


def test_idling_clients_hear_of_a_letter_at_once(local: LocalMail) -> None:
    """SMTP in, IDLE out: within a fraction of a second."""
    with mailbox(local) as opened:
        opened.uids()
        threading.Timer(0.2, lambda: post(local)).start()
        began = time.monotonic()
        assert opened.wait(20, threading.Event()) is True
        assert time.monotonic() - began < 1.5


def test_a_restart_keeps_letters_where_they_were_under_a_higher_uidvalidity(local: LocalMail, tmp_path: Path) -> None:
    """Moved letters stay moved, deleted ones stay deleted, copies stay, and old UIDs are void."""
    for number in range(4):
        post(local, b"X-Number: n%d\r\n\r\n" % number)
    with mailbox(local, processed_folder="Done/2026") as opened:
        before = opened.folder.uidvalidity
        uids = opened.uids()
        opened.move(uids[:1], "Done/2026")
    with client(local) as other:
        other.select_folder("INBOX")
        other.copy(uids[1], "Done/2026")
        other.delete_messages([uids[2]])
        other.expunge()
    with again(local, tmp_path) as restarted:
        with mailbox(restarted) as opened:
            assert opened.folder.uidvalidity > before
            assert [letter.raw[-12:-4] for letter in opened.fetch(opened.uids())] == [b"mber: n1", b"mber: n3"]
            assert sorted(opened.folders()) == ["Done/2026", "INBOX"]
        with mailbox(restarted, folder="Done/2026") as opened:
            assert [letter.raw[-12:-4] for letter in opened.fetch(opened.uids())] == [b"mber: n0", b"mber: n1"]
        assert len(restarted.letters(DESK, "Done/2026")) == 2


def test_folders_that_a_client_renames_or_deletes_are_so_after_a_restart(local: LocalMail, tmp_path: Path) -> None:
    """Renaming INBOX moves its letters and leaves an empty one (RFC 9051, 6.3.6)."""
    post(local)
    with client(local) as other:
        for name in ("Old", "Gone", "Tree", "Tree/Leaf"):
            other.create_folder(name)
            other.append(name, RAW)
        other.rename_folder("Old", "New")
        other.rename_folder("Tree", "Bush")
        other.delete_folder("Gone")
        other.rename_folder("INBOX", "Kept")
        other.append("New", RAW)
    with again(local, tmp_path) as restarted:
        assert restarted.inbox(DESK) == ()
        assert {name: len(restarted.letters(DESK, name)) for name in ("New", "Bush", "Bush/Leaf", "Kept", "Gone")} == {
            "New": 2,
            "Bush": 1,
            "Bush/Leaf": 1,
            "Kept": 1,
            "Gone": 0,
        }
        with mailbox(restarted) as opened:
            assert sorted(opened.folders()) == ["Bush", "Bush/Leaf", "INBOX", "Kept", "New"]


def test_a_letter_that_cannot_be_kept_is_not_taken(local: LocalMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is a 452, and the sender keeps its letter."""

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Letters, "keep", full)
    with SmtpSubmission(server(local.smtp_port)) as submission:
        envelope = submission.open(ASKER, [DESK])
        envelope.content(RAW)
        assert envelope.dot().code == 452
    with pytest.raises(Transient, match="No space left"):
        local.deliver(RAW, ASKER, [DESK])


def test_a_letter_that_fails_unforeseen_is_refused_for_now_and_leaks_nothing(
    local: LocalMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours is a 4xx without its text."""

    def broken(*_: object) -> Path:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Letters, "keep", broken)
    with SmtpSubmission(server(local.smtp_port)) as submission:
        envelope = submission.open(ASKER, [DESK])
        envelope.content(RAW)
        reply = envelope.dot()
    assert reply.code == 451
    assert "secret" not in reply.text


def test_mail_clients_may_log_in_with_the_local_password_and_no_other(local: LocalMail) -> None:
    """Any address and the local password: what every mail client asks for works, for IMAP and SMTP."""
    for mechanism in ("PLAIN", "LOGIN"):
        with smtplib.SMTP(HOST, local.smtp_port) as smtp:
            smtp.ehlo()
            smtp.user, smtp.password = ASKER, PASSWORD
            authenticate = smtp.auth_plain if mechanism == "PLAIN" else smtp.auth_login
            assert smtp.auth(mechanism, authenticate)[0] == 235
    for login, password in ((ASKER, "wrong"), ("no-address", PASSWORD)):
        with pytest.raises(AuthenticationFailed):
            ImapMailbox.connect(settings(local.imap_port, login, password, "INBOX"))
    wrong = server(local.smtp_port, username=ASKER, password="wrong")
    with pytest.raises(AuthenticationFailed):
        SmtpSubmission(wrong).open(ASKER, [DESK])


def test_an_account_cannot_act_as_another(local: LocalMail) -> None:
    """SASL's authorization identity opens no other mailbox."""
    with closing_client(local) as other, pytest.raises(IMAPClient.Error):
        other.plain_login(ASKER, PASSWORD, authorization_identity=DESK)


def closing_client(local: LocalMail) -> IMAPClient:
    return IMAPClient(HOST, local.imap_port, ssl=False)


@pytest.mark.parametrize("address", ["nobody", "@x.example", "a@", "a/b\x7f@x.example", "x" * 250 + "@y.example"])
def test_a_recipient_that_cannot_have_a_mailbox_is_refused(local: LocalMail, address: str) -> None:
    """553 at RCPT, or our own refusal before it."""
    with SmtpSubmission(server(local.smtp_port)) as submission, pytest.raises((Refused, NotSent)):
        submission.open(ASKER, [address])
    with pytest.raises(Permanent, match="cannot be written to"):
        local.deliver(RAW, ASKER, [address])


def test_no_address_or_folder_leaves_the_folder_of_letters(local: LocalMail, tmp_path: Path) -> None:
    """Dots and slashes in names are names, not ways out."""
    local.deliver(RAW, ASKER, ["../../up@x.example", "..@x.example"])
    with client(local, "../../up@x.example") as other:
        other.create_folder("../../../out")
        other.append("../../../out", RAW)
    letters = list((tmp_path / "mail").rglob("*.eml"))
    assert len(letters) == 3
    assert all(path.resolve().is_relative_to((tmp_path / "mail").resolve()) for path in letters)
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_a_large_letter_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    """SIZE is announced and kept to; a letter without a declared size is refused after its text."""
    with LocalMail(tmp_path, password=PASSWORD, smtp_port=0, imap_port=0, size_limit=1000) as local:
        with SmtpSubmission(server(local.smtp_port)) as submission:
            with pytest.raises(Refused, match="552"):
                submission.open(ASKER, [DESK], size=2000)
            envelope = submission.open(ASKER, [DESK])
            envelope.content(b"Subject: x\r\n\r\n" + b"long line\r\n" * 200)
            assert envelope.dot().code == 552
        assert local.inbox(DESK) == ()


def test_long_lines_are_taken(local: LocalMail) -> None:
    """Letters from careless programs come with lines beyond 998 characters; they are questions all the same."""
    raw = b"Subject: x\r\n\r\n" + b"y" * 20_000 + b"\r\n"
    post(local, raw)
    assert local.inbox(DESK)[0].raw.endswith(raw)


def test_a_busy_port_is_named_with_its_setting(tmp_path: Path) -> None:
    """One clear sentence, and nothing is left running."""
    with socket.create_server((HOST, 0)) as busy:
        port = busy.getsockname()[1]
        for setting, ports in (("smtp_port", (port, 0)), ("imap_port", (0, port))):
            local = LocalMail(tmp_path, password=PASSWORD, smtp_port=ports[0], imap_port=ports[1])
            with pytest.raises(Permanent, match=rf"Port {port} .* taken .*local\.{setting}"):
                local.start()
            local.stop()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    """One clear sentence, and the ports are free again."""
    (tmp_path / "file").write_text("not a folder")
    local = LocalMail(tmp_path / "file" / "mail", password=PASSWORD, smtp_port=0, imap_port=0)
    with pytest.raises(Permanent, match="cannot be written to"):
        local.start()
    with socket.create_server((HOST, local.smtp_port)), socket.create_server((HOST, local.imap_port)):
        pass


def test_stopping_takes_less_than_three_seconds_with_clients_in_the_middle(local: LocalMail) -> None:
    """An open transaction and an idling client hold up nothing; stopping twice is nothing."""
    with SmtpSubmission(server(local.smtp_port)) as submission, client(local) as other:
        submission.open(ASKER, [DESK])
        other.select_folder("INBOX")
        other.idle()
        began = time.monotonic()
        local.stop()
        local.stop()
        assert time.monotonic() - began < 3
    with pytest.raises(Transient, match="does not run"):
        local.deliver(RAW, ASKER, [DESK])


def test_a_file_that_a_person_put_there_is_served(local: LocalMail, tmp_path: Path) -> None:
    """A letter copied into the folder by hand is there after the next start, with the file's own time."""
    post(local)
    place = local.inbox(DESK)[0].path.parent / "by-hand.eml"
    place.write_bytes(RAW)
    with again(local, tmp_path) as restarted, mailbox(restarted) as opened:
        assert len(opened.uids()) == 2
        assert len(restarted.inbox(DESK)) == 2


def test_half_written_letters_are_no_letters(local: LocalMail, tmp_path: Path) -> None:
    """What a crash left behind is not shown."""
    post(local)
    place = local.inbox(DESK)[0].path.parent
    (place / ".20260302T093015.000000Z-000000.eml.part").write_bytes(b"Subj")
    with again(local, tmp_path) as restarted, mailbox(restarted) as opened:
        assert len(opened.uids()) == 1
