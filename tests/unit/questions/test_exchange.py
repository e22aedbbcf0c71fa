"""A thread of mails is read as one letter, without what mail programs put around each mail."""

from datetime import date

import pytest

from consultant.questions import abbreviated, corrected, counting, exchange, flap_stages
from consultant.questions.model import Fact, Span
from tests.unit.questions.judging import understood

_OUTLOOK = (
    "Which code?\n\nFrom: Clinic nurse\nSent: Monday, June 1, 2026 7:12 AM\nTo: Billing\nSubject: RE: mole\n\n"
    "Left cheek, 1.2 cm.\n"
)


def joined(text: str) -> str:
    """Return the mails as one text."""
    return exchange.read(text).mails.text


def newest(text: str) -> str:
    """Return the mails with the older ones corrected by the newer."""
    thread = exchange.read(text)
    return corrected.read(thread.mails.text, thread).text


@pytest.mark.parametrize(
    "head",
    [
        "From: Clinic nurse\nSent: Monday, June 1, 2026 7:12 AM\nTo: Billing\nSubject: RE: mole\n",
        "-----Original Message-----\nFrom: Clinic nurse\nDate: 6/1/2026\n",
        "===== Nurse, 6/1/26 =====\n",
        "On Mon, Jun 1, 2026 at 7:12 AM the clinic nurse wrote:\n> ",
        "On Monday the clinic\nnurse wrote:\n> ",
        "---------- Forwarded message ----------\nFrom: Clinic nurse\n",
    ],
)
def test_lines_that_introduce_a_mail_are_left_out(head: str) -> None:
    """Neither their dates nor their names tell of the patient."""
    text = joined(f"Which code?\n\n{head}Left cheek, 1.2 cm.\n")
    assert "2026" not in text
    assert "nurse" not in text.lower()
    assert "Left cheek, 1.2 cm." in text


@pytest.mark.parametrize(
    "text",
    [
        "Seen 3/2/26.\n\nDate: 3/2/26\nFrom the left arm: 2 cm.",
        "> 50% of the time was counseling\n",
        "He wrote it down.",
    ],
)
def test_a_letter_that_quotes_nothing_stays_as_it_is(text: str) -> None:
    """A heading of a note is no field of a mail, and a comparison no quotation."""
    assert joined(text) == text


def test_the_lines_of_a_quoted_paragraph_are_joined() -> None:
    """A sentence that a mail program broke is whole again, and each place leads back to the letter as written."""
    written = "Code?\n\n> The lesion of the left cheek was removed, and it\n> measured 1.2 cm before.\n> 1. Benign.\n"
    mails = exchange.read(written).mails
    assert "and it measured 1.2 cm before.\n> 1. Benign." in mails.text
    place = mails.text.index("measured")
    assert written[mails.written(place) :].startswith("measured")


def test_the_day_on_which_a_mail_was_sent_is_no_date_of_service() -> None:
    """The date of service stands in what was written, if anywhere."""
    assert understood(_OUTLOOK).date_of_service is None
    assert understood(_OUTLOOK + "Done 5/28/2026.").date_of_service == date(2026, 5, 28)


@pytest.mark.parametrize(
    ("newer", "older", "read"),
    [
        ("It is 25 sq cm, not 52.", "The wound is 52 sq cm.", "The wound is 25 sq cm."),
        ("15 instead of 5, typo.", "manual 5 min", "manual 15 min"),
        ("Sorry, 16 mm.", "The mole is 6 mm.", "The mole is 16 mm."),
        ("It was the left, not the right.", "Removed from the right ear.", "Removed from the left ear."),
        ("Counted them, it's 31.", 'Says "about thirty treated".', 'Says "31 treated".'),
        ("The 50 below was a typo.", "I typed 50 min there.", "I typed  there."),
        ("The back one I only looked at.", "Two moles, ear and back.", "one mole, ear."),
        ("Moderate.", "Low, moderate or high MDM?", "moderate MDM."),
    ],
)
def test_the_newer_mail_holds(newer: str, older: str, read: str) -> None:
    """What it corrects or answers is read so in the older one."""
    assert f"> {read}" in newest(f"Which code?\n\n> {newer}\n\n>> {older}\n")


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("The left was excised, the right was not.", "Right ear, left ear."),
        ("The margin was 2 mm.", "The mole is 6 mm."),
        ("It took 20 minutes.", "It is 6 mm. The other is 8 mm."),
    ],
)
def test_two_mails_may_tell_of_two_things(newer: str, older: str) -> None:
    """Without words of a correction both stand."""
    assert older in newest(f"Which code?\n\n> {newer}\n\n>> {older}\n")


