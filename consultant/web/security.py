"""What guards every page: response headers, a limit on request bodies, and the proof that a form is ours.

The yardstick is OWASP ASVS 5, level 2. Each unsafe request must come from our own origin (Sec-Fetch-Site, where
the browser sends it) and carry the token of its session or, before login, of its visitor cookie.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consultant.web.sessions import NotSignedIn, Visit

PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)
# A letter's own document: its inlined styles and nothing else, framed by our pages only. `sandbox` makes it an
# origin of its own even where it is opened outside the frame.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "no-store",
    }
)

MAX_BODY = 1_000_000
MAX_LETTER_BODY = 26_500_000
"""A letter of 25 MB (docs/promises.md, 8) with its form around it."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Pages that work before login carry the visitor's token; every other form carries that of its session.
VISITOR_PATHS = ("/login", "/local")


class Headers:
    """Add the security headers to every response that does not set its own."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = dict(HEADERS)
        if secure:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the headers on its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    found.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


class BodyLimit:
    """Refuse a request body that is larger than its page takes, whether or not its length was declared.

    The refusal is raised where the body is read, so that it becomes a page in words like any other error.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is counted as it is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = MAX_LETTER_BODY if scope["path"].startswith("/local/") else MAX_BODY
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if max(seen, int(declared) if declared.isdigit() else 0) > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


async def protect(request: Request) -> None:
    """Refuse an unsafe request that was not made by a form of ours; for the whole application."""
    if request.method in SAFE_METHODS:
        return
    # Browsers set this header themselves and no page can change it; older ones and programs send none.
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "The form came from another site.")
    visit: Visit = request.state.visit
    before_login = request.url.path.startswith(VISITOR_PATHS)
    if visit.login is None and not before_login:
        raise NotSignedIn
    expected = visit.visitor_token if before_login else visit.session_token
    given = request.headers.get("x-csrf-token") or (await request.form()).get("csrf", "")
    if not expected or not isinstance(given, str) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise HTTPException(403, "The form is too old or was not made by this desk.")


def from_loopback(request: Request) -> bool:
    """Tell whether the request came from this machine and names it as such.

    The Host header is looked at as well, so that a page elsewhere whose name was made to point here is refused.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return _is_loopback(request.client.host if request.client else "") and (
        host == "localhost" or host.endswith(".localhost") or _is_loopback(host)
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(request: Request) -> bool:
    """Tell whether the browser says that the request was made by a page of ours."""
    return request.headers.get("sec-fetch-site") == "same-origin"
