"""The small size: one process that takes a letter in over SMTP and gives the reply back over IMAP."""

import email
import email.policy
import shutil
import signal
import smtplib
import socket

import pytest
from imapclient import IMAPClient

from tests.builders import make_letter
from tests.processes import DeskClient, Process, consultant
from tests.servers import free_port, wait_until

ASKER = "testa@practice.localhost"
DESK = "desk@consultant.localhost"


@pytest.fixture
def folder(tmp_path, release_root):
    """A folder with a release in it, so that a test does not wait for the build."""
    shutil.copytree(release_root, tmp_path / "var" / "knowledge", symlinks=True)
    return tmp_path


@pytest.fixture
def ports():
    return {
        "CONSULTANT_WEB__PORT": str(free_port()),
        "CONSULTANT_LOCAL__SMTP_PORT": str(free_port()),
        "CONSULTANT_LOCAL__IMAP_PORT": str(free_port()),
        "CONSULTANT_DESK__UNDO_SECONDS": "1",
    }


def password(service):
    return service.wait_for(r"(\w{5}-\w{5}-\w{5}-\w{5})").group(1)


def send(ports, raw, sender=ASKER):
    with smtplib.SMTP("127.0.0.1", int(ports["CONSULTANT_LOCAL__SMTP_PORT"]), timeout=10) as smtp:
        smtp.sendmail(sender, [DESK], raw)


def inbox(ports, address=ASKER):
    """Return every letter in an asker's mailbox, as a mail client reads them."""
    with IMAPClient("127.0.0.1", int(ports["CONSULTANT_LOCAL__IMAP_PORT"]), ssl=False, timeout=10) as client:
        client.login(address, "local")
        client.select_folder("INBOX", readonly=True)
        answers = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
        raws = [answer[b"BODY[]"] for _, answer in sorted(answers.items())]
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]


def reply_to(ports, wanted, seconds=30):
    found = []

    def there():
        found[:] = [letter for letter in inbox(ports) if wanted(letter)]
        return bool(found)

    wait_until(there, "the reply", seconds=seconds)
    return found[0]


def question(**changes):
    return make_letter(sender=f"Testa Sampleton <{ASKER}>", recipient=DESK, **changes)


def test_a_letter_is_answered_after_approval_by_a_reply_that_threads_under_it(folder, ports):
    with Process("up", cwd=folder, env=ports) as service:
        secret = password(service)
        service.wait_for("Ctrl-C stops it")
        send(ports, question())
        reply_to(ports, lambda letter: letter["Auto-Submitted"] == "auto-replied")
        desk = DeskClient(f"http://127.0.0.1:{ports['CONSULTANT_WEB__PORT']}")
        desk.log_in("reviewer", secret)
        desk.approve("C-2026-000001")
        answer = reply_to(ports, lambda letter: letter["Auto-Submitted"] is None)
        desk.close()
        assert answer["In-Reply-To"] == "<question-1@clinic.example>"
        assert answer["References"].split()[-1] == "<question-1@clinic.example>"
        assert answer["Subject"].startswith("Re: Lesion on the chin")
        assert "C-2026-000001" in answer["Subject"]
        text = answer.get_body(("plain",)).get_content()
        assert "11441" in text
        assert answer.get_body(("html",)) is not None
        assert service.stop() == 0


def test_starting_again_continues_where_it_stopped(folder, ports):
    with Process("up", cwd=folder, env=ports) as service:
        secret = password(service)
        service.wait_for("Ctrl-C stops it")
        send(ports, question())
        reply_to(ports, lambda letter: letter["Auto-Submitted"] == "auto-replied")
        assert service.stop(signal.SIGTERM) == 0
    service.log.unlink()
    with service:
        service.wait_for("Ctrl-C stops it")
        assert "as before" in service.output
        desk = DeskClient(f"http://127.0.0.1:{ports['CONSULTANT_WEB__PORT']}")
        page = desk.log_in("reviewer", secret)
        assert page.count("C-2026-0000") >= 1
        assert "C-2026-000002" not in page
        desk.approve("C-2026-000001")
        reply_to(ports, lambda letter: letter["Auto-Submitted"] is None)
        desk.close()
        # The letters were loaded anew under a new UIDVALIDITY; nothing was doubled.
        assert len(inbox(ports)) == 2


