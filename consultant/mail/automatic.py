"""Whether a letter came from a person: named rules in order, the first that holds gives the verdict.

A machine is known by what the protocol says of it (RFC 3834, 3464, 8098, 5965, 2919, 2369), never by the words of
the letter alone: a coder may well ask about out-of-office visits or quote an automatic reply. A sign that a person's
mail program or provider may write, too, needs a second one beside it. docs/mail.md lists the rules.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from consultant.mail import signs
from consultant.mail.fields import parameters
from consultant.mail.letter import Letter, Screening, Verdict

MAX_RECEIVED = 50
MAX_DELIVERED = 2
"""Times that a letter may have been delivered to one of our own mailboxes (Delivered-To); a third is a loop."""
_BULK = ("bulk", "junk", "list")
_CODE = re.compile(r"\b(?:\d{4}[0-9TFU]|[A-V]\d{4}|[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4})\b")
_NEAR = 600
"""Characters from the start of a text in which a notice says what it is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name goes into the letter's record, its sentence is for a person."""

    name: str
    verdict: Verdict
    holds: Callable[[Letter, frozenset[str]], bool]
    reason: str


def screen(letter: Letter, own_addresses: frozenset[str]) -> Screening:
    """Return the verdict of the first rule that holds, else accept. `own_addresses` are the desk's own mailboxes."""
    own = frozenset(address.lower() for address in own_addresses)
    for rule in RULES:
        if rule.holds(letter, own):
            return Screening(rule.verdict, rule.name, rule.reason)
    return Screening(Verdict.ACCEPT, "accept-person", "No sign of a machine was found.")


def _report_type(letter: Letter) -> str:
    kind, params = parameters(letter.header("Content-Type") or "")
    return params.get("report-type", "").lower() if kind == "multipart/report" else ""


def _holds_part(letter: Letter, *kinds: str) -> bool:
    return any(attachment.content_type in kinds for attachment in letter.attachments)


def _is_report(letter: Letter) -> bool:
    kind, _ = parameters(letter.header("Content-Type") or "")
    return kind == "multipart/report"


def _own_letter(letter: Letter, own: frozenset[str]) -> bool:
    """Tell whether this is a letter of ours coming back, unchanged or redirected."""
    if letter.header("X-Delivery-Id") is not None:
        return True
    ours = letter.sender is not None and letter.sender.mailbox.lower() in own
    domains = {address.rpartition("@")[2] for address in own}
    identified = (letter.message_id or "").rstrip(">").rpartition("@")[2].lower() in domains
    return ours and (identified or any(letter.header(name) is not None for name in signs.OUR_FIELDS))


def _delivery_report(letter: Letter, _: frozenset[str]) -> bool:
    status = ("message/delivery-status", "message/global-delivery-status")
    return _report_type(letter) == "delivery-status" or (_is_report(letter) and _holds_part(letter, *status))


def _feedback_report(letter: Letter, _: frozenset[str]) -> bool:
    held = _holds_part(letter, "message/feedback-report") and (_is_report(letter) or letter.envelope_sender == "")
    return held or _report_type(letter) == "feedback-report"


def _disposition_notification(letter: Letter, _: frozenset[str]) -> bool:
    kinds = ("message/disposition-notification", "message/global-disposition-notification")
    return _report_type(letter) == "disposition-notification" or (_is_report(letter) and _holds_part(letter, *kinds))


def _local(mailbox: str | None) -> str:
    return (mailbox or "").rpartition("@")[0].lower()


def _server_wrote(letter: Letter) -> bool:
    """Tell whether the letter came from a mail server's mailbox, or with the null sender (RFC 5321, 4.5.5)."""
    local = _local(letter.sender.mailbox if letter.sender else None)
    return local in (*signs.DAEMONS, "postmaster") or letter.envelope_sender == ""


def _bounced(form: signs.Format, letter: Letter, _: frozenset[str]) -> bool:
    """Tell whether the letter is a bounce in the form of one server."""
    if any(letter.header(name) is not None for name in form.fields):
        return True
    if re.fullmatch(form.sender, letter.sender.mailbox if letter.sender else "", re.I):
        return True
    return _server_wrote(letter) and bool(re.search(form.words, letter.text[:20_000]))


