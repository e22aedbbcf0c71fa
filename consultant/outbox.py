"""Sending what was approved: phase by phase, once, and never again when the server may already own the letter.

The phases (docs/promises.md, 6): `sending` is committed before the first command; whatever fails up to the content
is certainly not sent. `at_dot` is committed before the final dot; from there only a numeric reply is certain, and
without one the letter is `uncertain`: its self-copy is searched for, and what is not found waits for a person.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from consultant.errors import ConsultantError, Permanent
from consultant.faults import fault
from consultant.lifecycle import Event, State, allows
from consultant.mail.ports import Refused, Reply, Submission, Unanswered
from consultant.parts import Parts
from consultant.privacy.vault import Unsealable, context_from_digest
from consultant.records import audit, cases, outgoing, suppressed, threads
from consultant.records.audit import AuditEntry
from consultant.records.outgoing import OF_THE_CASE, Kind, OutboxNow, Sending
from consultant.records.people import Person
from consultant.records.store import LostRace, Tx

log = structlog.get_logger(__name__)

RETRY = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=4),
    timedelta(minutes=4),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
SEARCHES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
    timedelta(minutes=15),
)
"""When, after the dot, the self-copy of an uncertain letter is looked for."""

UP_TO_THE_DOT = timedelta(seconds=3)
"""How long a letter is leased before the dot, for each second that a server may take at one command. A worker that
takes longer finds its lease gone before it sends the dot, and nothing is doubled."""

LIMIT_PAUSE = timedelta(seconds=5)
"""How long a letter waits that is over the limit of its account or of a domain; it counts as no try."""

_DELIVERED = {Kind.ANSWER: Event.DELIVER_ANSWER, Kind.QUESTION: Event.DELIVER_QUESTION}
_CONFIRMED = {Kind.ANSWER: Event.CONFIRM_ANSWER, Kind.QUESTION: Event.CONFIRM_QUESTION}


class NotBound(Permanent):
    """The bytes or recipients are not those that were approved; nothing is sent."""


def send(outbox_id: int, parts: Parts) -> None:
    """Bring one letter of the outbox a step further. Safe to call at any time, from several workers at once."""
    seen = _take(outbox_id, parts)
    if seen is None:
        return
    try:
        if seen.state is Sending.UNCERTAIN:
            _search(seen, parts)
        else:
            _transmit(seen, parts)
    except LostRace:
        log.info("letter taken by another worker", outbox=outbox_id)


def _take(outbox_id: int, parts: Parts) -> OutboxNow | None:
    """Lease a letter that is due. One that a dead worker left is given its honest state first."""
    now = parts.now()
    with parts.store.begin() as tx:
        seen = outgoing.current(tx, outbox_id)
        if seen.lease is not None and seen.lease_until is not None and seen.lease_until >= now:
            return None
        if seen.state is Sending.AT_DOT:
            # The worker died between the dot and the reply: the server may own the letter.
            _uncertain(tx, seen, parts, "The process stopped while the server was answering.")
            return None
        if seen.next_try_at > now or seen.state not in {Sending.QUEUED, Sending.SENDING, Sending.UNCERTAIN}:
            return None
        if seen.state is not Sending.UNCERTAIN and not _still_wanted(tx, seen):
            return None
        if seen.state is not Sending.UNCERTAIN and _over_limit(tx, seen, parts, now):
            outgoing.step(tx, seen, seen.state, next_try_at=now + LIMIT_PAUSE)
            return None
        if seen.state is not Sending.UNCERTAIN and (gone := suppressed.among(tx, seen.recipients)):
            told = f"{gone[0].mailbox} does not exist, as its server told on {gone[0].since:%Y-%m-%d}: {gone[0].reason}"
            _fail(tx, seen, parts, told, {})
            return None
        lease = secrets.token_hex(16)
        until = now + UP_TO_THE_DOT * parts.account(seen.account).smtp.timeout_seconds
        state = Sending.UNCERTAIN if seen.state is Sending.UNCERTAIN else Sending.SENDING
        attempts = seen.attempts + (state is Sending.SENDING)
        outgoing.step(tx, seen, state, lease=lease, lease_until=until, attempts=attempts)
        return replace(seen, state=state, lease=lease, lease_until=until, attempts=attempts)


def _still_wanted(tx: Tx, seen: OutboxNow) -> bool:
    """Tell whether a letter may go: an answer only while its case is approved and the asker has not written again.

    Once some have it, the others get it too.
    """
    if seen.kind not in OF_THE_CASE or seen.case_id is None or seen.begun:
        return True
    case = cases.current(tx, seen.case_id)
    return case.state is State.APPROVED and not case.unread


def _over_limit(tx: Tx, seen: OutboxNow, parts: Parts, now: datetime) -> bool:
    """Tell whether the account, or the domain of a recipient, has had its letters of this minute."""
    account = parts.account(seen.account)
    since = now - timedelta(minutes=1)
    if account.per_minute and outgoing.sent_since(tx, seen.account, since, now) >= account.per_minute:
        return True
    domains = {mailbox.rpartition("@")[2].lower() for mailbox in seen.recipients}
    most = account.per_minute_and_domain
    if most is None:
        return False
    return any(outgoing.sent_since(tx, seen.account, since, now, each) >= most for each in domains)


def _transmit(seen: OutboxNow, parts: Parts) -> None:
    """Go through the SMTP dialogue and record what is certain."""
    fault("after_lease")
    try:
        raw = _approved_bytes(seen, parts)
        with parts.submission(parts.account(seen.account)) as submission:
            _dialogue(seen, raw, submission, parts)
    except Refused as error:
        _failed(seen, parts, str(error), error.replies)
    except (NotBound, Unsealable) as error:
        _failed(seen, parts, str(error), {})
    except ConsultantError as error:
        # A refused login or broken TLS is the account's trouble, and a lost connection nobody's: the letter is good
        # and waits. Past the dot this changes nothing, for the guard no longer holds.
        _again(seen, parts, str(error))


def _approved_bytes(seen: OutboxNow, parts: Parts) -> bytes:
    raw = parts.vault.open(seen.sealed, context_from_digest("outbox", seen.sha256))
    if outgoing.binding(raw, seen.everyone) != seen.sha256:
        raise NotBound("The letter differs from what was approved, so it was not sent; approve it again.")
    return raw


def _dialogue(seen: OutboxNow, raw: bytes, submission: Submission, parts: Parts) -> None:
    envelope = submission.open(seen.envelope_sender, seen.recipients, size=len(raw))
    envelope.content(raw)
    # Only here does the wait that the server is entitled to begin; a worker that dies earlier is replaced sooner.
    answered = timedelta(seconds=parts.account(seen.account).smtp.dot_timeout_seconds)
    with parts.store.begin() as tx:
        outgoing.step(tx, seen, Sending.AT_DOT, lease_until=parts.now() + answered + outgoing.BEYOND_THE_DOT)
        # Kept now, for whatever comes of the others: the server told that these do not get it, or not yet.
        for mailbox, answer in envelope.refused.items():
            kept = "refused" if answer.code >= 500 else outgoing.PUT_OFF
            outgoing.mark_recipients(tx, seen.id, {mailbox: _words(answer)}, kept)
    seen = replace(seen, state=Sending.AT_DOT)
    fault("before_dot")
    try:
        reply = envelope.dot()
    except Unanswered as error:
        with parts.store.begin() as tx:
            _uncertain(tx, seen, parts, str(error))
        return
    fault("after_dot")
    if reply.positive:
        _sent(seen, reply, parts)
    elif reply.code // 100 == 5:
        _failed(seen, parts, f"The server refused the letter: {reply.code} {reply.text}", {})
    else:
        _again(seen, parts, f"The server put the letter off: {reply.code} {reply.text}")


def _sent(seen: OutboxNow, reply: Reply, parts: Parts) -> None:
    now = parts.now()
    with parts.store.begin() as tx:
        whole = outgoing.settle(tx, seen, _words(reply), now, now + RETRY[min(seen.attempts, len(RETRY)) - 1])
        if not seen.begun:
            _move_case(tx, seen, _DELIVERED, parts)
    fault("after_sent")
    log.info("letter sent", outbox=seen.id, kind=str(seen.kind), to_all=whole)


def _uncertain(tx: Tx, seen: OutboxNow, parts: Parts, why: str) -> None:
    due = parts.now() + SEARCHES[0]
    outgoing.step(tx, seen, Sending.UNCERTAIN, lease=None, lease_until=None, next_try_at=due, reply=why, searches=0)
    if seen.kind in OF_THE_CASE and seen.case_id is not None:
        case = cases.current(tx, seen.case_id)
        if allows(case.state, Event.UNCERTAIN):
            cases.move(tx, case, Event.UNCERTAIN, parts.now(), hold_reason=why)
    log.error("letter uncertain", outbox=seen.id, kind=str(seen.kind))


def _again(seen: OutboxNow, parts: Parts, why: str) -> None:
    """Put off a letter that is certainly not sent; after the last try a person is asked."""
    if seen.attempts > len(RETRY):
        _failed(seen, parts, f"{why} (tried {seen.attempts} times)", {})
        return
    due = parts.now() + RETRY[seen.attempts - 1]
    with parts.store.begin() as tx:
        outgoing.step(tx, seen, Sending.QUEUED, lease=None, lease_until=None, next_try_at=due, reply=why)
    log.warning("letter put off", outbox=seen.id, attempts=seen.attempts)


def _failed(seen: OutboxNow, parts: Parts, why: str, replies: Mapping[str, Reply]) -> None:
    with parts.store.begin() as tx:
        _fail(tx, seen, parts, why, replies)


def _fail(tx: Tx, seen: OutboxNow, parts: Parts, why: str, replies: Mapping[str, Reply]) -> None:
    outgoing.step(tx, seen, Sending.FAILED, lease=None, lease_until=None, reply=why)
    outgoing.mark_recipients(tx, seen.id, {who: _words(reply) for who, reply in replies.items()}, "refused")
    if seen.kind in OF_THE_CASE and seen.case_id is not None:
        case = cases.current(tx, seen.case_id)
        told = f"The letter could not be sent to {', '.join(seen.recipients)}: {why}"
        event = Event.BOUNCE if seen.begun else Event.FAIL
        if allows(case.state, event):
            cases.move(tx, case, event, parts.now(), hold_reason=told)
    log.error("letter failed", outbox=seen.id, kind=str(seen.kind))


def _search(seen: OutboxNow, parts: Parts) -> None:
    """Look for the self-copy of an uncertain letter by both of its ids."""
    account = parts.account(seen.account)
    try:
        with parts.mailbox(account, account.imap.folder) as mailbox:
            found = any(
                mailbox.find(header, text, account.imap.sent_folders)
                for header, text in (("Message-ID", seen.message_id), ("X-Delivery-Id", seen.delivery_id))
            )
    except ConsultantError as error:
        log.warning("search for the self-copy failed", outbox=seen.id, why=str(error))
        found = False
    if found:
        confirm(seen, parts, "A copy lies in the Sent folder.")
        return
    searches = seen.searches + 1
    if searches >= len(SEARCHES) and account.files_sent_copies:
        # This account was proved to file a copy of all that it submits, so the letter was not submitted.
        resend(seen, parts, "No copy in the Sent folder of an account that files all of them.")
        return
    wait = SEARCHES[searches] - SEARCHES[searches - 1] if searches < len(SEARCHES) else timedelta(days=365)
    with parts.store.begin() as tx:
        due = parts.now() + wait
        outgoing.step(tx, seen, Sending.UNCERTAIN, lease=None, lease_until=None, next_try_at=due, searches=searches)


def confirm(seen: OutboxNow, parts: Parts, why: str) -> None:
    """Take an uncertain letter for sent."""
    with parts.store.begin() as tx:
        outgoing.settle(tx, seen, why, parts.now(), parts.now())
        if not seen.begun:
            _move_case(tx, seen, _CONFIRMED, parts)


def resend(seen: OutboxNow, parts: Parts, why: str) -> None:
    """Queue the same bytes of an uncertain letter again."""
    now = parts.now()
    with parts.store.begin() as tx:
        outgoing.step(tx, seen, Sending.QUEUED, lease=None, lease_until=None, next_try_at=now, reply=why, attempts=0)
        if seen.case_id is not None and seen.kind in OF_THE_CASE:
            case = cases.current(tx, seen.case_id)
            if allows(case.state, Event.RESEND):
                cases.move(tx, case, Event.RESEND, now, hold_reason=None)
    parts.nudge.send(seen.id)


def confirm_sent(parts: Parts, outbox_id: int, person: Person) -> None:
    """Take an uncertain letter for sent, because a person found that it arrived."""
    confirm(_uncertain_now(parts, outbox_id, person, "confirm sent"), parts, f"Confirmed by {person.name}.")


def send_again(parts: Parts, outbox_id: int, person: Person) -> None:
    """Send an uncertain letter once more, because a person found that it did not arrive."""
    resend(_uncertain_now(parts, outbox_id, person, "send again"), parts, f"Sent again by {person.name}.")


def write_again(parts: Parts, mailbox: str, person: Person) -> bool:
    """Send to an address again that a bounce told does not exist; False where it is not one of these."""
    with parts.store.begin() as tx:
        lifted = suppressed.lift(tx, mailbox)
        if lifted:
            audit.append(tx, AuditEntry(parts.now(), person.login, "write again", None, mailbox))
    return lifted


def _uncertain_now(parts: Parts, outbox_id: int, person: Person, action: str) -> OutboxNow:
    with parts.store.begin() as tx:
        seen = outgoing.current(tx, outbox_id)
        if seen.state is not Sending.UNCERTAIN:
            raise LostRace(f"This letter is {seen.state} by now, not uncertain; there is nothing to decide.")
        entry = AuditEntry(parts.now(), person.login, action, seen.case_id, f"outbox {outbox_id}")
        audit.append(tx, entry)
    return seen


def _move_case(tx: Tx, seen: OutboxNow, events: Mapping[Kind, Event], parts: Parts) -> None:
    """Take the case along after its letter was delivered."""
    if seen.case_id is None or seen.kind not in events:
        return
    case = cases.current(tx, seen.case_id)
    event = events[seen.kind]
    if not allows(case.state, event):
        log.warning("delivered in an unexpected state", case=case.reference, state=str(case.state))
        return
    draft = cases.last_draft(tx, case.id)
    threads.note_reply(tx, case.id, draft.letter_id if draft else 0, str(seen.kind))
    cases.move(tx, case, event, parts.now(), hold_reason=None)
    if case.unread:
        # The asker wrote while our letter was with the server already: that letter has not been answered.
        now = parts.now()
        due_at = now + parts.settings.desk.answer_within
        moved = cases.current(tx, case.id)
        cases.move(tx, moved, Event.REPLY, now, due_at=due_at, attempts=0, next_try_at=now, unread=False)


def _words(reply: Reply) -> str:
    return f"{reply.code} {reply.text}".strip()
