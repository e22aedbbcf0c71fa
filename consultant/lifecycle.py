"""The law of a case: its states, its events, and the only moves between them.

`TRANSITIONS` is the whole law. Code that changes a case asks `after` for the next state and guards its
write with the state that it saw; an event that the table does not name is refused with `NotAllowed`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from consultant.errors import Permanent


class State(StrEnum):
    """Where a case stands; the state alone says what is due."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    RESEARCHED = "researched"
    AWAITING_REVIEW = "awaiting_review"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    UNCERTAIN = "uncertain"
    ANSWERED = "answered"
    AWAITING_SENDER = "awaiting_sender"
    HELD = "held"
    CLOSED = "closed"


class Event(StrEnum):
    """What may happen to a case."""

    CLASSIFY = "classify"
    RESEARCH = "research"
    DRAFT = "draft"
    CLAIM = "claim"
    RELEASE = "release"
    EXPIRE = "expire"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    DELIVER_ANSWER = "deliver_answer"
    DELIVER_QUESTION = "deliver_question"
    UNCERTAIN = "uncertain"
    CONFIRM_ANSWER = "confirm_answer"
    CONFIRM_QUESTION = "confirm_question"
    RESEND = "resend"
    FAIL = "fail"
    BOUNCE = "bounce"
    CLOSE = "close"
    TAKE_OVER = "take_over"
    RESUME = "resume"
    REPLY = "reply"
    RESTART = "restart"
    SETTLE_ANSWER = "settle_answer"
    SETTLE_QUESTION = "settle_question"
    MERGE = "merge"


_MOVES: dict[State, dict[Event, State]] = {
    State.RECEIVED: {Event.CLASSIFY: State.CLASSIFIED, Event.FAIL: State.HELD},
    State.CLASSIFIED: {Event.RESEARCH: State.RESEARCHED, Event.FAIL: State.HELD},
    State.RESEARCHED: {Event.DRAFT: State.AWAITING_REVIEW, Event.FAIL: State.HELD},
    State.AWAITING_REVIEW: {Event.CLAIM: State.IN_REVIEW},
    State.IN_REVIEW: {
        Event.RELEASE: State.AWAITING_REVIEW,
        Event.EXPIRE: State.AWAITING_REVIEW,
        Event.SEND_BACK: State.RESEARCHED,
        Event.APPROVE: State.APPROVED,
        # A letter that needs no answer must be closable by whoever reads it (docs/decisions/0002).
        Event.CLOSE: State.CLOSED,
    },
    State.APPROVED: {
        Event.DELIVER_ANSWER: State.ANSWERED,
        Event.DELIVER_QUESTION: State.AWAITING_SENDER,
        Event.UNCERTAIN: State.UNCERTAIN,
        Event.FAIL: State.HELD,
    },
    State.UNCERTAIN: {
        Event.CONFIRM_ANSWER: State.ANSWERED,
        Event.CONFIRM_QUESTION: State.AWAITING_SENDER,
        Event.RESEND: State.APPROVED,
        # A report of failed delivery shows that the server had the letter, and that the asker does not.
        Event.BOUNCE: State.HELD,
    },
    State.ANSWERED: {Event.BOUNCE: State.HELD, Event.CLOSE: State.CLOSED},
    State.AWAITING_SENDER: {Event.BOUNCE: State.HELD, Event.CLOSE: State.CLOSED},
    State.HELD: {Event.TAKE_OVER: State.IN_REVIEW, Event.RESUME: State.RECEIVED, Event.CLOSE: State.CLOSED},
    State.CLOSED: {},
}

# A reviewer may move letters between cases wherever no letter of ours waits to go out or may have gone out: the one
# that lost all of them is closed; of another the work begins again, or it stands where its last letter left it. A
# case on hold stays there, for what held it is not settled by moving letters (docs/decisions/0015).
REARRANGEABLE = frozenset(State) - {State.APPROVED, State.UNCERTAIN}
_REARRANGED: dict[tuple[State, Event], State] = {
    **{(state, Event.MERGE): State.CLOSED for state in REARRANGEABLE},
    **{(state, Event.RESTART): State.RECEIVED for state in REARRANGEABLE - {State.HELD}},
    **{(state, Event.SETTLE_ANSWER): State.ANSWERED for state in REARRANGEABLE - {State.HELD, State.CLOSED}},
    **{(state, Event.SETTLE_QUESTION): State.AWAITING_SENDER for state in REARRANGEABLE - {State.HELD}},
}

# A reply restarts the work, except where a person or the outbox has the case in hand: there the case stays
# where it is, is marked unread, and approval and sending refuse until the reply was read.
REPLY_LEAVES_UNREAD = frozenset({State.IN_REVIEW, State.APPROVED, State.HELD})

TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {(state, event): to for state, moves in _MOVES.items() for event, to in moves.items()}
    | _REARRANGED
    | {(state, Event.REPLY): state if state in REPLY_LEAVES_UNREAD else State.RECEIVED for state in State}
)

# The states in which a machine owes the next step, and those in which a person does.
DUE_TO_MACHINE = (State.RECEIVED, State.CLASSIFIED, State.RESEARCHED)
DUE_TO_PERSON = (State.AWAITING_REVIEW, State.IN_REVIEW, State.UNCERTAIN, State.HELD)


class NotAllowed(Permanent):
    """The law has no such move: the event does not belong to the state that the case is in."""


def allows(state: State, event: Event) -> bool:
    """Tell whether the law has a move for this event from this state."""
    return (state, event) in TRANSITIONS


def after(state: State, event: Event) -> State:
    """Return the state that the event leads to; raise `NotAllowed` where the law has no such move."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotAllowed(f"A case that is {state} cannot take the event {event}.") from None
