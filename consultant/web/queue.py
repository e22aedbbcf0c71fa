"""The queue: what needs a person, what is due first, and who has it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant.lifecycle import DUE_TO_PERSON, State
from consultant.records import views
from consultant.records.people import Person
from consultant.records.views import QueueFilter
from consultant.web.desk import Desk, TheDesk
from consultant.web.presenting import STATES, TOPICS
from consultant.web.sessions import Onlooker, Reviewer

router = APIRouter()

NEEDS_A_PERSON = "due"
ALL = "all"

# The choices of the filter for states: a name for the address, words for the page, and the states that it shows.
STATE_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    NEEDS_A_PERSON: ("Needs a person", tuple(str(state) for state in DUE_TO_PERSON)),
    ALL: ("All cases", ()),
    **{str(state): (STATES[state], (str(state),)) for state in State},
}


class Asked:
    """The query of the queue's address as a FastAPI dependency."""

    def __init__(
        self,
        state: Annotated[str, Query(max_length=40)] = NEEDS_A_PERSON,
        topic: Annotated[str, Query(max_length=40)] = "",
        words: Annotated[str, Query(max_length=200)] = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        mine: Annotated[bool, Query()] = False,
    ) -> None:
        self.state = state if state in STATE_CHOICES else NEEDS_A_PERSON
        self.topic = topic if topic in TOPICS else ""
        self.words = words.strip()
        self.page = page
        self.mine = mine

    def wanted(self, person: Person) -> QueueFilter:
        """Return which cases are asked for."""
        return QueueFilter(
            states=STATE_CHOICES[self.state][1],
            stopped=self.state == NEEDS_A_PERSON,
            topic=self.topic,
            reviewer_id=person.id if self.mine else None,
            words=self.words,
            page=self.page,
        )

    def fields(self) -> dict[str, str]:
        """Return the fields of the address that lead to this filter again, without the page."""
        return {
            "state": "" if self.state == NEEDS_A_PERSON else self.state,
            "topic": self.topic,
            "mine": "1" if self.mine else "",
            "words": self.words,
        }

    @property
    def narrowed(self) -> bool:
        """Whether anything but the default is asked for."""
        return any(self.fields().values())


def _context(desk: Desk, person: Person, asked: Asked) -> dict[str, Any]:
    with desk.parts.store.read() as tx:
        found = views.queue(tx, asked.wanted(person))
    return {"queue": found, "asked": asked, "fields": asked.fields(), "me": person.id}


@router.get("/queue", response_class=HTMLResponse)
def show(request: Request, asked: Annotated[Asked, Depends()], desk: TheDesk, person: Reviewer) -> Response:
    """Show the queue."""
    choices = [(name, words) for name, (words, _) in STATE_CHOICES.items()]
    context = _context(desk, person, asked)
    return desk.page(request, "queue.html", choices=choices, topics=list(TOPICS.items()), **context)


@router.get("/queue/rows", response_class=HTMLResponse)
def rows(asked: Annotated[Asked, Depends()], desk: TheDesk, person: Onlooker) -> Response:
    """Return the rows alone, for htmx to refresh; this does not count as use of the session."""
    return desk.fragment("_queue_rows.html", **_context(desk, person, asked))