def test_what_an_older_mail_asked_tells_nothing() -> None:
    """Alternatives of a question are left out where the newest mail asks, and stay where it does not."""
    quoted = "> > Was this above or below the fascia? Deltoid.\n"
    assert newest(f"Which code?\n\n> Subfascial.\n>\n{quoted}").count("fascia?") == 0
    assert newest(f"Thanks.\n\n> Subfascial.\n>\n{quoted}").count("fascia?") == 1


def test_an_abbreviation_is_written_out_as_its_letter_does() -> None:
    """The department stays where the patient was seen in it."""
    assert abbreviated.read("ED and erectile dysfunction").text == "erectile dysfunction and erectile dysfunction"
    assert abbreviated.read("Seen in the ED, erectile dysfunction").text == "Seen in the ED, erectile dysfunction"
    assert abbreviated.read("ED visit").text == "ED visit"


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("For the 71 y/o gentleman, which screening code?", "age_years", 71),
        ("Which code for the 33 yr old lady?", "age_years", 33),
    ],
)
def test_an_age_behind_for_is_the_patients(text: str, fact: str, value: int) -> None:
    """One patient is meant, and no rule."""
    assert (fact, value) in {(row.name, row.value) for row in understood(text).facts}


def test_a_rule_for_an_age_is_no_age() -> None:
    """Several patients are those of a rule."""
    facts = understood("Is this covered for 65 year old patients?").facts
    assert not [row for row in facts if row.name == "age_years"]


def test_the_places_of_a_thread_are_those_of_the_letter() -> None:
    """Every fact points into the text as written."""
    question = understood(
        "Code?\n\n> From: PA\n> Benign nevus of the left cheek, 0.6 cm,\n> excised with 2 mm margins.\n"
    )
    told = {
        fact.name: question.text[fact.span.start : fact.span.end] for row in question.subjects for fact in row.facts
    }
    assert told["lesion_diameter_cm"] == "0.6 cm"
    assert told["margin_cm"] == "2 mm"


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("CPT? Debridement of the leg ulcer, 20 sq cm. She took the slough off.", "depth_removed", "skin"),
        ("Which CPT? Two cysts aspirated from the left breast, right breast one.", "lesion_count", 3),
        (
            "Critical care, I was there 80 minutes. That has the intubation in it, 15 minutes. Which code?",
            "total_minutes",
            65,
        ),
        ("Level? Est patient. BPH and ED. Both are stable. Erectile dysfunction on tadalafil.", "problems", "moderate"),
        (
            "Codes? Abdominal wall fasciitis, necrotizing infection, fascia debrided. Perineum + genitals fine.",
            "region",
            "abdominal_wall",
        ),
        ("Does G2211 go with it? I have been her PCP for six years.", "relationship", "focal_point"),
    ],
)
def test_what_people_write_to_each_other_is_read(text: str, fact: str, value: object) -> None:
    """Mails among colleagues tell the facts in passing."""
    question = understood(text)
    told = {(row.name, row.value) for subject in question.subjects for row in subject.facts}
    assert (fact, value) in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We separated the cross-finger flap that was raised 3 weeks ago and inset it.", ("flap_stage", "division")),
        ("The pedicle was divided and the flap inset.", ("flap_kind", "pedicle")),
    ],
)
def test_a_flap_that_is_divided_had_a_stalk(text: str, told: tuple[str, str]) -> None:
    """Its second stage is known by what was done."""
    given = [Fact("flap_stage", "division", Span(12, 19))] if told[0] == "flap_kind" else []
    assert told in {(fact.name, fact.value) for fact in flap_stages.one(text, given)}


def test_counts_of_a_reply_are_read() -> None:
    """The total behind "counted them", and what came off a place."""
    total = counting.total("I counted them, it's 23.")
    assert total is not None
    assert total.number == 23
    text = "4 from the axillae and 9 off the neck"
    places = (text.index("axillae"), text.index("neck"))
    assert [one.number for one in counting.at_places(text, 0, len(text), places)] == [4, 9]
