"""The desk's pages: what every template is given, and how it becomes a response."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from consultant.lifecycle import DUE_TO_PERSON
from consultant.mail.letter import Verdict
from consultant.parts import Parts
from consultant.records import cases, ledger, outgoing, views
from consultant.rendering import WEB_FILTERS, web_environment
from consultant.web import presenting
from consultant.web.ports import LocalMailPort, SampleLetter
from consultant.web.sessions import Visit, cookie_names, set_cookie, visitor_token

STATIC = Path(__file__).parent / "static"

# Before the environment is first asked for, as rendering wants it.
WEB_FILTERS.update(presenting.filters())

# What happened, said on the page that follows a form. The address names only the key, so that nobody can put
# words of his own on our pages by a link.
DONE = {
    "claimed": "The case is yours.",
    "released": "The case is back in the queue.",
    "extended": "You keep the case for longer.",
    "saved": "Your text is saved.",
    "unchanged": "There was nothing new to save.",
    "sent_back": "The case goes back to be researched again, with your note.",
    "approved": "Approved.",
    "read": "The new letter is marked as read.",
    "closed": "The case is closed.",
    "taken_over": "The case is yours.",
    "resumed": "The work on the case starts again.",
    "confirmed": "Noted: the letter was sent.",
    "again": "The letter goes out once more.",
    "lifted": "The desk writes to this address again.",
    "undone": "The letter was taken back before it was sent; the case is yours again.",
    "withdrawn": "The letter is withdrawn and the case on hold.",
    "retried": "The letter will be read once more.",
    "accepted": "The letter is accepted as a new case.",
    "joined": "The letter now belongs to the case.",
    "merged": "The other case is closed; its letters are in this one.",
    "split": "The letter has this case of its own now.",
    "logged_out": "You are logged out.",
    "letter_sent": "The letter is on its way to the desk.",
}


@dataclass(frozen=True, slots=True)
class Times:
    """Times as one page shows them: in the desk's zone, as of one moment."""

    now: datetime
    zone: ZoneInfo

    def due(self, moment: datetime) -> str:
        """Return `due in 3 h` or `overdue by 20 min`."""
        return presenting.due_words(moment, self.now)

    def urgency(self, moment: datetime) -> str:
        """Return `late`, `soon` or `calm`."""
        return presenting.due_urgency(moment, self.now)

    def ago(self, moment: datetime) -> str:
        """Return `5 min ago`."""
        return presenting.ago(moment, self.now)

    def exact(self, moment: datetime) -> str:
        """Return the day, the time and the zone."""
        return presenting.exact(moment, self.zone)

    def seconds(self, moment: datetime) -> int:
        """Return how many seconds are left until a moment; 0 when it is over."""
        return max(0, ceil((moment - self.now).total_seconds()))

    def clock(self, moment: datetime) -> str:
        """Return the time of day."""
        return presenting.clock_time(moment, self.zone)


class Desk:
    """The parts of the service and the templates, as every page uses them."""

    def __init__(self, parts: Parts, local: LocalMailPort | None, samples: Sequence[SampleLetter]) -> None:
        self.parts = parts
        self.local = local
        self.samples = tuple(samples)

    @cached_property
    def _digests(self) -> dict[str, str]:
        files = (file for file in STATIC.rglob("*") if file.is_file())
        return {str(file.relative_to(STATIC)): hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in files}

    def _always(self) -> dict[str, Any]:
        """Return what every template is given, whole page or piece."""
        return {
            "asset": self.asset,
            "query": presenting.query,
            "plural": presenting.plural,
            "desk_name": self.parts.settings.desk.name,
            "times": self.times(),
        }

    def asset(self, name: str) -> str:
        """Return the address of a static file; it changes with the content, so browsers may keep the file."""
        return f"/static/{name}?v={self._digests[name]}"

    def times(self) -> Times:
        """Return the clock for one page."""
        return Times(self.parts.now(), self.parts.settings.desk.zone)

    def page(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        """Render a whole page; sets the visitor cookie where the page's forms need it."""
        visit: Visit | None = getattr(request.state, "visit", None)
        login = visit.login if visit else None
        before_login = request.url.path.startswith(("/login", "/local"))
        everything = self._always() | {
            "path": request.url.path,
            "person": login.person if login else None,
            "csrf": visitor_token(visit.visitor) if visit and before_login else login.csrf if login else "",
            "logout_csrf": login.csrf if login else "",
            "done": DONE.get(request.query_params.get("done", "")),
            "marks": self._marks() if login else {},
            "has_local_mail": self.local is not None,
        }
        response = HTMLResponse(_rendered(template, everything | context), status)
        if visit and before_login and visit.fresh:
            secure = self.parts.settings.web.secure
            set_cookie(response, cookie_names(secure=secure)[1], visit.visitor, secure=secure)
        return response

    def fragment(self, template: str, status: int = 200, **context: Any) -> Response:
        """Render a piece of a page for htmx."""
        return HTMLResponse(_rendered(template, self._always() | context), status)

    def _marks(self) -> dict[str, int]:
        """Return the numbers that stand beside the navigation: what waits for a person in each place."""
        with self.parts.store.read() as tx:
            by_state, letters, sendings = cases.counts(tx), ledger.counts(tx), outgoing.counts(tx)
            stopped = views.stopped(tx)
        return {
            "queue": sum(by_state.get(str(state), 0) for state in DUE_TO_PERSON) + stopped,
            "quarantine": letters.get(str(Verdict.QUARANTINE), 0),
            "outbox": sendings.get("uncertain", 0) + sendings.get("failed", 0),
        }


def _rendered(template: str, context: dict[str, Any]) -> str:
    return web_environment().get_template(template).render(context)


def desk_of(request: Request) -> Desk:
    """Return the desk of the running application; a FastAPI dependency."""
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]
"""The desk, as pages ask for it."""


def see_other(address: str, done: str = "") -> Response:
    """Send the browser to a page after a form, so that a reload repeats nothing."""
    return RedirectResponse(f"{address}{presenting.query(done=done)}", 303)


def from_htmx(request: Request) -> bool:
    """Tell whether htmx made the request for a piece of a page."""
    return request.headers.get("hx-request") == "true"
