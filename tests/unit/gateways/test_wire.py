"""What crosses the wire and what is said about it, as far as no socket is needed."""

import errno
import logging
import socket
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.accounts import Server, is_loopback
from consultant.errors import Permanent
from consultant.gateways.wire import connection_failure, tls_context, words, xoauth2


def server(**more: object) -> Server:
    return Server.model_validate({"host": "mail.example.org", "port": 993, **more})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "::1", "localhost", "LOCALHOST"])
def test_this_machine_may_be_spoken_to_in_the_clear(host: str) -> None:
    """Loopback needs no TLS."""
    assert is_loopback(host)
    assert tls_context(server(host=host, tls="none")) is None


@pytest.mark.parametrize(
    "host", ["mail.example.org", "192.168.1.5", "0.0.0.0", "localhost.example.org", "128.0.0.1", ""]
)
def test_no_other_machine_is_spoken_to_in_the_clear(host: str) -> None:
    """The refusal names the server and the settings that would do."""
    with pytest.raises(Permanent, match=r"implicit.*starttls"):
        tls_context(server(host=host, tls="none"))


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_checks_certificate_and_host_name(tls: str) -> None:
    """No setting leads to an unverified connection."""
    context = tls_context(server(tls=tls))
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_an_authority_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing or empty ca_file stops the connection instead of falling back to another store."""
    (tmp_path / "empty.pem").write_text("")
    for name in ("missing.pem", "empty.pem"):
        with pytest.raises(Permanent, match=name):
            tls_context(server(ca_file=tmp_path / name))


@pytest.mark.parametrize(
    ("error", "lasting", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), False, "refused"),
        (TimeoutError("x"), False, "in time"),
        (socket.gaierror(socket.EAI_NONAME, "x"), False, "could not be found"),
        (ConnectionResetError(errno.ECONNRESET, "x"), False, "lost"),
        (OSError(errno.ENETUNREACH, "x"), False, "lost"),
        (ssl.SSLCertVerificationError(1, "x"), True, "certificate"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] x"), False, "lost"),
    ],
)
def test_each_way_a_connection_fails_has_its_sentence(error: OSError, lasting: bool, said: str) -> None:
    """A certificate is for a person; everything else may be better in a minute."""
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "self-signed certificate"
    sentence, for_good = connection_failure(error, server(), "logging in")
    assert said in sentence
    assert "mail.example.org" in sentence
    assert for_good is lasting
    assert sentence.count(".") >= 1


def test_a_port_without_tls_is_named_as_such() -> None:
    """The sentence says which setting to change."""
    error = ssl.SSLError(1, "wrong version number")
    error.reason = "WRONG_VERSION_NUMBER"
    sentence, for_good = connection_failure(error, server(), "connecting")
    assert "starttls" in sentence
    assert for_good


@given(st.text(), st.text(min_size=1, max_size=20))
def test_what_a_server_said_is_one_printable_line_without_secrets(text: str, secret: str) -> None:
    """A hostile reply cannot write lines into a log, and an echo of the password is masked."""
    said = words(f"{text}{secret}", secret)
    assert said.isprintable()
    assert len(said) <= 200
    if len(secret) > 3 and secret not in "***":
        assert secret not in said


def test_the_repr_of_bytes_is_unwrapped() -> None:
    """Imaplib hands on b'...' as text."""
    assert words("b'[ALERT] No'") == "[ALERT] No"
    assert words(b"caf\xc3\xa9\r\nx") == "café  x"


def test_xoauth2_is_framed_as_google_and_microsoft_ask() -> None:
    """Fields end with control-A, and the whole with another."""
    assert xoauth2("a@b.example", "t") == "user=a@b.example\1auth=Bearer t\1\1"


def test_protocol_lines_stay_out_of_logs_whatever_the_root_logger_says() -> None:
    """Letters pass through imapclient's DEBUG log; it is shut."""
    assert logging.getLogger("imapclient.imaplib").getEffectiveLevel() >= logging.WARNING
