"""What only a real SMTP connection can suffer, and what becomes of the letter then."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from consultant.errors import Permanent
from consultant.gateways.smtp import SmtpSubmission
from consultant.mail.ports import AuthenticationFailed, NotSent, Refused, Unanswered
from tests.certificates import certificate
from tests.contract.test_submission import ASKER, DESK, OTHER, RAW, send, server
from tests.smtp_sink import Lost, SmtpSink

PASSWORD = "a local password, só"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


def test_letters_share_one_connection(sink: SmtpSink) -> None:
    """Ten letters, one connection."""
    with SmtpSubmission(server(sink.port)) as submission:
        for _ in range(10):
            assert send(submission).positive
    assert {letter.connection for letter in sink.ledger} == {1}


def test_a_connection_that_the_server_closed_meanwhile_is_made_again(sink: SmtpSink) -> None:
    """An idle connection may be gone when the next letter comes; the letter does not notice."""
    with SmtpSubmission(server(sink.port)) as submission:
        send(submission)
        sink.drop_connections()
        time.sleep(0.1)
        assert send(submission).positive
    assert [letter.connection for letter in sink.ledger] == [1, 2]


def test_a_server_that_wants_a_new_connection_after_some_letters_gets_one(sink: SmtpSink) -> None:
    """421 to MAIL on a kept connection means: come again."""
    with SmtpSubmission(server(sink.port)) as submission:
        send(submission)
        sink.script.mail.append("421 4.7.0 Too many letters over this connection")
        assert send(submission).positive
    assert [letter.connection for letter in sink.ledger] == [1, 2]


@pytest.mark.parametrize(
    ("banner", "expected"),
    [("421 4.3.2 Closing for maintenance", NotSent), ("554 5.7.1 Go away", Refused), ("nonsense", NotSent)],
)
def test_a_greeting_other_than_220_sends_nothing(
    sink: SmtpSink, banner: str, expected: type[NotSent | Refused]
) -> None:
    """The letter is certainly not with a server that did not even greet."""
    sink.script.banner = banner
    with SmtpSubmission(server(sink.port)) as submission, pytest.raises(expected, match=f"{sink.port}"):
        submission.open(DESK, [ASKER])
    assert sink.ledger == []


@pytest.mark.parametrize(
    ("command", "reply", "expected"),
    [
        ("mail", "451 4.3.0 later", NotSent),
        ("mail", "553 5.1.8 no such sender", Refused),
        ("mail", "421 4.3.0 bye", NotSent),
        ("data", "452 4.3.1 disk full", NotSent),
        ("data", "554 5.5.1 no", Refused),
    ],
)
def test_a_refusal_before_354_is_certain(
    sink: SmtpSink, command: str, reply: str, expected: type[NotSent | Refused]
) -> None:
    """4xx may be tried again, 5xx may not; in both cases the words of the server are kept."""
    getattr(sink.script, command).append(reply)
    with SmtpSubmission(server(sink.port)) as submission:
        with pytest.raises(expected, match=reply.split()[0]):
            submission.open(DESK, [ASKER])
        assert sink.ledger == []
        assert send(submission).positive


def test_a_server_that_says_nothing_after_the_dot_leaves_the_letter_unanswered(sink: SmtpSink) -> None:
    """The wait for the reply has a time limit of its own, and its end is not a refusal."""
    sink.script.after_dot.append(Lost.HANG)
    with SmtpSubmission(server(sink.port, dot_timeout_seconds=0.4)) as submission:
        began = time.monotonic()
        with pytest.raises(Unanswered, match="may or may not"):
            send(submission)
        assert 0.3 < time.monotonic() - began < 3
        assert send(submission).positive
    assert len(sink.ledger) == 2


def test_a_slow_250_is_waited_for_beyond_the_ordinary_time_limit(sink: SmtpSink) -> None:
    """Only the dot's own limit counts after the dot."""
    sink.script.delay = 1.0
    with SmtpSubmission(server(sink.port, timeout_seconds=0.5)) as submission:
        assert send(submission).positive


def test_a_connection_lost_in_the_text_has_not_sent_it(sink: SmtpSink) -> None:
    """Without the dot the server owns nothing, however much of the text it had."""
    with SmtpSubmission(server(sink.port)) as submission:
        envelope = submission.open(DESK, [ASKER])
        sink.drop_connections()
        time.sleep(0.1)
        with pytest.raises(NotSent, match="text"):
            envelope.content(b"Subject: x\r\n\r\n" + b"y" * 70 + b"\r\n" * 500_000)
        assert sink.ledger == []
        assert send(submission).positive


def test_a_dot_that_goes_nowhere_is_unanswered(sink: SmtpSink) -> None:
    """Whether the dot arrived cannot be known from here, so it is not called unsent."""
    with SmtpSubmission(server(sink.port)) as submission:
        envelope = submission.open(DESK, [ASKER])
        envelope.content(RAW)
        sink.drop_connections()
        time.sleep(0.1)
        with pytest.raises(Unanswered):
            envelope.dot()


