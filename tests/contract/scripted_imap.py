"""An IMAP server that says exactly what a test has written down, for what no real server does on demand."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

Answers = Callable[[str], list[bytes] | None]
"""Takes a command without its tag; returns the lines to send, {tag} standing for the tag, or None to hang up."""

# Long enough for each piece to arrive as a packet of its own.
PIECE_SECONDS = 0.01
GREETING = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE MOVE] ready\r\n"
SELECTED = [
    b"* 2 EXISTS\r\n",
    b"* OK [UIDVALIDITY 7] ok\r\n",
    b"* OK [UIDNEXT 3] ok\r\n",
    b"{tag} OK [READ-ONLY] selected\r\n",
]


def ordinary(command: str) -> list[bytes] | None:
    """Answer what every test needs answered: login, selecting, searching, NOOP and LOGOUT."""
    word = command.split()[0].upper()
    table: dict[str, list[bytes]] = {
        "CAPABILITY": [b"* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE MOVE\r\n", b"{tag} OK done\r\n"],
        "AUTHENTICATE": [b"{tag} OK [CAPABILITY IMAP4rev1 IDLE MOVE] in\r\n"],
        "EXAMINE": SELECTED,
        "SELECT": SELECTED,
        "LOGOUT": [b"* BYE\r\n", b"{tag} OK bye\r\n"],
    }
    if command.upper().startswith("UID SEARCH"):
        return [b"* SEARCH 1 2\r\n", b"{tag} OK done\r\n"]
    return table.get(word, [b"{tag} OK done\r\n"])


@contextmanager
def scripted_imap(answers: Answers, greeting: bytes = GREETING) -> Iterator[int]:
    """Serve connections, one after another, and give the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    ending = threading.Event()

    def serve() -> None:
        while not ending.is_set():
            with suppress(OSError), closing(listener.accept()[0]) as line:
                converse(line, answers, greeting)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        ending.set()
        # Closing alone does not wake a thread that waits in accept.
        with suppress(OSError), closing(socket.create_connection(listener.getsockname(), timeout=1)):
            pass
        listener.close()
        thread.join(5)


def converse(line: socket.socket, answers: Answers, greeting: bytes) -> None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(greeting)
    idle = ""
    with line.makefile("rb") as commands:
        for command in commands:
            tag, _, rest = command.decode("utf-8", "replace").strip().partition(" ")
            if rest.upper() == "IDLE":
                idle = tag
            if tag == "DONE":
                # DONE has no tag; its answer carries that of IDLE (RFC 2177).
                tag, rest = idle, "DONE"
            if rest.upper().startswith("AUTHENTICATE"):
                line.sendall(b"+ \r\n")
                commands.readline()
            said = answers(rest)
            if said is None:
                return
            for piece in said:
                line.sendall(piece.replace(b"{tag}", tag.encode()))
                time.sleep(PIECE_SECONDS)
