"""Say it in words: states, topics, outcomes, times and sizes as pages show them, and the filters that templates use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from consultant.drafting.model import Outcome
from consultant.lifecycle import State
from consultant.questions.model import Topic
from consultant.records.outgoing import Kind, Sending

STATES: Mapping[str, str] = MappingProxyType(
    {
        State.RECEIVED: "Received",
        State.CLASSIFIED: "Being researched",
        State.RESEARCHED: "Being drafted",
        State.AWAITING_REVIEW: "Awaiting review",
        State.IN_REVIEW: "In review",
        State.APPROVED: "Approved, going out",
        State.UNCERTAIN: "May have been sent",
        State.ANSWERED: "Answered",
        State.AWAITING_SENDER: "Waiting for the sender",
        State.HELD: "On hold",
        State.CLOSED: "Closed",
    }
)

# A sign beside the word, so that a state can be told at a glance and without colour.
STATE_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        State.RECEIVED: "○",
        State.CLASSIFIED: "○",
        State.RESEARCHED: "○",
        State.AWAITING_REVIEW: "◆",
        State.IN_REVIEW: "✎",
        State.APPROVED: "➤",
        State.UNCERTAIN: "?",
        State.ANSWERED: "✓",
        State.AWAITING_SENDER: "↩",
        State.HELD: "▮",
        State.CLOSED: "–",
    }
)

TOPICS: Mapping[str, str] = MappingProxyType(
    {
        Topic.CODE_SELECTION: "Code selection",
        Topic.GUIDELINE: "Guideline",
        Topic.MODIFIER: "Modifier",
        Topic.CROSSWALK: "Crosswalk",
        Topic.NCCI_EDIT: "NCCI edit",
        Topic.COMPLIANCE: "Compliance",
        Topic.MEDICARE_COVERAGE: "Medicare coverage",
        Topic.DOCUMENTATION: "Documentation",
        Topic.OTHER: "Other",
    }
)

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {Outcome.ANSWER: "Answer", Outcome.ASK_BACK: "Question back", Outcome.HAND_OVER: "Handed over"}
)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        Kind.ACKNOWLEDGEMENT: "Acknowledgement",
        Kind.ANSWER: "Answer",
        Kind.QUESTION: "Question back",
        Kind.HAND_OVER: "Hand-over notice",
    }
)

SENDINGS: Mapping[str, str] = MappingProxyType(
    {
        Sending.QUEUED: "Waiting to go out",
        Sending.SENDING: "Being sent",
        Sending.AT_DOT: "Being handed to the server",
        Sending.UNCERTAIN: "May have been sent",
        Sending.SENT: "Sent",
        Sending.FAILED: "Not sent",
        Sending.VOID: "Withdrawn",
    }
)

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "ptp": "NCCI procedure-to-procedure edits",
        "mue": "Medically unlikely edits",
        "add_on": "Add-on codes",
        "fee": "Physician fee schedule",
        "icd10cm": "ICD-10-CM",
        "content": "Curated content",
    }
)

DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        "approve": "Approved the answer",
        "ask_back": "Approved the question back",
        "send_back": "Sent back",
        "close": "Closed",
        "undo": "Taken back",
        "merge": "Merged",
        "split": "Split",
        "withdraw": "Withdrawn",
    }
)

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "view": "looked at the case",
        "reveal": "revealed an original letter",
        "download original": "downloaded an original letter",
        "download attachment": "downloaded an attachment",
        "claim": "claimed the case",
        "take over": "took the case over",
        "release": "put the case back into the queue",
        "save draft": "saved the draft",
        "send back": "sent the case back",
        "approve": "approved the letter",
        "undo": "took the letter back",
        "withdraw": "withdrew the letter",
        "read follow-up": "marked the new letter as read",
        "close": "closed the case",
        "resume": "had the work started again",
        "accept letter": "accepted a letter out of quarantine",
        "join letter": "joined a letter out of quarantine",
        "keep letter out": "gave a letter that followed the case up a case of its own",
        "merge into": "merged the case into another one",
        "merge from": "merged another case into this one",
        "split off": "split letters off",
        "split from": "split this case off another one",
    }
)


def in_words(name: str, table: Mapping[str, str]) -> str:
    """Return the table's words for a name; an unknown name is shown as it is, with blanks for underscores."""
    return table.get(name) or name.replace("_", " ").capitalize()


def duration(length: timedelta) -> str:
    """Return a length of time in its largest fitting unit: 20 min, 3 h, 2 days. Less than a minute counts as one."""
    minutes = max(1, round(abs(length.total_seconds()) / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours = round(minutes / 60)
    if hours < 48:
        return f"{hours} h"
    return f"{round(minutes / 1440)} days"


def due_words(due: datetime, now: datetime) -> str:
    """Return when something is due, in words: `due in 3 h`, `overdue by 20 min`."""
    if due >= now:
        return f"due in {duration(due - now)}"
    return f"overdue by {duration(now - due)}"


def due_urgency(due: datetime, now: datetime) -> str:
    """Return the class of a due time: `late`, `soon` (within two hours) or `calm`."""
    if due < now:
        return "late"
    return "soon" if due - now < timedelta(hours=2) else "calm"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in words."""
    return f"{duration(now - moment)} ago" if moment <= now else f"in {duration(moment - now)}"


def exact(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment in the desk's zone: Mon 23 Nov 2026, 14:30 EST."""
    return moment.astimezone(zone).strftime("%a %d %b %Y, %H:%M %Z")


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in the desk's zone: 14:30."""
    return moment.astimezone(zone).strftime("%H:%M")


def octets(size: int) -> str:
    """Return a size in bytes, kB or MB (powers of 1,000)."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def percent(share: float | None) -> str:
    """Return a share of 1 as a percentage, or a dash where there is none."""
    return "–" if share is None else f"{share * 100:.0f} %"


def plural(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 case, 2 cases."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def value_words(value: object) -> str:
    """Return a fact's value as a coder writes it; a true or false as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


# Units stand at the end of a fact's name (consultant/questions/model.py, Fact).
_UNITS = (("_cm2", "cm²"), ("_cm", "cm"), ("_minutes", "min"))


def fact_words(name: str) -> tuple[str, str]:
    """Return a fact's name in words and its unit: lesion_diameter_cm gives (lesion diameter, cm)."""
    for suffix, unit in _UNITS:
        if name.endswith(suffix):
            return name.removesuffix(suffix).replace("_", " "), unit
    return name.replace("_", " "), ""


def lines(text: str) -> str:
    """Return a form's text with LF line ends; browsers send CRLF (HTML, Constructing the entry list)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def query(**fields: Any) -> str:
    """Return a query string of the fields that are not empty, lists repeated, with its question mark."""
    kept = {name: value for name, value in fields.items() if value not in ("", None, (), [])}
    return f"?{urlencode(kept, doseq=True)}" if kept else ""


def filters() -> dict[str, Any]:
    """Return the filters that templates use."""
    return {
        "state_words": lambda name: in_words(name, STATES),
        "state_sign": lambda name: STATE_SIGNS.get(name, "○"),
        "topic_words": lambda name: in_words(name, TOPICS),
        "outcome_words": lambda name: in_words(name, OUTCOMES),
        "kind_words": lambda name: in_words(name, KINDS),
        "sending_words": lambda name: in_words(name, SENDINGS),
        "source_words": lambda name: in_words(name, SOURCES),
        "decision_words": lambda name: in_words(name, DECISIONS),
        "action_words": lambda name: ACTIONS.get(name) or name.replace("_", " "),
        "octets": octets,
        "percent": percent,
        "value_words": value_words,
        "fact_words": fact_words,
    }
