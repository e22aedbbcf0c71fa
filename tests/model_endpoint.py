"""An HTTP server on loopback that plays an OpenAI-compatible endpoint: good, slow, wrong and malicious."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answer = Callable[["Asked"], None]


@dataclass
class Asked:
    """One request, and the means to answer it in any way at all."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    handler: BaseHTTPRequestHandler
    stop: threading.Event

    @property
    def sentences(self) -> list[dict[str, str]]:
        """What the desk gave to be worded."""
        return json.loads(self.body["messages"][1]["content"])["sentences"]

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def say(self, content: Any, **choice: Any) -> None:
        """Answer as the API does, with this text."""
        message = {"role": "assistant", "content": content}
        self.send(
            200, json.dumps({"choices": [{"message": message, **choice}]}).encode(), Content_Type="application/json"
        )


@dataclass
class Endpoint:
    """The running server: what it answers, one after the other (the last stays), and what it was asked."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def endpoint(*answers: Answer, tls: tuple[Path, Path] | None = None) -> Iterator[Endpoint]:
    """Serve these answers on a free port; `tls` is a certificate and its key."""
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked = Asked(self.path, dict(self.headers), body, self, stop)
            served.asked.append(asked)
            self.close_connection = True
            try:
                served.next()(asked)
            except OSError:
                # The desk has hung up, as it may.
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if tls else "http"
    served = Endpoint(f"{scheme}://127.0.0.1:{server.server_address[1]}/v1", list(answers) or [good])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield served
    finally:
        stop.set()
        server.shutdown()
        thread.join()
        server.server_close()


def good(asked: Asked) -> None:
    """Turn the order round and change a small word: allowed, all of it."""
    asked.say(json.dumps({"sentences": [{"id": row["id"], "text": row["text"]} for row in reversed(asked.sentences)]}))


def worded(change: Callable[[str], str]) -> Answer:
    """Word every sentence by this function."""

    def answer(asked: Asked) -> None:
        rows = [{"id": row["id"], "text": change(row["text"])} for row in asked.sentences]
        asked.say(json.dumps({"sentences": rows}))

    return answer


def saying(content: Any, **choice: Any) -> Answer:
    return lambda asked: asked.say(content, **choice)


def status(code: int, body: bytes = b"a key sk-secret and a letter", **headers: str) -> Answer:
    return lambda asked: asked.send(code, body, **headers)


def silent(asked: Asked) -> None:
    """Take the request and say nothing."""
    asked.stop.wait(20)


def _drip(asked: Asked, rest: bytes) -> None:
    for byte in rest:
        asked.handler.wfile.write(bytes([byte]))
        asked.handler.wfile.flush()
        if asked.stop.wait(0.05):
            return


def dripping_headers(asked: Asked) -> None:
    """Send the head of the answer byte by byte, so that no single read is ever slow."""
    _drip(asked, b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 5_000)


def dripping_body(asked: Asked) -> None:
    """Send the body byte by byte."""
    asked.handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    _drip(asked, b" " * 5_000)


def endless(asked: Asked) -> None:
    """Send a body without an end as fast as it is taken."""
    asked.handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    started = time.monotonic()
    while not asked.stop.is_set() and time.monotonic() - started < 20:
        asked.handler.wfile.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def hanging_up(asked: Asked) -> None:
    """Close the connection without a word."""
    asked.handler.connection.shutdown(socket.SHUT_RDWR)
