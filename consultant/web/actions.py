"""What a reviewer does with a case: each form asks `review`, and an expected refusal keeps all that was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant import review
from consultant.drafting.model import Outcome
from consultant.errors import ConsultantError, Transient
from consultant.lifecycle import State
from consultant.parts import Parts
from consultant.records import cases as records
from consultant.records.people import Person
from consultant.records.store import LostRace
from consultant.web import casefile
from consultant.web.cases import Typed, case_page, preview_page
from consultant.web.desk import Desk, TheDesk, from_htmx, see_other
from consultant.web.presenting import lines
from consultant.web.sessions import Reviewer

router = APIRouter()

Text = Annotated[str, Form()]
Seen = Annotated[int, Form()]


@dataclass(frozen=True, slots=True)
class Deed:
    """A form without words: what it asks of `review`, what is said afterwards, and where it leads."""

    call: Callable[[Parts, int, Person], object]
    done: str
    to_queue: bool = False


DEEDS = {
    "claim": Deed(review.claim, "claimed"),
    "release": Deed(review.release, "released", to_queue=True),
    "extend": Deed(review.extend, "extended"),
    "read": Deed(review.read, "read"),
    "take-over": Deed(review.take_over, "taken_over"),
    "resume": Deed(review.resume, "resumed"),
}


def _deed_route(name: str, deed: Deed) -> None:
    @router.post(f"/cases/{{reference}}/{name}", name=name, response_class=HTMLResponse)
    def act(request: Request, reference: str, desk: TheDesk, person: Reviewer) -> Response:
        case = casefile.find(desk.parts, reference)
        try:
            deed.call(desk.parts, case.id, person)
        except ConsultantError as error:
            return refused(request, desk, reference, person, error)
        return see_other("/queue" if deed.to_queue else f"/cases/{reference}", deed.done)


for _name, _deed in DEEDS.items():
    _deed_route(_name, _deed)


def refused(
    request: Request, desk: Desk, reference: str, person: Person, error: ConsultantError, typed: Typed | None = None
) -> Response:
    """Show the case as it stands now, with the sentence that says what came between and what was typed."""
    file = casefile.load(desk.parts, reference, person)
    against = file.latest if typed and isinstance(error, LostRace) and typed.text != file.latest else None
    status = 503 if isinstance(error, Transient) else 409
    return case_page(request, desk, file, typed=typed, problem=str(error), status=status, against=against)


def _keep(desk: Desk, case: records.CaseNow, person: Person, typed: Typed, seen: int) -> bool:
    """Save what was typed if it differs from the newest version; tell whether it did."""
    with desk.parts.store.read() as tx:
        newest = records.last_draft(tx, case.id)
    same = newest and newest.outcome == typed.outcome and newest.text.rstrip() == typed.text.rstrip()
    if newest and newest.number == seen and same:
        return False
    review.save(desk.parts, case.id, person, text=typed.text, outcome=typed.outcome, seen_draft=seen)
    return True


@router.post("/cases/{reference}/save", response_class=HTMLResponse)
def save(
    request: Request,
    reference: str,
    text: Text,
    outcome: Annotated[Outcome, Form()],
    seen_draft: Seen,
    desk: TheDesk,
    person: Reviewer,
) -> Response:
    """Save the text as the next version."""
    typed = Typed(lines(text), str(outcome))
    try:
        saved = _keep(desk, casefile.find(desk.parts, reference), person, typed, seen_draft)
    except ConsultantError as error:
        return refused(request, desk, reference, person, error, typed)
    return see_other(f"/cases/{reference}", "saved" if saved else "unchanged")


@router.post("/cases/{reference}/check", response_class=HTMLResponse)
def check(
    request: Request, reference: str, text: Text, outcome: Annotated[Outcome, Form()], desk: TheDesk, person: Reviewer
) -> Response:
    """Run the checks on what is typed: a piece of the page for htmx, the whole page without it. Saves nothing.

    Typing is work on the case, so the holder's claim is renewed once half of it is over.
    """
    case = casefile.find(desk.parts, reference)
    typed = Typed(lines(text), str(outcome))
    result = casefile.checked(desk.parts, case.id, typed.text)
    half = timedelta(minutes=desk.parts.settings.desk.claim_minutes) / 2
    mine = case.state is State.IN_REVIEW and case.reviewer_id == person.id
    if mine and case.lease_until is not None and case.lease_until - desk.parts.now() < half:
        try:
            review.extend(desk.parts, case.id, person)
        except ConsultantError as error:
            result = casefile.Checked(sentence=str(error))
    if from_htmx(request):
        return desk.fragment("_checks.html", checked=result)
    file = casefile.load(desk.parts, reference, person)
    return case_page(request, desk, file, typed=typed, checks=result)


@router.post("/cases/{reference}/preview", response_class=HTMLResponse)
def keep_and_preview(
    request: Request,
    reference: str,
    text: Text,
    outcome: Annotated[Outcome, Form()],
    seen_draft: Seen,
    desk: TheDesk,
    person: Reviewer,
) -> Response:
    """Save what is typed and show the letter that it becomes, so that what is approved is what was read."""
    typed = Typed(lines(text), str(outcome))
    try:
        _keep(desk, casefile.find(desk.parts, reference), person, typed, seen_draft)
    except ConsultantError as error:
        return refused(request, desk, reference, person, error, typed)
    return see_other(f"/cases/{reference}/preview")


@router.post("/cases/{reference}/send-back", response_class=HTMLResponse)
def send_back(request: Request, reference: str, desk: TheDesk, person: Reviewer, note: Text = "") -> Response:
    """Have the case drafted again, with a note that says what was wrong."""
    case = casefile.find(desk.parts, reference)
    try:
        review.send_back(desk.parts, case.id, person, note=lines(note).strip())
    except ConsultantError as error:
        return refused(request, desk, reference, person, error, _with_note(desk, case, note))
    return see_other("/queue", "sent_back")


@router.post("/cases/{reference}/close", response_class=HTMLResponse)
def close(request: Request, reference: str, desk: TheDesk, person: Reviewer, note: Text = "") -> Response:
    """Close the case."""
    case = casefile.find(desk.parts, reference)
    try:
        review.close(desk.parts, case.id, person, note=lines(note).strip())
    except ConsultantError as error:
        return refused(request, desk, reference, person, error, _with_note(desk, case, note))
    return see_other(f"/cases/{reference}", "closed")


@router.post("/cases/{reference}/undo", response_class=HTMLResponse)
def undo(request: Request, reference: str, desk: TheDesk, person: Reviewer) -> Response:
    """Take an approval back within the seconds that the letter waits, and go on with the text."""
    case = casefile.find(desk.parts, reference)
    try:
        review.undo(desk.parts, case.id, person)
    except ConsultantError as error:
        return refused(request, desk, reference, person, error, _with_note(desk, case, ""))
    return see_other(f"/cases/{reference}", "undone")


@router.post("/cases/{reference}/withdraw", response_class=HTMLResponse)
def withdraw(request: Request, reference: str, desk: TheDesk, person: Reviewer, note: Text = "") -> Response:
    """Take an approval back before its letter goes out."""
    case = casefile.find(desk.parts, reference)
    try:
        review.withdraw(desk.parts, case.id, person, note=lines(note).strip())
    except ConsultantError as error:
        return refused(request, desk, reference, person, error, _with_note(desk, case, note))
    return see_other(f"/cases/{reference}", "withdrawn")


def _with_note(desk: Desk, case: records.CaseNow, note: str) -> Typed:
    with desk.parts.store.read() as tx:
        newest = records.last_draft(tx, case.id)
    return Typed(newest.text if newest else "", newest.outcome if newest else str(Outcome.ANSWER), lines(note))


@router.post("/cases/{reference}/approve", response_class=HTMLResponse)
def approve(
    request: Request, reference: str, seen_draft: Seen, desk: TheDesk, person: Reviewer, override: Text = ""
) -> Response:
    """Approve the version that was previewed and send it. Its text is read from the store, never from the form."""
    case = casefile.find(desk.parts, reference)
    reason = lines(override).strip()
    try:
        with desk.parts.store.read() as tx:
            seen = next((row for row in records.drafts(tx, case.id) if row.number == seen_draft), None)
        if seen is None:
            raise LostRace(f"{reference} has no version {seen_draft} of its draft; look at the newest one.")
        kind = casefile.kind_of(seen.outcome)
        review.approve(desk.parts, case.id, person, text=seen.text, kind=kind, seen_draft=seen_draft, override=reason)
    except ConsultantError as error:
        file = casefile.load(desk.parts, reference, person)
        if not file.editable:
            return refused(request, desk, reference, person, error)
        status = 503 if isinstance(error, Transient) else 409
        return preview_page(request, desk, file, person, problem=str(error), override=reason, status=status)
    return see_other(f"/cases/{reference}", "approved")
