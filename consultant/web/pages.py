"""The way in and out: login, logout, and the front door."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant.web.desk import TheDesk, see_other
from consultant.web.sessions import Logins, TooManyTries, Visit, cookie_names, set_cookie

router = APIRouter()

Next = Annotated[str, Query(max_length=500)]


def inward(address: str) -> str:
    """Return the address if it leads to a page of ours, else the queue's: a login link must not lead elsewhere."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\", "/login"))
    return address if inside and address.isprintable() and "\\" not in address else "/queue"


@router.get("/")
def front() -> Response:
    """Lead to the queue."""
    return see_other("/queue")


@router.get("/login", response_class=HTMLResponse)
def form(request: Request, desk: TheDesk, next: Next = "/queue") -> Response:  # noqa: A002 - the name in the address
    """Show the login, or lead on whoever is logged in."""
    if request.state.visit.login:
        return see_other(inward(next))
    return desk.page(request, "login.html", next=inward(next), problem="", login="")


@router.post("/login", response_class=HTMLResponse)
def log_in(
    request: Request,
    desk: TheDesk,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=500)] = "/queue",  # noqa: A002 - the name in the form
) -> Response:
    """Begin a session under a new token, whatever token the browser came with."""
    logins: Logins = request.app.state.logins
    visit: Visit = request.state.visit
    address = request.client.host if request.client else ""

    def again(problem: str, status: int) -> Response:
        return desk.page(request, "login.html", status, next=inward(next), problem=problem, login=login)

    try:
        person = logins.check(login.strip(), password, address)
    except TooManyTries:
        return again("Too many logins were tried. Wait a quarter of an hour, then try again.", 429)
    if person is None:
        return again("This login and password do not belong together. Check both and try again.", 401)
    secure = desk.parts.settings.web.secure
    response = see_other(inward(next))
    set_cookie(response, cookie_names(secure=secure)[0], logins.begin(person, visit.cookie), secure=secure)
    return response


@router.post("/logout")
def log_out(request: Request, desk: TheDesk) -> Response:
    """End the session."""
    logins: Logins = request.app.state.logins
    visit: Visit = request.state.visit
    if visit.login:
        logins.end(visit.cookie, visit.login.person)
    response = see_other("/login", "logged_out")
    secure = desk.parts.settings.web.secure
    response.delete_cookie(cookie_names(secure=secure)[0], path="/", secure=secure, httponly=True, samesite="lax")
    return response
