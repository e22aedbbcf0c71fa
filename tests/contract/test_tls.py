"""No password and no letter before TLS with the right server has begun, whatever the server or the line says."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from consultant.errors import ConsultantError, Permanent
from consultant.gateways.imap import ImapMailbox
from consultant.gateways.smtp import SmtpSubmission
from tests.certificates import certificate
from tests.contract.conftest import settings
from tests.contract.scripted_imap import ordinary, scripted_imap
from tests.contract.test_submission import ASKER, DESK, send, server
from tests.servers import Dovecot
from tests.smtp_sink import SmtpSink

PASSWORD = "an-invented-password"
GREETING = b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n"
OFFERS = [b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n", b"{tag} OK done\r\n"]


def imap(port: int, **more: object) -> ImapMailbox:
    return ImapMailbox.connect(
        settings(port, DESK, PASSWORD, "INBOX", **{"tls": "starttls", "timeout_seconds": 2, **more})
    )


@contextmanager
def scripted_smtp(
    starttls: bytes, offers: bytes = b"250-mx.example\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"
) -> Iterator[tuple[int, list[bytes]]]:
    """Serve one connection that answers EHLO and STARTTLS so; give the port and all lines that came."""
    heard: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            with suppress(OSError), closing(listener.accept()[0]) as line, line.makefile("rb") as lines:
                line.sendall(b"220 mx.example ESMTP\r\n")
                for said in lines:
                    heard.append(said)
                    line.sendall(starttls if said.upper().startswith(b"STARTTLS") else offers)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
    thread.join(5)


def smtp(port: int, **more: object) -> SmtpSubmission:
    values = {"tls": "starttls", "username": DESK, "password": SecretStr(PASSWORD), "timeout_seconds": 2, **more}
    return SmtpSubmission(server(port, **values))


IMAP_REFUSALS = {
    "refused": ([b"{tag} BAD not now\r\n"], "refused while starting TLS"),
    "injected": ([b"{tag} OK begin\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n"], "said more after STARTTLS"),
    "plain": ([b"{tag} OK begin\r\n", b"* OK hello, this is no TLS\r\n"], "TLS"),
    "hung up": (None, "was lost while starting TLS"),
}


@pytest.mark.parametrize("name", IMAP_REFUSALS)
def test_imap_says_nothing_secret_when_starttls_goes_wrong(name: str) -> None:
    """Refused, with words injected behind the reply, without TLS behind it, or cut off: one sentence, no login."""
    reply, sentence = IMAP_REFUSALS[name]
    heard: list[str] = []

    def answers(command: str) -> list[bytes] | None:
        heard.append(command)
        return {"STARTTLS": reply, "CAPABILITY": OFFERS}.get(command)

    with scripted_imap(answers, GREETING) as port, pytest.raises(ConsultantError, match=sentence) as caught:
        imap(port)
    assert str(port) in str(caught.value)
    assert "STARTTLS" in heard
    assert not any(command.upper().startswith(("AUTHENTICATE", "LOGIN")) or PASSWORD in command for command in heard)


def test_imap_believes_no_greeting_that_skips_the_login() -> None:
    """PREAUTH in the clear would make STARTTLS impossible, and let somebody on the line play the mailbox."""
    greeting = b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n"
    heard: list[str] = []

    def answers(command: str) -> list[bytes] | None:
        heard.append(command)
        return OFFERS if command == "CAPABILITY" else ordinary(command)

    with scripted_imap(answers, greeting) as port, pytest.raises(Permanent, match="while starting TLS"):
        imap(port)
    assert [command for command in heard if command not in ("CAPABILITY", "LOGOUT")] == []


SMTP_REFUSALS = {
    "refused for now": (b"454 4.7.0 TLS not available\r\n", "454"),
    "refused": (b"502 5.5.1 No\r\n", "502"),
    "injected": (b"220 2.0.0 Go\r\n250-mx.example\r\n250 AUTH PLAIN\r\n", "said more after STARTTLS"),
    "plain": (b"220 2.0.0 Go\r\n", "TLS|lost"),
}


@pytest.mark.parametrize("name", SMTP_REFUSALS)
def test_smtp_says_nothing_secret_when_starttls_goes_wrong(name: str) -> None:
    """As for IMAP: neither login nor letter follows."""
    reply, sentence = SMTP_REFUSALS[name]
    with scripted_smtp(reply) as (port, heard):
        with smtp(port) as submission, pytest.raises(ConsultantError, match=sentence) as caught:
            submission.open(DESK, [ASKER])
        assert str(port) in str(caught.value)
    clear = [line for line in heard if line.isascii() and line[:4].upper() in (b"AUTH", b"MAIL", b"RCPT", b"DATA")]
    assert clear == []
    assert [line.split()[0].upper() for line in heard[:2]] == [b"EHLO", b"STARTTLS"]


def test_smtp_whose_starttls_was_stripped_hears_no_password() -> None:
    """What the line takes out of the reply to EHLO ends the connection."""
    offers = b"250-mx.example\r\n250 AUTH PLAIN LOGIN\r\n"
    refused = pytest.raises(Permanent, match="does not offer STARTTLS")
    with scripted_smtp(b"", offers) as (port, heard), smtp(port) as submission, refused:
        submission.open(DESK, [ASKER])
    assert [line.split()[0].upper() for line in heard if line.split()[0].upper() != b"QUIT"] == [b"EHLO"]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_smtp_refuses_a_certificate_for_another_host(tmp_path: Path, tls: str) -> None:
    """A trusted authority is not enough: the name has to be the one that was asked for."""
    cert, key = certificate(tmp_path, "mail.elsewhere.example")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    chosen = {"tls": serving} if tls == "implicit" else {"starttls": serving}
    with SmtpSink(password=PASSWORD, **chosen) as sink:
        elsewhere = smtp(sink.port, tls=tls, host="localhost", ca_file=cert)
        with elsewhere, pytest.raises(Permanent, match=r"certificate of localhost.*host name"):
            elsewhere.open(DESK, [ASKER])
        assert sink.ledger == []
        with smtp(sink.port, tls=tls, ca_file=cert) as submission:
            assert send(submission).positive


@pytest.mark.service
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_imap_refuses_a_certificate_for_another_host(tmp_path: Path, tls: str) -> None:
    """As for SMTP, against a real server."""
    if missing := Dovecot.missing():
        pytest.skip(missing)
    cert, key = certificate(tmp_path, "mail.elsewhere.example")
    with Dovecot(certificate=(cert, key)) as dovecot:
        port = dovecot.tls_port if tls == "implicit" else dovecot.port
        given = {"tls": tls, "ca_file": cert}
        with pytest.raises(Permanent, match=r"certificate of localhost.*host name"):
            ImapMailbox.connect(settings(port, dovecot.user, dovecot.password, "INBOX", host="localhost", **given))
        ImapMailbox.connect(settings(port, dovecot.user, dovecot.password, "INBOX", **given)).close()
