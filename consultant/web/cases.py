"""The page of one case: the thread, the draft with its checks, the evidence, and what became of it."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant import review
from consultant.lifecycle import DUE_TO_MACHINE, State
from consultant.records import cases
from consultant.records.people import Person
from consultant.records.views import QueueFilter, queue
from consultant.web import casefile
from consultant.web.casefile import CaseFile, Checked
from consultant.web.desk import Desk, TheDesk, see_other
from consultant.web.history import DiffLine, compare
from consultant.web.security import LETTER_POLICY
from consultant.web.sessions import Onlooker, Reviewer

router = APIRouter()

WATCHED = (*DUE_TO_MACHINE, State.APPROVED)
"""In these states the next step comes by itself, so the page looks for it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reviewer had in the form when something came between."""

    text: str
    outcome: str
    note: str = ""


def case_page(
    request: Request,
    desk: Desk,
    file: CaseFile,
    *,
    typed: Typed | None = None,
    problem: str = "",
    status: int = 200,
    against: str | None = None,
    checks: Checked | None = None,
) -> Response:
    """Render the page. `typed` stands in the editor in place of the saved draft; `against` is compared with it."""
    text = typed.text if typed else file.latest
    outcome = typed.outcome if typed else file.outcome
    if checks is None and file.draft and file.state in (State.AWAITING_REVIEW, State.IN_REVIEW):
        checks = casefile.checked(desk.parts, file.case.id, text)
    conflict: tuple[DiffLine, ...] = compare(against, text) if against is not None else ()
    return desk.page(
        request,
        "case.html",
        status,
        file=file,
        case=file.case,
        text=text,
        outcome=outcome,
        note=typed.note if typed else "",
        unsaved=typed is not None and (text != file.latest or outcome != file.outcome),
        problem=problem,
        conflict=conflict,
        checked=checks,
        watched=file.state in WATCHED,
    )


@router.get("/cases/{reference}", response_class=HTMLResponse)
def show(request: Request, reference: str, desk: TheDesk, person: Reviewer) -> Response:
    """Show a case; leaves a row in the audit trail (at most one in a quarter of an hour for each reviewer)."""
    file = casefile.load(desk.parts, reference, person)
    casefile.note_view(desk.parts, file, person)
    return case_page(request, desk, file)


@router.get("/cases/{reference}/state", response_class=HTMLResponse)
def state(reference: str, desk: TheDesk, _person: Onlooker, seen: str = "") -> Response:
    """Tell htmx to load the page again once the case has left the state that the page shows."""
    case = casefile.find(desk.parts, reference)
    if case.state == seen:
        return Response(status_code=204)
    return Response(status_code=200, headers={"HX-Refresh": "true"})


@router.get("/queue/next")
def next_case(desk: TheDesk, _person: Onlooker, after: str = "") -> Response:
    """Go to the case that is due soonest and waits for a reviewer, other than the one just left."""
    with desk.parts.store.read() as tx:
        rows = queue(tx, QueueFilter(states=(str(State.AWAITING_REVIEW),))).rows
    reference = next((row.reference for row in rows if row.reference != after), "")
    return see_other(f"/cases/{reference}" if reference else "/queue")


@router.get("/cases/{reference}/preview", response_class=HTMLResponse)
def preview(request: Request, reference: str, desk: TheDesk, person: Reviewer) -> Response:
    """Show the very letter that approving the newest draft would send."""
    file = casefile.load(desk.parts, reference, person)
    casefile.note_view(desk.parts, file, person)
    return preview_page(request, desk, file, person)


def preview_page(
    request: Request,
    desk: Desk,
    file: CaseFile,
    person: Person,
    *,
    problem: str = "",
    override: str = "",
    status: int = 200,
) -> Response:
    """Render the letter as it would go out, with the form that approves it."""
    if file.draft is None:
        return case_page(request, desk, file, problem="There is no draft to preview yet.", status=409)
    kind = casefile.kind_of(file.draft.outcome)
    letter = review.preview(desk.parts, file.case.id, person, text=file.draft.text, kind=kind)
    return desk.page(
        request,
        "preview.html",
        status,
        file=file,
        case=file.case,
        draft=file.draft,
        letter=letter,
        kind=kind,
        checked=Checked(letter.checks),
        problem=problem,
        override=override,
    )


@router.get("/cases/{reference}/preview/letter", response_class=HTMLResponse)
def preview_letter(reference: str, desk: TheDesk, person: Onlooker) -> Response:
    """Serve the letter's HTML as a document of its own: no script, nothing remote, an origin of its own."""
    case = casefile.find(desk.parts, reference)
    with desk.parts.store.read() as tx:
        draft = cases.last_draft(tx, case.id)
    if draft is None:
        return HTMLResponse("", 404)
    letter = review.preview(desk.parts, case.id, person, text=draft.text, kind=casefile.kind_of(draft.outcome))
    return HTMLResponse(letter.html, headers={"Content-Security-Policy": LETTER_POLICY})
