"""The law of a case: what the table promises, walked by machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from consultant.lifecycle import (
    DUE_TO_MACHINE,
    DUE_TO_PERSON,
    REPLY_LEAVES_UNREAD,
    TRANSITIONS,
    Event,
    NotAllowed,
    State,
    after,
    allows,
)

# The table of docs/architecture.md, written out a second time, by hand.
LAW = """
received        classify->classified fail->held reply->received
classified      research->researched fail->held reply->received
researched      draft->awaiting_review fail->held reply->received
awaiting_review claim->in_review reply->received
in_review       release->awaiting_review expire->awaiting_review send_back->researched
in_review       approve->approved close->closed reply->in_review
approved        deliver_answer->answered deliver_question->awaiting_sender
approved        uncertain->uncertain fail->held reply->approved
uncertain       confirm_answer->answered confirm_question->awaiting_sender resend->approved bounce->held reply->received
answered        bounce->held close->closed reply->received
awaiting_sender bounce->held close->closed reply->received
held            take_over->in_review resume->received close->closed reply->held
closed          reply->received
received        restart->received merge->closed settle_answer->answered settle_question->awaiting_sender
classified      restart->received merge->closed settle_answer->answered settle_question->awaiting_sender
researched      restart->received merge->closed settle_answer->answered settle_question->awaiting_sender
awaiting_review restart->received merge->closed settle_answer->answered settle_question->awaiting_sender
in_review       restart->received merge->closed settle_answer->answered settle_question->awaiting_sender
answered        restart->received merge->closed settle_answer->answered settle_question->awaiting_sender
awaiting_sender restart->received merge->closed settle_answer->answered settle_question->awaiting_sender
held            merge->closed
closed          restart->received merge->closed settle_question->awaiting_sender
"""


def test_the_table_is_the_law_as_written():
    written = {}
    for line in LAW.strip().splitlines():
        state, *moves = line.split()
        for move in moves:
            event, to = move.split("->")
            written[State(state), Event(event)] = State(to)
    assert dict(TRANSITIONS) == written


@given(st.sampled_from(State), st.sampled_from(Event))
def test_what_the_law_does_not_name_is_refused_and_says_so(state, event):
    if allows(state, event):
        assert after(state, event) in State
    else:
        with pytest.raises(NotAllowed, match=f"{state} cannot take the event {event}"):
            after(state, event)


@given(st.sampled_from(State))
def test_a_reply_is_allowed_in_every_state_and_never_takes_a_case_out_of_a_persons_hands(state):
    to = after(state, Event.REPLY)
    assert to is (state if state in REPLY_LEAVES_UNREAD else State.RECEIVED)


def test_every_state_is_reached_and_every_state_can_still_end():
    reached, frontier = {State.RECEIVED}, [State.RECEIVED]
    while frontier:
        here = frontier.pop()
        for (state, _), to in TRANSITIONS.items():
            if state is here and to not in reached:
                reached.add(to)
                frontier.append(to)
    assert reached == set(State)
    for start in State:
        seen, frontier = {start}, [start]
        while frontier:
            here = frontier.pop()
            for (state, event), to in TRANSITIONS.items():
                if state is here and event is not Event.REPLY and to not in seen:
                    seen.add(to)
                    frontier.append(to)
        assert State.CLOSED in seen or start is State.CLOSED


def test_every_state_that_waits_waits_for_somebody_who_is_named():
    waiting_for_wire_or_asker = {State.APPROVED, State.ANSWERED, State.AWAITING_SENDER, State.CLOSED}
    assert set(DUE_TO_MACHINE) | set(DUE_TO_PERSON) | waiting_for_wire_or_asker == set(State)
    assert not set(DUE_TO_MACHINE) & set(DUE_TO_PERSON)


class Walk(RuleBasedStateMachine):
    """A case that is hit by any events in any order."""

    def __init__(self):
        super().__init__()
        self.state = State.RECEIVED
        self.approved_since_reply = False
        self.delivered_unapproved = False

    @rule(event=st.sampled_from(Event))
    def hit(self, event):
        if not allows(self.state, event):
            return
        if event in {Event.DELIVER_ANSWER, Event.DELIVER_QUESTION} and not self.approved_since_reply:
            self.delivered_unapproved = True
        self.state = after(self.state, event)
        if event is Event.APPROVE:
            self.approved_since_reply = True
        if self.state is State.RECEIVED:
            self.approved_since_reply = False

    @invariant()
    def nothing_is_delivered_without_an_approval(self):
        assert not self.delivered_unapproved


TestWalk = Walk.TestCase