def test_a_killed_service_loses_no_letter(folder, ports):
    service = Process("up", cwd=folder, env=ports)
    service.start()
    service.wait_for("Ctrl-C stops it")
    for number in range(20):
        send(ports, question(message_id=f"<{number}@clinic.example>", subject=f"Question {number}"))
        if number == 10:
            service.kill()
            service.log.unlink()
            service.start()
            service.wait_for("Ctrl-C stops it")
    try:
        database = folder / "var" / "consultant.sqlite"

        def drafted():
            import sqlite3

            with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as connection:
                rows = connection.execute('SELECT count(*) FROM "case" WHERE state = ?', ("awaiting_review",))
                return rows.fetchone()[0] == 20

        # What the killed process had in hand is free again when its lease is over.
        wait_until(drafted, "twenty drafts", seconds=150)
    finally:
        service.stop()


@pytest.mark.parametrize("name", ["CONSULTANT_WEB__PORT", "CONSULTANT_LOCAL__SMTP_PORT", "CONSULTANT_LOCAL__IMAP_PORT"])
def test_a_busy_port_is_one_clear_sentence(folder, ports, name):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", int(ports[name])))
        busy.listen()
        result = consultant("up", cwd=folder, env=ports)
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if line.strip()]
    assert ports[name] in line
    assert "Traceback" not in result.stdout + result.stderr


def test_a_second_instance_on_the_same_folder_is_refused_and_damages_nothing(folder, ports):
    with Process("up", cwd=folder, env=ports) as service:
        service.wait_for("Ctrl-C stops it")
        others = {name: str(free_port()) if name.endswith("PORT") else value for name, value in ports.items()}
        result = consultant("up", cwd=folder, env=others)
        assert result.returncode == 1
        (line,) = [line for line in result.stderr.splitlines() if line.strip()]
        assert "Another instance runs" in line
        assert service.running()
        send(ports, question())
        reply_to(ports, lambda letter: letter["Auto-Submitted"] == "auto-replied")


def test_an_unwritable_folder_is_one_clear_sentence(tmp_path, ports):
    occupied = tmp_path / "occupied"
    occupied.write_text("a file, not a folder")
    result = consultant("up", "--folder", str(occupied / "var"), cwd=tmp_path, env=ports)
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if line.strip()]
    assert "cannot be written" in line


def test_a_wrong_key_stops_the_start_with_its_name(tmp_path):
    result = consultant("up", cwd=tmp_path, env={"CONSULTANT_WEB__PORT": "ninety"})
    assert result.returncode == 1
    assert "web.port" in result.stderr


def test_a_damaged_release_stops_the_start(folder, ports):
    for database in (folder / "var" / "knowledge").rglob("*.sqlite"):
        database.chmod(0o644)
        database.write_bytes(database.read_bytes()[:5000])
    result = consultant("up", cwd=folder, env=ports)
    assert result.returncode == 1
    assert "consultant knowledge build" in result.stderr


def test_ask_sends_a_letter_from_the_shell(folder, ports):
    with Process("up", cwd=folder, env=ports) as service:
        service.wait_for("Ctrl-C stops it")
        result = consultant("ask", "What is the global period of 11441?", "--from", ASKER, cwd=folder, env=ports)
        assert result.returncode == 0, result.stderr
        reply_to(ports, lambda letter: letter["Auto-Submitted"] == "auto-replied")
        path = folder / "letter.eml"
        path.write_bytes(
            question(message_id="<second@clinic.example>", text="Does 11606 need the margins in the note?")
        )
        result = consultant("ask", str(path), "--from", ASKER, cwd=folder, env=ports)
        assert result.returncode == 0, result.stderr
