"""Machine mail is never answered, and a person's letter is never taken for a machine's."""

import re
from pathlib import Path

import pytest

from consultant.mail.automatic import RULES, screen
from consultant.mail.letter import Address, Attachment, Letter, Verdict

OWN = frozenset({"Desk@consultant.example"})
PERSON = Address("Testa Sampleton", "testa@clinic.example")


def make_letter(*headers: tuple[str, str], **fields: object) -> Letter:
    """Build a person's letter with further header fields and values."""
    values: dict[str, object] = {
        "sender": PERSON,
        "envelope_sender": PERSON.mailbox,
        "subject": "Chin lesion",
        "headers": (("From", "Testa Sampleton <testa@clinic.example>"), *headers),
    }
    return Letter(**(values | fields))  # type: ignore[arg-type] # a builder takes any field


QUOTED_BOUNCES = {
    "bounce-exchange": "Delivery has failed to these recipients or groups:\nDiagnostic information for administrators:",
    "bounce-qmail": "Hi. This is the qmail-send program at mx.clinic.example.",
    "bounce-exim": "This message was created automatically by mail delivery software.",
    "bounce-postfix": "This is the mail system at host mx.clinic.example.",
}

MACHINES = {
    "auto-replied": (("Auto-Submitted", "auto-replied"), "discard-auto-submitted"),
    "auto-generated with a comment": (("Auto-Submitted", "Auto-Generated (by a script)"), "discard-auto-submitted"),
    "auto-notified with a parameter": (("Auto-Submitted", "auto-notified; owner=x"), "discard-auto-submitted"),
    "autoreply": (("X-Autoreply", "yes"), "discard-vacation"),
    "autorespond": (("X-Autorespond", "Out"), "discard-vacation"),
    "auto_reply": (("Precedence", "auto_reply"), "discard-vacation"),
    "group": (("Mailing-list", "list coders@groups.example"), "discard-list"),
    "list id": (("List-Id", "<coders.lists.example>"), "discard-list"),
    "newsletter": (("List-Unsubscribe", "<https://x.example>"), "discard-list"),
    "our delivery": (("X-Delivery-Id", "abc"), "discard-own-letter"),
    "x-loop": (("X-Loop", "desk@consultant.example"), "discard-loop"),
    "failed recipients": (("X-Failed-Recipients", "x@clinic.example"), "bounce-mailer-daemon"),
    "report": (("Content-Type", 'multipart/report; report-type="delivery-status"'), "bounce-delivery-report"),
    "abuse": (("Content-Type", "multipart/report; report-type=feedback-report"), "discard-feedback-report"),
    "receipt": (("Content-Type", "multipart/report; report-type=disposition-notification"), "discard-receipt"),
}


@pytest.mark.parametrize("case", MACHINES)
def test_a_machine_is_known_by_its_header(case: str) -> None:
    """Promise the named rule and a reason in words."""
    header, rule = MACHINES[case]
    found = screen(make_letter(header), OWN)
    assert found.rule == rule
    assert found.reason.endswith(".")


@pytest.mark.parametrize("value", ["Bulk", "junk", "list"])
def test_precedence_counts_only_with_a_second_sign(value: str) -> None:
    """Promise accept for a person whose program writes Precedence, discard where the sender is a machine's, too."""
    said = ("Precedence", value)
    assert screen(make_letter(said), OWN).verdict is Verdict.ACCEPT
    for second in (
        make_letter(said, ("Sender", "Coders <owner-coders@lists.example>")),
        make_letter(said, ("X-Auto-Response-Suppress", "All")),
        make_letter(said, envelope_sender="bounces+77-desk=x.example@mass.example"),
        make_letter(said, sender=Address("", "No-Reply@claims.example")),
        make_letter(said, reply_to=(Address("", "donotreply@claims.example"),)),
        make_letter(said, envelope_sender=""),
    ):
        assert screen(second, OWN).rule == "discard-bulk"


def test_a_list_through_which_the_desk_is_reached_is_no_list() -> None:
    """Promise that a desk whose address is a group still gets its questions."""
    group = ("List-Id", "Coding desk <desk.consultant.example>")
    post = ("List-Post", "<mailto:desk@consultant.example>")
    assert screen(make_letter(group, post), OWN).verdict is Verdict.ACCEPT
    assert screen(make_letter(("List-Id", "<other.consultant.example>")), OWN).rule == "discard-list"


@pytest.mark.parametrize(("rule", "words"), QUOTED_BOUNCES.items())
def test_the_words_of_a_bounce_are_believed_of_a_server_only(rule: str, words: str) -> None:
    """Promise that a person who quotes a bounce, or sends it on, is a person."""
    said = {"text": words, "new_text": words, "subject": "Undeliverable"}
    assert screen(make_letter(**said), OWN).verdict is Verdict.ACCEPT
    server = Address("", "postmaster@clinic.example")
    assert screen(make_letter(sender=server, envelope_sender=server.mailbox, **said), OWN).rule == rule


ABSENCE = (("Automatic reply: Re: Lesion", "I am out of the office."), ("Autosvar: Re: Lesion", "Jag är på semester."))


