"""Errors as pages in words: what was wrong and what to do, and never how it looks inside."""

import secrets
import traceback
from http import HTTPStatus

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consultant.errors import ConsultantError, Transient
from consultant.web.desk import Desk, from_htmx
from consultant.web.presenting import query
from consultant.web.security import SAFE_METHODS, same_origin
from consultant.web.sessions import NotSignedIn
from knowledge.release import ReleaseDamaged, ReleaseMissing

log = structlog.get_logger(__name__)

# A title and what to do, by status.
WORDS = {
    400: ("This request cannot be read", "Go back and try again."),
    403: (
        "This form was not accepted",
        "Go back, load the page again and repeat what you did. If you logged in or out in another tab, that is why.",
    ),
    404: ("There is nothing here", "The address may be mistyped, or the case never existed."),
    405: ("This address takes no such request", "Use the forms of the desk."),
    409: ("Something came between", "Look at the page again; nothing was changed."),
    413: ("This is too large", "A form takes 1 MB, a letter 25 MB."),
    422: ("A field does not fit", "Go back and correct it."),
    503: ("The desk cannot answer right now", "Nothing was changed. Try again in a moment."),
}


def register(app: FastAPI) -> None:
    """Give every kind of failure its page."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    for kind in (ConsultantError, ReleaseMissing, ReleaseDamaged):
        app.add_exception_handler(kind, _expected)


def _page(request: Request, status: int, detail: str = "") -> Response:
    title, advice = WORDS.get(status, (HTTPStatus(status).phrase, "Go back and try again."))
    return _render(request, status, title=title, detail=detail, advice=advice)


def _render(request: Request, status: int, **context: str) -> Response:
    desk: Desk = request.app.state.desk
    if from_htmx(request):
        return desk.fragment("_problem.html", status, **context)
    try:
        return desk.page(request, "error.html", status, text="", **context)
    except Exception:  # Whatever fails now, the sentence is still said.
        # The page itself asks the case store for the numbers beside the navigation.
        return PlainTextResponse(f"{context['title']}. {context['detail']} {context['advice']}", status)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = HTTPStatus(error.status_code).phrase
    response = _page(request, error.status_code, "" if error.detail == known else str(error.detail))
    response.headers.update(error.headers or {})
    return response


def _unfit(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = ", ".join(sorted({str(each["loc"][-1]) for each in error.errors()}))
    return _page(request, 422, f"The desk did not understand: {fields}.")


async def _not_signed_in(request: Request, _error: Exception) -> Response:
    """Lead to the login; a form that came too late shows what was typed, so that it is not lost."""
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    login = f"/login{query(next=here if request.method in SAFE_METHODS else '')}"
    if from_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": login})
    if request.method in SAFE_METHODS:
        return RedirectResponse(login, 303)
    # Only to a form of our own page: nobody else may have words of his shown under our name.
    typed = (await request.form()).get("text", "") if same_origin(request) else ""
    desk: Desk = request.app.state.desk
    return desk.page(
        request,
        "error.html",
        401,
        title="Your session has ended",
        detail="",
        advice="Log in again." if not typed else "Your text is below. Copy it, log in again, and put it back.",
        text=typed if isinstance(typed, str) else "",
    )


def _expected(request: Request, error: Exception) -> Response:
    unavailable = isinstance(error, Transient | ReleaseMissing | ReleaseDamaged)
    return _page(request, 503 if unavailable else 409, str(error))


class Calm:
    """Turn whatever a page failed with into a page with a number, and a line in the log under the same number.

    The line names the error's type and the places in the code, never its message: messages may quote a letter.
    This stands inside the security headers; the handler of the framework would stand outside and raise again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; whatever it raises becomes a page."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            response = await run_in_threadpool(_unexpected, Request(scope), error)
            if started:
                # Half a page is out already; the server closes the connection.
                raise
            await response(scope, receive, send)


def _unexpected(request: Request, error: Exception) -> Response:
    reference = secrets.token_hex(4)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("page failed", reference=reference, path=request.url.path, kind=type(error).__name__, places=places[-8:])
    return _render(
        request,
        500,
        title="Something went wrong here",
        detail=f"It is written down under the number {reference}.",
        advice="Go back and try again; if it happens again, give the number to whoever runs the desk.",
    )
