"""The large size: separate poll, worker, beat and web processes against real Dovecot, Redis and PostgreSQL."""

import email
import email.policy
import signal

import pytest

from tests.builders import make_letter
from tests.processes import DeskClient, Process, consultant
from tests.servers import Dovecot, PostgreSQL, Redis, free_port, wait_until
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.service

missing = [reason for server in (Dovecot, Redis, PostgreSQL) if (reason := server.missing())]
if missing:
    pytest.skip("; ".join(missing), allow_module_level=True)

ASKER = "testa@clinic.example"
DESK = "desk@desk.example"


@pytest.fixture
def servers():
    with Dovecot() as imap, Redis() as redis, PostgreSQL() as postgres, SmtpSink() as sink:
        yield imap, redis, postgres, sink


@pytest.fixture
def folder(tmp_path, servers, release_root):
    imap, redis, postgres, sink = servers
    (tmp_path / "consultant.toml").write_text(f"""
folder = "{tmp_path / "var"}"
store_url = "{postgres.url}"
broker_url = "{redis.url}"
knowledge_folder = "{release_root}"
log_format = "json"
[desk]
address = "{DESK}"
undo_seconds = 1
[web]
port = {free_port()}
[[accounts]]
name = "main"
address = "{DESK}"
[accounts.imap]
host = "127.0.0.1"
port = {imap.port}
tls = "none"
username = "{imap.user}"
password = "{imap.password}"
processed_folder = "Processed"
[accounts.smtp]
host = "127.0.0.1"
port = {sink.port}
tls = "none"
""")
    result = consultant("prepare", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "postgresql" in result.stdout
    return tmp_path


def deliver(imap, raw):
    with imap.client() as client:
        client.append("INBOX", raw)


def web_address(folder):
    from consultant.settings import load

    return load(folder / "consultant.toml").web.address


def letters(sink, kind=None):
    found = [email.message_from_bytes(each.raw, policy=email.policy.default) for each in sink.ledger]
    return [letter for letter in found if kind is None or (letter["Auto-Submitted"] is None) == (kind == "answer")]


def test_the_main_job_on_separate_processes(folder, servers):
    imap, redis, _, sink = servers
    added = consultant("users", "add", "riley", "--name", "Riley Reviewer", "--credential", "CPC", cwd=folder)
    assert added.returncode == 0, added.stderr
    password = added.stdout.rsplit(maxsplit=1)[-1]
    checked = consultant("check", cwd=folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("ok ") == 7

    # Sending has a worker of its own, as where a silent mail server must not hold up the drafts.
    workers = [
        Process("worker", "--concurrency=2", "--queues=intake,case,tick", cwd=folder),
        Process("worker", "--concurrency=1", "--queues=outbox", cwd=folder),
    ]
    processes = [*workers, *(Process(command, cwd=folder) for command in ("poll", "beat", "web"))]
    try:
        for process in processes:
            process.start()
        # A letter that lay there before anybody looked, one that comes while the poller waits, and a machine's.
        deliver(imap, make_letter())
        wait_until(lambda: len(letters(sink, "automatic")) == 1, "the acknowledgement", seconds=60)
        deliver(imap, make_letter("Is 11008 an add-on code?", message_id="<2@clinic.example>", subject="Add-on"))
        deliver(imap, make_letter(message_id="<3@clinic.example>", headers=[("Auto-Submitted", "auto-replied")]))
        desk = DeskClient(web_address(folder))
        wait_until(desk.answers, "the desk")
        desk.log_in("riley", password)
        wait_until(lambda: "C-2026-000002" in desk.get("/queue"), "the second case")
        assert "C-2026-000003" not in desk.get("/queue")

        # A broker that was flushed and a worker that was killed cost time, not a letter.
        for worker in workers:
            worker.kill()
        redis.kill()
        redis.start()
        desk.approve("C-2026-000001")
        for worker in workers:
            worker.start()
        wait_until(lambda: len(letters(sink, "answer")) == 1, "the answer", seconds=60)
        (answer,) = letters(sink, "answer")
        assert answer["In-Reply-To"] == "<question-1@clinic.example>"
        assert "Riley Reviewer, CPC" in answer.get_body(("plain",)).get_content()
        wait_until(lambda: "Answered" in desk.get("/cases/C-2026-000001"), "the case to be answered")

        for kind in ("poll", "worker", "beat", "web"):
            assert consultant("alive", kind, cwd=folder).returncode == 0, kind
        assert "consultant_cases" in desk.get("/metrics")
        with imap.client() as client:
            client.select_folder("INBOX", readonly=True)
            assert client.search("ALL") == []
            client.select_folder("Processed", readonly=True)
            assert len(client.search("ALL")) == 3
        desk.close()
    finally:
        codes = {process.arguments[0]: process.stop(signal.SIGTERM) for process in reversed(processes)}
    assert set(codes.values()) == {0}, codes
    logs = "".join(process.output for process in processes)
    for planted in ("Sampleton", "nevus", ASKER):
        assert planted not in logs
    assert "Traceback" not in logs


def test_check_names_what_is_wrong(folder, servers):
    imap, redis, _, sink = servers
    redis.stop()
    result = consultant("check", cwd=folder, env={"CONSULTANT_DESK__NAME": "Desk"})
    assert result.returncode == 1
    assert "failed  broker" in result.stderr
    text = (folder / "consultant.toml").read_text().replace(imap.password, "wrong")
    (folder / "wrong.toml").write_text(text)
    result = consultant("check", "-c", "wrong.toml", cwd=folder)
    assert "failed  IMAP of main" in result.stderr
    assert sink.port


def test_processes_refuse_a_store_without_its_schema(folder, servers):
    with PostgreSQL() as empty:
        result = consultant("poll", cwd=folder, env={"CONSULTANT_STORE_URL": empty.url})
    assert result.returncode == 1
    assert "consultant migrate" in result.stderr