def _mailer_daemon(letter: Letter, _: frozenset[str]) -> bool:
    written = (letter.header("From") or "").lower()
    local = _local(letter.sender.mailbox if letter.sender else None)
    if local in signs.DAEMONS or re.search(r"^\W*mailer-daemon\b|<mailer-daemon>", written):
        return True
    return letter.header("X-Failed-Recipients") is not None or (local == "postmaster" and letter.envelope_sender == "")


def _auto_submitted(letter: Letter, _: frozenset[str]) -> bool:
    """RFC 3834, 5: any value but "no", parameters and comments aside; an empty field says nothing.

    Some servers write "auto-forwarded" on a person's letter that a rule of a mailbox passes on.
    """
    said = (re.split(r"[\s;(]", value.strip().lower())[0] for value in letter.header_all("Auto-Submitted"))
    return any(word not in ("", "no", "auto-forwarded") for word in said)


def _vacation(letter: Letter, _: frozenset[str]) -> bool:
    said = ((letter.header(name) or "no").strip().lower() for name in signs.VACATION_FIELDS)
    told = any(value not in ("no", "false", "", "forward") for value in said)
    told = told or "autoresponder" in (letter.header("X-POST-MessageClass") or "").lower()
    told = told or any(value.strip().lower() == "autoresponder" for value in letter.header_all("Delivered-To"))
    return told or _precedence(letter) in ("auto_reply", "auto-reply") or letter.header("Preference") == "auto_reply"


def _precedence(letter: Letter) -> str:
    return (letter.header("Precedence") or "").strip().lower()


def _out_of_office(letter: Letter, _: frozenset[str]) -> bool:
    """Believe a subject that says so only beside a header that persons' programs do not write."""
    clue = (
        letter.envelope_sender == ""
        or letter.header("X-Auto-Response-Suppress") is not None
        or letter.header("X-MS-Exchange-Inbox-Rules-Loop") is not None
        or "rules agent" in (letter.header("X-MS-Exchange-Generated-Message-Source") or "").lower()
        or _precedence(letter) in ("bulk", "junk")
    )
    return clue and bool(signs.ABSENT.match(letter.subject[:300]))


def _answers_us(letter: Letter, own: frozenset[str]) -> bool:
    """Tell whether the letter names a letter of ours as the one that it answers."""
    domains = {address.rpartition("@")[2] for address in own}
    named = (*letter.in_reply_to, *letter.references)
    return any(name.rstrip(">").rpartition("@")[2].lower() in domains for name in named)


def _absent_answer(letter: Letter, own: frozenset[str]) -> bool:
    """Know an absence notice without any header by four signs: it answers us, and nothing in it asks anything."""
    text = letter.new_text or letter.text
    asks = "?" in text or "？" in text or bool(_CODE.search(text)) or len(text) > 4 * _NEAR
    says = signs.ANSWERED.match(letter.subject[:300]) and signs.ABSENT_TEXT.search(text[:_NEAR])
    return bool(says) and not asks and _answers_us(letter, own)


def _calendar_reply(letter: Letter, _: frozenset[str]) -> bool:
    """Know an answer to an invitation (RFC 5546, 3.2.3) to which nobody added a word."""
    parts = (part.content for part in letter.attachments if part.content_type == "text/calendar")
    if not any(signs.CALENDAR_REPLY.search(content[:100_000]) for content in parts):
        return False
    by_google = "calendar-notification@google.com" in (letter.header("Sender") or "").lower()
    return not letter.new_text.strip() or (by_google and not signs.CALENDAR_NOTE.search(letter.text[:_NEAR]))


def _mailing_list(letter: Letter, own: frozenset[str]) -> bool:
    """Know a list by its fields (RFC 2919, RFC 2369), but for one through which the desk itself is reached.

    A person's answer to a letter of ours may carry List-Unsubscribe, which sales programs add.
    """
    named = [value for name in (*signs.LIST_FIELDS, "List-Unsubscribe") for value in letter.header_all(name)]
    through_us = any(
        form in value.lower() for value in named for name in own for form in (name, name.replace("@", "."))
    )
    listed = any(letter.header(name) is not None for name in signs.LIST_FIELDS)
    offered = letter.header("List-Unsubscribe") is not None and not _answers_us(letter, own)
    return (listed or offered) and not through_us


