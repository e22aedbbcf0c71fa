"""Evidence for whole questions, on the starter release: lines, rejected codes, missing facts, gaps."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from consultant.evidence.asked import is_direct
from consultant.evidence.gather import gather
from consultant.evidence.model import Evidence
from consultant.evidence.rules import Spoken
from consultant.questions.model import Question, Subject, Topic
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release

TODAY = date(2026, 3, 20)
Questions = Callable[..., Question]
Subjects = Callable[..., Subject]

CHIN: dict[str, Any] = {
    "site": "chin",
    "site_group": "face_ears_eyelids_nose_lips_mucosa",
    "pathology": "benign",
    "technique": "excision",
    "lesion_diameter_cm": 0.4,
    "margin_cm": 0.2,
}
WOUND: dict[str, Any] = {"necrotizing_infection": True, "depth_removed": "fascia"}


def verdicts(evidence: Evidence) -> str:
    return " | ".join(finding.text for finding in evidence.findings if is_direct(finding))


def without(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}


def test_a_complete_lesion_gives_one_line_with_its_arithmetic(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """0.4 + 2 x 0.2 = 0.8 cm on the face, benign: 11441, and the sum is shown."""
    evidence = gather(make_question(subjects=(make_subject(**CHIN),)), release, today=TODAY)
    assert [(line.code, line.units) for line in evidence.lines] == [("11441", 1)]
    assert any("0.4 cm + 2 x 0.2 cm = 0.8 cm" in finding.text for finding in evidence.findings)
    assert evidence.missing == ()
    assert evidence.gap is None
    assert all(line.citations for line in evidence.lines)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("A nevus of the chin, 0.4 cm, was excised. Which code is it?", ("margin_cm",)),
        ("A nevus of the chin, 0.4 cm, was excised. 11440 or 11441?", ("margin_cm",)),
        ("A nevus of the chin, 0.4 cm, was excised, 11441. May its stitches be billed?", ()),
        ("A nevus of the chin, 0.4 cm, was excised. Which modifier says that it was cosmetic?", ()),
    ],
)
def test_a_rule_that_a_letter_calls_for_silences_no_open_fact_of_the_code_that_is_asked_for(
    release: Release, monkeypatch: pytest.MonkeyPatch, text: str, asked: tuple[str, ...]
) -> None:
    """Words may call for a rule by chance; what decides the code is asked for all the same."""
    monkeypatch.setattr("consultant.evidence.gather.rules", lambda *_, **__: Spoken(called=True))
    question = read(text, today=TODAY, vocabulary=vocabulary_of(release))
    assert tuple(row.fact for row in gather(question, release, today=TODAY).missing) == asked


def test_today_stands_in_for_a_date_of_service_and_is_marked(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """No date in the letter: today's code set, and `date_assumed`."""
    question = make_question(subjects=(make_subject(**CHIN),), date_of_service=None)
    evidence = gather(question, release, today=TODAY)
    assert (evidence.date_of_service, evidence.date_assumed) == (TODAY, True)


def test_only_facts_that_decide_are_missing(release: Release, make_question: Questions, make_subject: Subjects) -> None:
    """Without the margin nothing but the margin is asked for, with the code for each stretch of it."""
    question = make_question(subjects=(make_subject(**without(CHIN, "margin_cm")),))
    evidence = gather(question, release, today=TODAY)
    assert [row.fact for row in evidence.missing] == ["margin_cm"]
    assert ("0.05 cm or less", "11440") in evidence.missing[0].becomes
    assert evidence.lines == ()


