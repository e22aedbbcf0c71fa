"""The outbox: letters that may or may not have been sent, that failed, and that wait; what happened, in words."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant import outbox
from consultant.errors import ConsultantError
from consultant.records import outgoing, suppressed, views
from consultant.records.outgoing import Sending
from consultant.web.desk import Desk, TheDesk, see_other
from consultant.web.sessions import Reviewer

router = APIRouter()

# The sections of the page, the loudest first: a title, what it means, and the phases that it shows.
SECTIONS = (
    (
        "uncertain",
        "May have been sent",
        "The server did not say whether it took these letters. Look into the Sent folder of the account, then decide.",
        (Sending.UNCERTAIN,),
    ),
    (
        "failed",
        "Not sent",
        "These letters were refused, or were given up after many tries. Their cases are on hold with the reason.",
        (Sending.FAILED,),
    ),
    (
        "waiting",
        "On their way",
        "These letters go out by themselves; one that the server puts off is tried again.",
        (Sending.QUEUED, Sending.SENDING, Sending.AT_DOT),
    ),
)


def _page(request: Request, desk: Desk, problem: str = "", status: int = 200) -> Response:
    sections = []
    with desk.parts.store.read() as tx:
        for key, title, words, states in SECTIONS:
            rows = views.outbox_in(tx, tuple(str(state) for state in states))
            letters = [(row, outgoing.recipients_of(tx, row.id)) for row in rows]
            sections.append((key, title, words, letters))
        gone = suppressed.every(tx)
    return desk.page(request, "outbox.html", status, sections=sections, gone=gone, problem=problem)


@router.get("/outbox", response_class=HTMLResponse)
def show(request: Request, desk: TheDesk, _person: Reviewer) -> Response:
    """Show the outbox."""
    return _page(request, desk)


@router.post("/outbox/{outbox_id}/confirm", response_class=HTMLResponse)
def confirm(request: Request, outbox_id: int, desk: TheDesk, person: Reviewer) -> Response:
    """Take an uncertain letter for sent, because a person saw its copy or its reader."""
    try:
        outbox.confirm_sent(desk.parts, outbox_id, person)
    except (ConsultantError, LookupError) as error:
        return _page(request, desk, str(error), 409)
    return see_other("/outbox", "confirmed")


@router.post("/outbox/{outbox_id}/again", response_class=HTMLResponse)
def again(request: Request, outbox_id: int, desk: TheDesk, person: Reviewer) -> Response:
    """Send the same bytes of an uncertain letter once more."""
    try:
        outbox.send_again(desk.parts, outbox_id, person)
    except (ConsultantError, LookupError) as error:
        return _page(request, desk, str(error), 409)
    return see_other("/outbox", "again")


@router.post("/outbox/suppressed/{mailbox}/lift", response_class=HTMLResponse)
def lift(request: Request, mailbox: str, desk: TheDesk, person: Reviewer) -> Response:
    """Write to an address again that a bounce told does not exist."""
    if not outbox.write_again(desk.parts, mailbox, person):
        return _page(request, desk, f"{mailbox[:100]} is not among the addresses that do not exist.", 409)
    return see_other("/outbox", "lifted")
