"""An SMTP server of its own process that takes every letter and keeps none: `python -m bench.mail.sink PORT`."""

import signal
import sys
import threading

from tests.smtp_sink import SmtpSink


class Taken(list):  # type: ignore[type-arg]
    """A ledger that keeps nothing, for a bench sends more than memory should hold."""

    def append(self, _: object) -> None:
        """Let the letter go."""


def main(port: int) -> None:
    """Serve until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    sink = SmtpSink()
    sink.port, sink.ledger = port, Taken()
    with sink:
        stop.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