@pytest.mark.parametrize(("subject", "text"), ABSENCE)
def test_an_absence_notice_without_a_header_needs_four_signs(subject: str, text: str) -> None:
    """Promise discard only for an answer to us that says absence twice and asks nothing."""
    ours = ("<C-2026-000001.x1.aaaaaaaa@consultant.example>",)
    assert screen(make_letter(subject=subject, text=text, in_reply_to=ours), OWN).rule == "discard-out-of-office-answer"
    for letter in (
        make_letter(subject=subject, text=text),
        make_letter(subject=f"Re: {subject}", text=text, in_reply_to=ours),
        make_letter(subject=subject, text="Which code is it", in_reply_to=ours),
        make_letter(subject=subject, text=f"{text} Is it the second one?", in_reply_to=ours),
        make_letter(subject=subject, text=f"{text} It should be 11441.", in_reply_to=ours),
    ):
        assert screen(letter, OWN).verdict is Verdict.ACCEPT


PERSONS = {
    "a plain letter": make_letter(),
    "Auto-Submitted: no": make_letter(("Auto-Submitted", "no")),
    "an empty Auto-Submitted": make_letter(("Auto-Submitted", "")),
    "Exchange's suppression alone": make_letter(("X-Auto-Response-Suppress", "DR, OOF, AutoReply")),
    "a subject about absence": make_letter(subject="Out of office visit, place of service 11?"),
    "a reply to our notice": make_letter(subject="Re: Automatic reply: we have your question"),
    "words of a machine": make_letter(text="Automatic reply: mailer-daemon undeliverable", new_text="Automatic reply"),
    "no return path": make_letter(envelope_sender=None),
    "X-Autoreply: no": make_letter(("X-Autoreply", "no")),
    "first-class": make_letter(("Precedence", "first-class")),
    "a postmaster who writes": make_letter(sender=Address("Pat Master", "postmaster@clinic.example")),
    "fifty hops": make_letter(*[("Received", f"hop {i}") for i in range(50)]),
    "our case in a header": make_letter(("X-Consultant-Case", "C-2026-000123.aaaaaaaa")),
    "a letter that a mailbox's rule passes on": make_letter(
        ("Auto-Submitted", "auto-forwarded"), ("X-Autogenerated", "Forward")
    ),
    "a delivery counted twice": make_letter(*[("Delivered-To", "desk@consultant.example")] * 2),
    "an answer with a tracker's unsubscribe": make_letter(
        ("List-Unsubscribe", "<https://x.example>"), in_reply_to=("<a@consultant.example>",)
    ),
    "a feedback report in a person's letter": make_letter(
        attachments=(Attachment("report.txt", "message/feedback-report", b"Feedback-Type: abuse"),)
    ),
    "an accepted invitation with words": make_letter(
        attachments=(Attachment("a.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"),),
        new_text="And 11042?",
    ),
    "a report forwarded as a file": make_letter(("Content-Type", "multipart/mixed; boundary=x")),
}


@pytest.mark.parametrize("case", PERSONS)
def test_a_person_is_accepted(case: str) -> None:
    """Promise that the words of a letter and lone clues never make it a machine's."""
    assert screen(PERSONS[case], OWN).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    "subject", ["Automatic reply: x", "Abwesenheitsnotiz", "Réponse automatique : x", "Respuesta automática: x"]
)
def test_an_out_of_office_subject_counts_only_with_a_header(subject: str) -> None:
    """Promise discard with a clue in the header, accept without."""
    assert screen(make_letter(subject=subject), OWN).verdict is Verdict.ACCEPT
    for clue in (
        make_letter(("X-Auto-Response-Suppress", "All"), subject=subject),
        make_letter(subject=subject, envelope_sender=""),
    ):
        assert screen(clue, OWN).rule == "discard-out-of-office"


def test_a_null_sender_is_a_bounce_unless_it_says_what_it_is() -> None:
    """Promise that absence notices, which have the null sender too, are not taken for bounces."""
    assert screen(make_letter(envelope_sender=""), OWN).rule == "bounce-null-sender"
    assert screen(make_letter(("Auto-Submitted", "auto-replied"), envelope_sender=""), OWN).verdict is Verdict.DISCARD


def test_our_own_letters_never_come_back_as_questions() -> None:
    """Promise that a letter from our address with our Message-ID is a loop, and a redirected one too."""
    own = Address("Desk", "desk@consultant.example")
    assert screen(make_letter(sender=own, message_id="<x@consultant.example>"), OWN).rule == "discard-own-letter"
    assert screen(make_letter(("X-Delivery-Id", "d"), envelope_sender="x@y.example"), OWN).rule == "discard-own-letter"


def test_a_letter_without_a_sender_or_with_two_is_quarantined() -> None:
    """Promise that a doubtful sender goes to a person, and that one sender written twice alike is no doubt."""
    assert screen(make_letter(sender=None), OWN).rule == "quarantine-no-sender"
    assert screen(make_letter(("From", "else@elsewhere.example")), OWN).rule == "quarantine-two-senders"
    assert screen(make_letter(("From", "Testa Sampleton <testa@clinic.example>")), OWN).verdict is Verdict.ACCEPT


def test_a_loop_is_cut() -> None:
    """Promise discard beyond fifty hops."""
    assert screen(make_letter(*[("Received", f"hop {i}") for i in range(51)]), OWN).rule == "discard-loop"


def test_rules_are_named_by_their_verdict_and_each_once() -> None:
    """Promise that a rule's name begins with its verdict."""
    assert all(rule.name.startswith(f"{rule.verdict}-") for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_page_lists_every_rule_in_its_order() -> None:
    """Promise that docs/mail.md says what the table does."""
    page = (Path(__file__).parents[3] / "docs" / "mail.md").read_text("utf-8")
    rows = [row.strip("|").split("|") for row in page.splitlines() if re.match(r"\| \d+ \| `", row)]
    assert [(name.strip(" `"), reason.strip()) for _, name, reason in rows] == [(r.name, r.reason) for r in RULES]
