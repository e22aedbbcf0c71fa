"""What every `Submission` keeps, over a real SMTP server with its own ledger and in the memory twin."""

from collections.abc import Iterator
from typing import Protocol

import pytest

from consultant.accounts import SmtpServer
from consultant.gateways.memory import MemorySubmission
from consultant.gateways.smtp import SmtpSubmission
from consultant.mail.ports import NotSent, Refused, Reply, Submission, Unanswered
from tests.servers import HOST, free_port
from tests.smtp_sink import Lost, SmtpSink

DESK, ASKER, OTHER = "desk@clinic.example", "asker@practice.example", "other@practice.example"
RAW = b"Subject: One\r\n\r\n.dotted\r\n..twice\r\nText\r\n"


class Post(Protocol):
    """A receiver that a test scripts, and the way to it."""

    submission: Submission

    def recipient(self, address: str, code: int, text: str) -> None:
        """Reply to this recipient with this code."""

    def after_dot(self, *outcomes: int | None) -> None:
        """Reply to the coming final dots with these codes; None takes the letter over and closes the connection."""

    def unreachable(self) -> None:
        """Let no connection be made."""

    def taken(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        """Return the receiver's own ledger: sender, recipients and bytes of what it took over."""


class MemoryPost:
    """The memory twin."""

    def __init__(self) -> None:
        self.twin = MemorySubmission()
        self.twin.size_limit = 1_000_000
        self.submission: Submission = self.twin

    def recipient(self, address: str, code: int, text: str) -> None:
        self.twin.recipients[address] = Reply(code, text)

    def after_dot(self, *outcomes: int | None) -> None:
        self.twin.after_dot.extend(None if code is None else Reply(code, "scripted") for code in outcomes)

    def unreachable(self) -> None:
        self.twin.unreachable = NotSent("The server refused the connection.")

    def taken(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        return [(letter.sender, letter.recipients, letter.raw) for letter in self.twin.taken]


def server(port: int, **more: object) -> SmtpServer:
    """Return settings for a plain connection on loopback without a login."""
    return SmtpServer.model_validate(
        {"host": HOST, "port": port, "tls": "none", "timeout_seconds": 5, "dot_timeout_seconds": 5, **more}
    )


class SmtpPost:
    """A sink on a real port."""

    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink
        self.submission: Submission = SmtpSubmission(server(sink.port))

    def recipient(self, address: str, code: int, text: str) -> None:
        self.sink.script.recipients[address] = f"{code} {text}"

    def after_dot(self, *outcomes: int | None) -> None:
        self.sink.script.after_dot.extend(Lost.CLOSE if code is None else f"{code} scripted" for code in outcomes)

    def unreachable(self) -> None:
        self.submission = SmtpSubmission(server(free_port()))

    def taken(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        return [(letter.sender, letter.recipients, letter.raw) for letter in self.sink.ledger]


@pytest.fixture(params=["memory", "smtp"])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    """Give each of the twins in turn."""
    if request.param == "memory":
        yield MemoryPost()
        return
    with SmtpSink() as sink:
        real = SmtpPost(sink)
        yield real
        real.submission.close()


def send(submission: Submission, raw: bytes = RAW, to: tuple[str, ...] = (ASKER,)) -> Reply:
    envelope = submission.open(DESK, to)
    envelope.content(raw)
    return envelope.dot()


def test_a_letter_arrives_byte_for_byte_with_its_envelope(post: Post) -> None:
    """Leading dots, the sender and the recipients come out as they went in."""
    reply = send(post.submission, to=(ASKER, OTHER))
    assert reply.positive
    assert post.taken() == [(DESK, (ASKER, OTHER), RAW)]


def test_many_letters_go_one_after_another(post: Post) -> None:
    """One way out serves letter after letter, also after a refusal."""
    post.recipient(OTHER, 550, "No such user")
    for number in range(3):
        assert send(post.submission, b"Subject: %d\r\n\r\n" % number).positive
        with pytest.raises(Refused):
            post.submission.open(DESK, [OTHER])
    assert [raw for _, _, raw in post.taken()] == [b"Subject: %d\r\n\r\n" % number for number in range(3)]


def test_the_null_sender_is_sent_as_such(post: Post) -> None:
    """An automatic letter goes out with an empty sender."""
    envelope = post.submission.open("", [ASKER])
    envelope.content(RAW)
    assert envelope.dot().positive
    assert post.taken() == [("", (ASKER,), RAW)]


def test_a_letter_without_a_dot_is_not_taken_over(post: Post) -> None:
    """Until the dot nothing is owned, and the next letter is not mixed up with it."""
    envelope = post.submission.open(DESK, [ASKER])
    envelope.content(b"Subject: left\r\n\r\n")
    assert post.taken() == []
    assert send(post.submission).positive
    assert post.taken() == [(DESK, (ASKER,), RAW)]


def test_a_missing_line_end_is_added_before_the_dot(post: Post) -> None:
    """The dot stands on a line of its own."""
    assert send(post.submission, b"Subject: x\r\n\r\nno end").positive
    assert post.taken()[0][2] == b"Subject: x\r\n\r\nno end\r\n"


@pytest.mark.parametrize("raw", [b"a\n.\nMAIL FROM:<x@y.example>\r\n", b"a\r.\r\r\n", b"\n", b"a\r\n\r.\r\n"])
def test_no_letter_with_a_lone_line_end_is_offered(post: Post, raw: bytes) -> None:
    """A lone CR or LF could end the letter early for some servers and smuggle in another."""
    envelope = post.submission.open(DESK, [ASKER])
    with pytest.raises(Refused, match="line end"):
        envelope.content(raw)
    assert send(post.submission).positive
    assert post.taken() == [(DESK, (ASKER,), RAW)]


def test_a_refused_recipient_is_named_and_the_others_get_the_letter(post: Post) -> None:
    """State is kept per recipient, 4xx and 5xx apart."""
    post.recipient(OTHER, 550, "No such user")
    post.recipient("busy@practice.example", 450, "Try later")
    envelope = post.submission.open(DESK, [OTHER, ASKER, "busy@practice.example"])
    assert {address: reply.code for address, reply in envelope.refused.items()} == {
        OTHER: 550,
        "busy@practice.example": 450,
    }
    assert envelope.refused[OTHER].text == "No such user"
    envelope.content(RAW)
    assert envelope.dot().positive
    assert post.taken() == [(DESK, (ASKER,), RAW)]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [((550,), Refused), ((450,), NotSent), ((550, 550), Refused), ((450, 550), NotSent), ((550, 451), NotSent)],
)
def test_a_letter_without_any_recipient_left_is_not_sent(
    post: Post, codes: tuple[int, ...], expected: type[NotSent | Refused]
) -> None:
    """One recipient that may be served later makes the whole worth another try; none makes it final."""
    addresses = [f"r{number}@practice.example" for number in range(len(codes))]
    for address, code in zip(addresses, codes, strict=True):
        post.recipient(address, code, "scripted")
    with pytest.raises(expected) as caught:
        post.submission.open(DESK, addresses)
    assert {address: reply.code for address, reply in caught.value.replies.items()} == dict(
        zip(addresses, codes, strict=True)
    )
    assert post.taken() == []


def test_a_letter_for_nobody_is_refused(post: Post) -> None:
    """Without recipients there is nothing to offer."""
    with pytest.raises(Refused, match="recipients"):
        post.submission.open(DESK, [])


@pytest.mark.parametrize("code", [451, 452, 550, 554])
def test_a_numeric_reply_to_the_dot_is_certain(post: Post, code: int) -> None:
    """A refusal after the dot is returned, not raised, and the server owns nothing."""
    post.after_dot(code)
    reply = send(post.submission)
    assert reply.code == code
    assert not reply.positive
    assert post.taken() == []
    assert send(post.submission).positive


def test_silence_after_the_dot_is_never_called_sent_or_unsent(post: Post) -> None:
    """The receiver owns the letter and closed the line: only its own ledger knows."""
    post.after_dot(None)
    with pytest.raises(Unanswered):
        send(post.submission)
    assert len(post.taken()) == 1
    assert send(post.submission).positive
    assert len(post.taken()) == 2


def test_a_server_that_cannot_be_reached_has_no_letter(post: Post) -> None:
    """No connection, no letter: it may be offered again."""
    post.unreachable()
    with pytest.raises(NotSent):
        post.submission.open(DESK, [ASKER])


def test_closing_twice_or_in_the_middle_raises_nothing(post: Post) -> None:
    """Closing is safe at any time, and an unfinished letter is not sent by it."""
    envelope = post.submission.open(DESK, [ASKER])
    envelope.content(RAW)
    post.submission.close()
    post.submission.close()
    assert post.taken() == []
