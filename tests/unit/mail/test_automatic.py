"""Machine mail is never answered, and a person's letter is never taken for a machine's."""

import pytest

from consultant.mail.automatic import RULES, screen
from consultant.mail.letter import Address, Letter, Verdict

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


MACHINES = {
    "auto-replied": (("Auto-Submitted", "auto-replied"), "discard-auto-submitted"),
    "auto-generated with a comment": (("Auto-Submitted", "Auto-Generated (by a script)"), "discard-auto-submitted"),
    "auto-notified with a parameter": (("Auto-Submitted", "auto-notified; owner=x"), "discard-auto-submitted"),
    "autoreply": (("X-Autoreply", "yes"), "discard-vacation"),
    "autorespond": (("X-Autorespond", "Out"), "discard-vacation"),
    "auto_reply": (("Precedence", "auto_reply"), "discard-vacation"),
    "bulk": (("Precedence", "Bulk"), "discard-bulk"),
    "junk": (("Precedence", "junk"), "discard-bulk"),
    "list": (("Precedence", "list"), "discard-list"),
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
