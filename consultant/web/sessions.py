"""Who is at the browser: cookies, the session behind them, and the throttle on logins.

The cookie holds a random token of 256 bits and nothing else; the case store holds its SHA-256 with the reviewer,
so that a session can be ended from our side (15 minutes idle, 12 hours in all). A signature around a token that
is looked up anyway would prove nothing more, so there is none, and no signing key to keep.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from fastapi import Depends
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from consultant.parts import Parts
from consultant.privacy.passwords import hash_password, random_password, verify_password
from consultant.records import audit, people
from consultant.records.audit import AuditEntry
from consultant.records.people import Login, Person

_TOKEN_BYTES = 32


class NotSignedIn(Exception):
    """The page is for reviewers, and the browser holds no valid session."""


class TooManyTries(Exception):
    """Too many logins were tried for this name or from this address; wait a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a request's sender."""

    login: Login | None
    """The valid session, if there is one."""
    cookie: str
    """The session token that the browser sent; empty without one."""
    visitor: str
    """A random token of this browser before any login."""
    fresh: bool
    """Whether the visitor token was made just now and has to be set."""

    @property
    def session_token(self) -> str:
        """What forms of the desk carry; empty without a session."""
        return self.login.csrf if self.login else ""

    @property
    def visitor_token(self) -> str:
        """What forms carry that work before login; empty when the browser sent no visitor cookie."""
        return "" if self.fresh else visitor_token(self.visitor)


def visitor_token(visitor: str) -> str:
    """Return the form token that belongs to a visitor cookie."""
    return hashlib.sha256(b"consultant form\0" + visitor.encode()).hexdigest()


def cookie_names(*, secure: bool) -> tuple[str, str]:
    """Return the names of the session and the visitor cookie; `__Host-` binds them to this host over TLS."""
    prefix = "__Host-" if secure else ""
    return f"{prefix}consultant", f"{prefix}consultant-visitor"


def visit(request: Request) -> Visit:
    """Read the cookies and look the session up; for the whole application, before `protect`."""
    parts: Parts = request.app.state.desk.parts
    session_name, visitor_name = cookie_names(secure=parts.settings.web.secure)
    cookie = request.cookies.get(session_name, "")
    login = None
    if cookie:
        with parts.store.read() as tx:
            login = people.session(tx, cookie, parts.now())
    visitor = request.cookies.get(visitor_name, "")
    found = Visit(login, cookie, visitor or secrets.token_urlsafe(_TOKEN_BYTES), fresh=not visitor)
    request.state.visit = found
    return found


def signed_in_quietly(request: Request) -> Person:
    """Return the reviewer, without counting the request as use: for what pages fetch by themselves."""
    login: Login | None = request.state.visit.login
    if login is None:
        raise NotSignedIn
    return login.person


Onlooker = Annotated[Person, Depends(signed_in_quietly)]
"""The reviewer of a request that a page made by itself."""


def signed_in(request: Request, person: Onlooker) -> Person:
    """Return the reviewer and note that the session was used; raise `NotSignedIn` without one."""
    parts: Parts = request.app.state.desk.parts
    with parts.store.begin() as tx:
        if not people.touch_session(tx, request.state.visit.cookie, parts.now()):
            raise NotSignedIn
    return person


Reviewer = Annotated[Person, Depends(signed_in)]
"""The reviewer of a request that he made."""


def set_cookie(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Set a cookie for this browser session.

    SameSite is Lax: with Strict a reviewer who follows a link in a web mail would be sent to the login again.
    """
    response.set_cookie(name, value, path="/", secure=secure, httponly=True, samesite="lax")


class Logins:
    """Check names and passwords, at a bounded rate and in the same time for names that do not exist.

    The counters live in this process: of several web processes each allows the rate by itself.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._per_login: RateLimitItem = parse("10 per 15 minutes")
        self._per_address: RateLimitItem = parse("60 per 15 minutes")

    def check(self, login: str, password: str, address: str) -> Person | None:
        """Return the reviewer, or None for a wrong name or password; raise `TooManyTries` beyond the rate."""
        name = login.casefold()[:80]
        # Counted before the password is looked at, so that tries made at the same moment count as well.
        if not self._limiter.hit(self._per_address, "address", address):
            raise TooManyTries
        if not self._limiter.hit(self._per_login, "login", name):
            raise TooManyTries
        with self.parts.store.read() as tx:
            person = people.by_login(tx, login)
        fits = verify_password(password, person.password_hash if person else _nobodys_hash())
        if person is None or not person.active or not fits:
            self._note("login_refused", person.login if person else "unknown")
            return None
        self._limiter.clear(self._per_login, "login", name)
        return person

    def begin(self, person: Person, former: str) -> str:
        """Begin a session under a new token and end the one that the browser held; return the token."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self.parts.store.begin() as tx:
            if former:
                people.end_session(tx, former)
            people.begin_session(tx, token, secrets.token_urlsafe(_TOKEN_BYTES), person.id, self.parts.now())
        self._note("login", person.login)
        return token

    def end(self, token: str, person: Person) -> None:
        """End a session."""
        with self.parts.store.begin() as tx:
            people.end_session(tx, token)
        self._note("logout", person.login)

    def _note(self, action: str, actor: str) -> None:
        with self.parts.store.begin() as tx:
            audit.append(tx, AuditEntry(at=self.parts.now(), actor=actor, action=action, case_id=None, detail=""))


@cache
def _nobodys_hash() -> str:
    """Return a hash that no password fits, made as every other, so that checking against it takes as long."""
    return hash_password(random_password())