def _bulk(letter: Letter, _: frozenset[str]) -> bool:
    """Know bulk mail by Precedence and a second sign, for some persons' programs write it on every letter."""
    senders = [_local(letter.envelope_sender), *(_local(_bracketed(value)) for value in letter.header_all("Sender"))]
    froms = [_local(each.mailbox) for each in ((letter.sender,) if letter.sender else ()) + letter.reply_to]
    second = (
        letter.envelope_sender == ""
        or letter.header("X-Auto-Response-Suppress") is not None
        or any(signs.PASSED_ON.fullmatch(local) for local in senders)
        or any(signs.NOBODY.fullmatch(local) for local in froms)
    )
    return _precedence(letter) in _BULK and second


def _bracketed(value: str) -> str:
    found = re.search(r"<([^<>]{1,320})>", value)
    return found[1] if found else value.strip()


def _null_sender(letter: Letter, _: frozenset[str]) -> bool:
    return letter.envelope_sender == ""


def _loop(letter: Letter, own: frozenset[str]) -> bool:
    marked = any(value.strip().lower() in own for value in letter.header_all("X-Loop"))
    delivered = [value.strip().lower() for value in letter.header_all("Delivered-To")]
    again = any(delivered.count(address) > MAX_DELIVERED for address in own)
    return marked or again or len(letter.header_all("Received")) > MAX_RECEIVED


def _no_sender(letter: Letter, _: frozenset[str]) -> bool:
    return letter.sender is None


def _two_senders(letter: Letter, _: frozenset[str]) -> bool:
    # Receiving servers differ in whose domain they vouch for, and their word would be taken for the first.
    return (
        len({value.lower() for value in letter.header_all("From")}) > 1
        or len({each.mailbox.lower() for each in letter.senders}) > 1
    )


# A report tells best what it is, so reports stand first. Autoresponders use the null sender as bounces do (RFC 3834,
# 3.3), so the rules that know them stand before the one that takes every other null sender for a bounce.
RULES: tuple[Rule, ...] = (
    Rule("discard-own-letter", Verdict.DISCARD, _own_letter, "The letter is one of our own that came back."),
    Rule("bounce-delivery-report", Verdict.BOUNCE, _delivery_report, "The letter is a delivery report (RFC 3464)."),
    Rule("discard-feedback-report", Verdict.DISCARD, _feedback_report, "The letter is an abuse report (RFC 5965)."),
    Rule("discard-receipt", Verdict.DISCARD, _disposition_notification, "The letter is a read receipt (RFC 8098)."),
    *(
        Rule(form.rule, Verdict.BOUNCE, partial(_bounced, form), f"A bounce in the form of {form.server}.")
        for form in signs.BOUNCE_FORMATS
    ),
    Rule(
        "bounce-mailer-daemon",
        Verdict.BOUNCE,
        _mailer_daemon,
        "A mail server wrote the letter about a failed delivery.",
    ),
    Rule(
        "discard-auto-submitted", Verdict.DISCARD, _auto_submitted, "The letter says that no person sent it (RFC 3834)."
    ),
    Rule("discard-vacation", Verdict.DISCARD, _vacation, "An autoresponder sent the letter."),
    Rule("discard-out-of-office", Verdict.DISCARD, _out_of_office, "The letter is an out-of-office notice."),
    Rule(
        "discard-out-of-office-answer",
        Verdict.DISCARD,
        _absent_answer,
        "The letter answers one of ours by an out-of-office notice and asks nothing.",
    ),
    Rule(
        "discard-calendar-reply",
        Verdict.DISCARD,
        _calendar_reply,
        "A calendar accepted or declined an invitation; nobody added a word.",
    ),
    Rule("discard-loop", Verdict.DISCARD, _loop, "The letter is going round in a loop."),
    Rule("discard-list", Verdict.DISCARD, _mailing_list, "The letter came through a mailing list."),
    Rule("discard-bulk", Verdict.DISCARD, _bulk, "The letter is bulk mail by two signs."),
    Rule(
        "bounce-null-sender",
        Verdict.BOUNCE,
        _null_sender,
        "The letter has the null sender of bounces (RFC 5321, 4.5.5).",
    ),
    Rule("quarantine-no-sender", Verdict.QUARANTINE, _no_sender, "The letter names no sender that could be answered."),
    Rule("quarantine-two-senders", Verdict.QUARANTINE, _two_senders, "The letter names two senders that differ."),
)
