"""An SMTP server that fails at a phase of one's choice, or lets the worker die there."""

from collections.abc import Mapping, Sequence

from consultant.mail.ports import NotSent, Refused, Reply, Unanswered

OK = Reply(250, "2.0.0 Ok")


class Killed(BaseException):
    """A worker dies: nothing catches this, and nothing after it is done."""


class Server:
    """The ports `Submission` and `Envelope` in one, for one letter at a time; `taken` is the receiver's own ledger."""

    def __init__(self) -> None:
        self.phase, self.how = "dot", OK
        self.refuses: Mapping[str, Reply] = {}
        self.taken: list[tuple[bytes, frozenset[str]]] = []
        self.dots = 0

    def open(self, sender: str, recipients: Sequence[str], *, size: int | None = None) -> "Server":
        self._end("open")
        self.refused = {mailbox: self.refuses[mailbox] for mailbox in recipients if mailbox in self.refuses}
        self._accepted = frozenset(recipients) - set(self.refused)
        if not self._accepted and any(answer.code < 500 for answer in self.refused.values()):
            raise NotSent("Every recipient was refused, some for now.")
        if not self._accepted:
            raise Refused("Every recipient was refused.", self.refused)
        return self

    def content(self, raw: bytes) -> None:
        self._end("content")
        self._raw = raw

    def dot(self) -> Reply:
        self.dots += 1
        reply = OK if self.phase == "reply" else self.how
        if reply == OK or str(reply).endswith("taken"):
            self.taken.append((self._raw, self._accepted))
        if isinstance(reply, Reply):
            return reply
        raise Killed if reply.startswith("crash") else Unanswered("The server closed the connection.")

    def close(self) -> None:
        """Nothing to do."""

    def _end(self, phase: str) -> None:
        if self.phase == phase:
            raise {"lost": NotSent("Lost."), "refused": Refused("No."), "crash": Killed()}[self.how]