def test_margins_without_a_technique_are_read_as_an_excision_and_said_to_be(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """Only an excision is measured with margins; the reading is a caveat of the draft."""
    question = make_question(subjects=(make_subject(**without(CHIN, "technique")),))
    evidence = gather(question, release, today=TODAY)
    assert [line.code for line in evidence.lines] == ["11441"]
    assert any("names no technique" in finding.text for finding in evidence.findings)


def test_two_values_of_one_fact_are_both_named_with_what_each_would_give(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """A conflict is asked about, never settled."""
    subject = make_subject(**CHIN)
    other = make_subject(lesion_diameter_cm=1.4)
    both = Subject("lesion", (*subject.facts, *other.facts))
    evidence = gather(make_question(subjects=(both,), conflicts=("lesion_diameter_cm",)), release, today=TODAY)
    assert evidence.lines == ()
    assert evidence.missing[0].becomes == (("0.4 cm", "11441"), ("1.4 cm", "11442"))
    assert "0.4 cm and 1.4 cm" in evidence.missing[0].question


def test_a_conflict_that_decides_nothing_is_not_asked_about(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """0.6 and 0.7 cm margins-in lead to one code, so the code stands."""
    both = Subject("lesion", (*make_subject(**CHIN).facts, *make_subject(lesion_diameter_cm=0.5).facts))
    evidence = gather(make_question(subjects=(both,), conflicts=("lesion_diameter_cm",)), release, today=TODAY)
    assert [line.code for line in evidence.lines] == ["11441"]


@pytest.mark.parametrize(
    ("closure", "lesion", "said", "unsaid"),
    [
        ("simple", 0.4, "A simple closure is included in 11441", "may be reported beside"),
        ("intermediate", 0.4, "The intermediate closure may be reported beside 11441", "includes every closure"),
        ("complex", 0.4, "The complex closure may be reported beside 11441", "includes every closure"),
        ("intermediate", 0.1, "Medicare (NCCI) includes every closure in 11440", "may be reported beside"),
        ("simple", 0.1, "A simple closure is included in 11440", "may be reported beside"),
    ],
)
def test_closure_follows_its_class_and_the_ncci_exception(
    release: Release,
    make_question: Questions,
    make_subject: Subjects,
    closure: str,
    lesion: float,
    said: str,
    unsaid: str,
) -> None:
    """Simple is included, intermediate and complex stand apart, and benign 0.5 cm or less includes all (NCCI)."""
    subject = make_subject(**CHIN | {"closure_class": closure, "lesion_diameter_cm": lesion})
    told = verdicts(gather(make_question(subjects=(subject,)), release, today=TODAY))
    assert said in told
    assert unsaid not in told


def test_an_adjacent_tissue_transfer_takes_the_excision_off_the_claim(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """The transfer includes the excision: no line for it, and the sender's code is rejected."""
    subject = make_subject(**CHIN | {"closure_class": "adjacent_tissue_transfer"})
    evidence = gather(make_question(codes=("11441",), subjects=(subject,)), release, today=TODAY)
    assert evidence.lines == ()
    assert [row.code for row in evidence.rejected] == ["11441"]


@pytest.mark.parametrize(
    ("asked", "lesion", "rejected"),
    [("12011", 0.4, ["12011"]), ("12051", 0.1, ["12051"]), ("12051", 0.4, []), ("11442", 0.4, ["11442"])],
)
def test_codes_of_the_sender_that_contradict_the_facts_are_rejected_with_a_reason(
    release: Release, make_question: Questions, make_subject: Subjects, asked: str, lesion: float, rejected: list[str]
) -> None:
    """An included repair and the wrong step are rejected; a repair that may stand is not."""
    subject = make_subject(**CHIN | {"lesion_diameter_cm": lesion})
    evidence = gather(make_question(codes=(asked,), subjects=(subject,)), release, today=TODAY)
    assert [row.code for row in evidence.rejected] == rejected
    assert all(row.reason and row.citations for row in evidence.rejected)


def test_lesions_are_counted_one_by_one(release: Release, make_question: Questions, make_subject: Subjects) -> None:
    """Two lesions, two lines; their diameters are never added."""
    back = CHIN | {"site": "back", "site_group": "trunk_arms_legs", "lesion_diameter_cm": 1.0}
    question = make_question(subjects=(make_subject(**CHIN), make_subject(**back)))
    assert [line.code for line in gather(question, release, today=TODAY).lines] == ["11441", "11402"]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"region": "genitalia_perineum"}, ["11004"]),
        ({"region": "abdominal_wall"}, ["11005"]),
        ({"region": "both", "mesh_removed": True, "mesh_infected": True}, ["11006", "11008"]),
        ({"region": "abdominal_wall", "mesh_removed": True, "mesh_infected": False}, ["11005"]),
    ],
)
def test_the_region_chooses_the_debridement_code(
    release: Release, make_question: Questions, make_subject: Subjects, facts: dict[str, Any], codes: list[str]
) -> None:
    """Genitalia and perineum, abdominal wall, both; infected mesh adds its add-on code."""
    question = make_question(subjects=(make_subject("wound", **WOUND | facts),))
    assert [line.code for line in gather(question, release, today=TODAY).lines] == codes


