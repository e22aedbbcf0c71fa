"""Letters that no case was opened for: those in quarantine, which wait for a person, and those that were set aside."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant import review
from consultant.errors import ConsultantError
from consultant.mail.letter import Verdict
from consultant.records import views
from consultant.web.desk import Desk, TheDesk, see_other
from consultant.web.sessions import Reviewer

router = APIRouter()


def _page(request: Request, desk: Desk, problem: str = "", status: int = 200, reference: str = "") -> Response:
    with desk.parts.store.read() as tx:
        letters = views.letters_by_verdict(tx, Verdict.QUARANTINE)
    return desk.page(request, "quarantine.html", status, letters=letters, problem=problem, reference=reference)


@router.get("/quarantine", response_class=HTMLResponse)
def show(request: Request, desk: TheDesk, _person: Reviewer) -> Response:
    """Show the letters in quarantine, each with its reason."""
    return _page(request, desk)


@router.get("/set-aside", response_class=HTMLResponse)
def set_aside(request: Request, desk: TheDesk, _person: Reviewer) -> Response:
    """Show the letters that were set aside: automatic ones, loops, and delivery reports."""
    with desk.parts.store.read() as tx:
        letters = [
            *views.letters_by_verdict(tx, Verdict.DISCARD),
            *views.letters_by_verdict(tx, Verdict.BOUNCE),
        ]
    letters.sort(key=lambda letter: letter.id, reverse=True)
    return desk.page(request, "set_aside.html", letters=letters)


def _decide(request: Request, desk: Desk, call: Callable[[], object], done: str, reference: str = "") -> Response:
    try:
        call()
    except (ConsultantError, LookupError) as error:
        return _page(request, desk, str(error), 409, reference)
    return see_other("/quarantine", done)


@router.post("/quarantine/{letter_id}/retry", response_class=HTMLResponse)
def retry(request: Request, letter_id: int, desk: TheDesk, person: Reviewer) -> Response:
    """Have a letter read once more."""
    return _decide(request, desk, lambda: review.quarantine_retry(desk.parts, letter_id, person), "retried")


@router.post("/quarantine/{letter_id}/accept", response_class=HTMLResponse)
def accept(request: Request, letter_id: int, desk: TheDesk, person: Reviewer) -> Response:
    """Open a case for a letter, whatever spoke against it."""
    return _decide(request, desk, lambda: review.quarantine_accept(desk.parts, letter_id, person), "accepted")


@router.post("/quarantine/{letter_id}/join", response_class=HTMLResponse)
def join(
    request: Request,
    letter_id: int,
    desk: TheDesk,
    person: Reviewer,
    reference: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Add a letter to the case with this reference."""
    wanted = reference.strip().upper()
    return _decide(
        request, desk, lambda: review.quarantine_join(desk.parts, letter_id, wanted, person), "joined", wanted
    )