def test_the_declared_size_and_body_are_told_where_the_server_asks_for_them(sink: SmtpSink) -> None:
    """MAIL carries SIZE and BODY as offered, and SMTPUTF8 only for addresses that need it."""
    with SmtpSubmission(server(sink.port)) as submission:
        for to in (ASKER, "jörg@praxis.example"):
            envelope = submission.open(DESK, [to], size=len(RAW))
            envelope.content(RAW)
            envelope.dot()
    plain, accented = sink.ledger
    assert set(plain.options) == {f"SIZE={len(RAW)}", "BODY=8BITMIME"}
    assert "SMTPUTF8" in accented.options
    assert accented.recipients == ("jörg@praxis.example",)


def test_a_letter_that_is_too_large_is_refused_before_it_is_sent(sink: SmtpSink) -> None:
    """SIZE lets the server say no to the number alone."""
    with SmtpSubmission(server(sink.port)) as submission, pytest.raises(Refused, match="552"):
        submission.open(DESK, [ASKER], size=10_000_000)


def test_an_address_beyond_ascii_needs_smtputf8() -> None:
    """A server without it is never sent such an address."""
    with SmtpSink(utf8=False) as sink, SmtpSubmission(server(sink.port)) as submission:
        with pytest.raises(Refused, match="SMTPUTF8"):
            submission.open(DESK, ["jörg@praxis.example"])
        assert send(submission).positive


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<x@y.example", "a b@c.example", "<a@b.example>", ""])
def test_no_address_becomes_a_command(sink: SmtpSink, address: str) -> None:
    """What cannot be a path is refused before a byte is sent."""
    with SmtpSubmission(server(sink.port)) as submission, pytest.raises(Refused, match="address"):
        submission.open(DESK, [address])
    assert sink.connections == 0


def test_an_address_goes_out_exactly_as_given(sink: SmtpSink) -> None:
    """Nothing is taken for a comment or a display name."""
    odd = "O'ne!#+tag=a{b}%c@practice.example"
    with SmtpSubmission(server(sink.port)) as submission:
        send(submission, to=(odd, OTHER))
    assert sink.ledger[0].recipients == (odd, OTHER)


def test_a_login_carries_any_password() -> None:
    """A password beyond ASCII logs in."""
    with SmtpSink(password=PASSWORD) as sink:
        settings = server(sink.port, username=DESK, password=SecretStr(PASSWORD))
        with SmtpSubmission(settings) as submission:
            assert send(submission).positive


def test_a_refused_login_says_so_without_the_password() -> None:
    """The sentence names the server and the user, and no secret."""
    with SmtpSink(password=PASSWORD) as sink:
        settings = server(sink.port, username=DESK, password=SecretStr("wrong-secret"))
        with SmtpSubmission(settings) as submission, pytest.raises(AuthenticationFailed) as caught:
            submission.open(DESK, [ASKER])
    assert DESK in str(caught.value)
    assert "wrong-secret" not in str(caught.value)
    assert sink.ledger == []


def tls_contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    cert, key = certificate(folder)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    return serving, ssl.create_default_context(cafile=str(cert))


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_is_verified(tmp_path: Path, tls: str) -> None:
    """A certificate of a trusted authority is taken; an unknown one is refused for good, and nothing is sent."""
    serving, trusting = tls_contexts(tmp_path)
    chosen = {"tls": serving} if tls == "implicit" else {"starttls": serving}
    with SmtpSink(password=PASSWORD, **chosen) as sink:
        settings = server(sink.port, tls=tls, username=DESK, password=SecretStr(PASSWORD))
        with SmtpSubmission(settings, context=trusting) as submission:
            assert send(submission).positive
        with SmtpSubmission(settings.model_copy(update={"ca_file": tmp_path / "cert.pem"})) as submission:
            assert send(submission).positive
        with SmtpSubmission(settings) as submission, pytest.raises(Permanent, match="certificate"):
            submission.open(DESK, [ASKER])
    assert len(sink.ledger) == 2


def test_a_server_without_starttls_is_never_spoken_to_in_the_clear(sink: SmtpSink) -> None:
    """A stripped STARTTLS does not lead to plain text."""
    settings = server(sink.port, tls="starttls", username=DESK, password=SecretStr(PASSWORD))
    with SmtpSubmission(settings) as submission, pytest.raises(Permanent, match="STARTTLS"):
        submission.open(DESK, [ASKER])


def test_plain_text_beyond_loopback_is_refused_before_connecting() -> None:
    """Without TLS only this machine is spoken to."""
    settings = server(25, host="mail.example.org")
    with pytest.raises(Permanent, match="without TLS"):
        SmtpSubmission(settings).open(DESK, [ASKER])


def test_a_plain_server_on_a_tls_port_is_named_as_such(sink: SmtpSink) -> None:
    """The sentence says what to change."""
    with pytest.raises(Permanent, match=rf"{sink.port} does not speak TLS"):
        SmtpSubmission(server(sink.port, tls="implicit")).open(DESK, [ASKER])
