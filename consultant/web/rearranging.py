"""Merging a case into another one, after a page that says what that does, and splitting letters off."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant import review
from consultant.errors import ConsultantError
from consultant.records.people import Person
from consultant.web import casefile
from consultant.web.actions import refused
from consultant.web.desk import Desk, TheDesk, see_other
from consultant.web.sessions import Reviewer

router = APIRouter()

Reference = Annotated[str, Form(max_length=40)]


def _merge_page(
    request: Request, desk: Desk, reference: str, person: Person, into: str, problem: str = "", status: int = 200
) -> Response:
    case = casefile.find(desk.parts, reference)
    merger = None
    if into and not problem:
        try:
            merger = review.find_merger(desk.parts, case.id, into, person)
        except ConsultantError as error:
            problem, status = str(error), 409
    with desk.parts.store.read() as tx:
        others = tuple(review.open_references(tx, case))
    return desk.page(request, "merge.html", status, case=case, into=into, merger=merger, others=others, problem=problem)


@router.get("/cases/{reference}/merge", response_class=HTMLResponse)
def ask_merge(
    request: Request,
    reference: str,
    desk: TheDesk,
    person: Reviewer,
    into: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Ask which case to merge this one into, then show what that does."""
    return _merge_page(request, desk, reference, person, into.strip().upper())


@router.post("/cases/{reference}/merge", response_class=HTMLResponse)
def merge(request: Request, reference: str, desk: TheDesk, person: Reviewer, into: Reference = "") -> Response:
    """Move the letters of the case into the other one and close it."""
    case = casefile.find(desk.parts, reference)
    try:
        going_on = review.merge(desk.parts, case.id, into, person)
    except ConsultantError as error:
        return _merge_page(request, desk, reference, person, into, str(error), 409)
    return see_other(f"/cases/{going_on.reference}", "merged")


@router.post("/cases/{reference}/split", response_class=HTMLResponse)
def split(
    request: Request,
    reference: str,
    desk: TheDesk,
    person: Reviewer,
    letter: Annotated[int, Form()],
    later: Annotated[bool, Form()] = False,
) -> Response:
    """Give a letter, on demand with all later ones, a case of its own."""
    case = casefile.find(desk.parts, reference)
    try:
        new = review.split(desk.parts, case.id, letter, person, later=later)
    except ConsultantError as error:
        return refused(request, desk, reference, person, error)
    return see_other(f"/cases/{new.reference}", "split")
