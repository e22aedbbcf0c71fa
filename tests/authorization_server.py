"""A local authorization server (RFC 6749): tokens for a known client, refresh tokens that it exchanges, introspection.

It judges: a refresh token that was exchanged is dead, and offering it again is counted, as Microsoft's server would.
"""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

CLIENT, SECRET = "desk-client", "desk-client-secret"


@dataclass
class Authority:
    """The state of the server, for a test to look at and to change."""

    url: str
    user: str
    seconds: int = 3600
    exchanges: bool = False
    """Whether each use of a refresh token gives a new one and kills the old."""
    refresh: str = "first-refresh-token"
    access: set[str] = field(default_factory=set)
    granted: int = 0
    offered_dead: int = 0
    answer: tuple[int, bytes] | None = None
    """Given, every request for a token is answered with this instead."""
    delay: float = 0.0

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        time.sleep(self.delay)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client", "error_description": "unknown client"}
        if form["grant_type"] == "refresh_token" and form.get("refresh_token") != self.refresh:
            self.offered_dead += 1
            return 400, {"error": "invalid_grant", "error_description": "the refresh token was used or withdrawn"}
        access = secrets.token_urlsafe(24)
        self.access.add(access)
        self.granted += 1
        given: dict[str, object] = {"access_token": access, "token_type": "Bearer", "expires_in": self.seconds}
        if self.exchanges and form["grant_type"] == "refresh_token":
            self.refresh = secrets.token_urlsafe(24)
            given["refresh_token"] = self.refresh
        return 200, given

    def introspection(self, token: str) -> dict[str, object]:
        if token not in self.access:
            return {"active": False}
        return {"active": True, "username": self.user, "client_id": CLIENT}


@contextmanager
def authority(user: str = "desk@clinic.example") -> Iterator[Authority]:
    """Run the server on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = (
                parse_qs(urlsplit(self.path).query).get("access_token")
                or parse_qs(urlsplit(self.path).query).get("token")
                or [""]
            )[0]
            self._send(200, json.dumps(state.introspection(token)).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path.startswith("/introspect"):
                self._send(200, json.dumps(state.introspection(form.get("token", ""))).encode())
                return
            if state.answer is not None:
                self._send(*state.answer)
                return
            status, given = state.token(form)
            self._send(status, json.dumps(given).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Authority(f"http://127.0.0.1:{server.server_port}", user)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