def test_another_region_is_sent_to_its_own_family_with_the_cited_rule(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """A thigh takes no region code: the asked code is rejected and the debridement codes by depth answer."""
    question = make_question(codes=("11004",), subjects=(make_subject("wound", **WOUND | {"region": "other"}),))
    evidence = gather(question, release, today=TODAY)
    assert [line.code for line in evidence.lines] == ["11043"]
    assert [row.code for row in evidence.rejected] == ["11004"]


def test_a_question_about_a_code_is_answered_although_its_case_is_open(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """Asked for the global period, the missing size of the lesion decides nothing."""
    question = make_question(
        "What is the global period of 11441?",
        codes=("11441",),
        topic=Topic.GUIDELINE,
        subjects=(make_subject(site="chin", technique="excision"),),
    )
    evidence = gather(question, release, today=TODAY)
    assert evidence.missing == ()
    assert "The global period of 11441 is 10 days" in verdicts(evidence)


@pytest.mark.parametrize(
    "changes", [{"language": "es"}, {"out_of_scope": "This is about a claim's status."}, {"text": " \n"}]
)
def test_nothing_is_looked_up_for_what_cannot_be_answered(
    release: Release, make_question: Questions, make_subject: Subjects, changes: dict[str, str]
) -> None:
    """Another language, another desk's business and an empty letter get no evidence at all."""
    question = make_question(**{"subjects": (make_subject(**CHIN),), **changes})
    evidence = gather(question, release, today=TODAY)
    assert (evidence.lines, evidence.findings, evidence.missing) == ((), (), ())


def test_silence_of_the_release_is_a_gap(release: Release, make_question: Questions) -> None:
    """Nothing held: the reason is said, and nothing is made up."""
    evidence = gather(make_question("Which code for a colonoscopy with snare removal?"), release, today=TODAY)
    assert evidence.gap
    assert evidence.lines == ()


def test_a_date_that_the_letter_gives_twice_is_a_caveat(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """The answer says which of the dates it is for."""
    question = make_question(subjects=(make_subject(**CHIN),), conflicts=("date_of_service",))
    said = [finding.text for finding in gather(question, release, today=TODAY).findings]
    assert "Your letter gives more than one date of service; this answer is for 2026-03-02." in said


def test_a_wound_without_a_necrotizing_infection_gets_nothing_of_that_family(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """An ulcer of the foot is not answered with the rules for necrotizing infection elsewhere."""
    wound = make_subject("wound", region="other", depth_removed="muscle", area_cm2=20.0)
    evidence = gather(make_question("Which code for this foot ulcer?", subjects=(wound,)), release, today=TODAY)
    assert [line.code for line in evidence.lines] == ["11043"]
    assert "necrotizing_infection" not in evidence.families


def test_a_shaved_lesion_is_told_why_it_is_no_excision(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """The technique leads to the shave codes, and no excision code is chosen."""
    lesion = make_subject(**CHIN | {"technique": "shave"})
    evidence = gather(make_question(subjects=(lesion,)), release, today=TODAY)
    assert evidence.families == ("shaving",)
    assert not any(line.code.startswith("114") for line in evidence.lines)
