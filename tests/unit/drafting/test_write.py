"""The outline and the text of a draft: order, wording of outcomes, citation marks, width."""

from collections.abc import Callable

import pytest

from consultant.drafting import reading
from consultant.drafting.model import Outcome
from consultant.drafting.outline import TITLES
from consultant.drafting.write import WIDTH, draft
from consultant.evidence.model import Evidence, Missing
from consultant.questions.model import Question, Span

Questions = Callable[..., Question]
Evidences = Callable[..., Evidence]


def test_sections_stand_in_the_order_of_the_anatomy(make_question: Questions, make_evidence: Evidences) -> None:
    """Verdict first, sources last, and nothing for a section that has nothing to say."""
    written = draft(make_question(), make_evidence(), ())
    keys = [section.key for section in written.sections]
    assert keys == [key for key in TITLES if key in keys]
    assert keys[0] == "verdict"
    assert keys[-1] == "sources"
    assert "modifiers" not in keys
    assert "Modifiers" not in written.text


def test_the_verdict_names_code_date_and_payer(make_question: Questions, make_evidence: Evidences) -> None:
    """The first sentence ties the code to the date of service, and says that no payer was named."""
    first = draft(make_question(), make_evidence(), ()).sections[0].claims[0].text
    assert first == "Report 11441 for a service on 2026-03-02, payer not named."


def test_an_assumed_date_is_said_to_be_assumed(make_question: Questions, make_evidence: Evidences) -> None:
    """No date of service given: the verdict says which date the answer is for."""
    written = draft(make_question(date_of_service=None), make_evidence(date_assumed=True), ())
    assert "no date of service given" in written.sections[0].claims[0].text


def test_every_claim_has_a_key_and_every_key_a_source(make_question: Questions, make_evidence: Evidences) -> None:
    """Keys count up in order of first use, and each is listed under Sources."""
    written = draft(make_question(), make_evidence(), ())
    keys = [key for key, _ in written.citations]
    assert keys == [f"c{number}" for number in range(1, len(keys) + 1)]
    for section in written.sections:
        for claim in section.claims:
            assert claim.citations
            assert set(claim.citations) <= set(keys)
    listed = [entry.text for entry in reading.entries(written.text) if entry.section == "sources"]
    assert len(listed) == len(keys)


def test_an_unverified_source_is_said_to_be_one(make_question: Questions, make_evidence: Evidences) -> None:
    """A source that was not confirmed is marked in the list and named among the caveats."""
    text = " ".join(draft(make_question(), make_evidence(), ()).text.split())
    assert "Invented manual, chapter 3, edition 2025 (not confirmed in the primary source)" in text
    assert "could not be confirmed in the primary document" in text


def test_a_missing_fact_becomes_a_numbered_question_with_outcomes(
    make_question: Questions, make_evidence: Evidences, asking: Missing
) -> None:
    """The question back says what the answer becomes for each value."""
    written = draft(make_question(), make_evidence(lines=(), missing=(asking,)), ())
    assert written.outcome is Outcome.ASK_BACK
    assert "1. What was the narrowest margin, in cm?\n   - 0.05 or less: 11440\n   - more: 11441" in written.text
    assert written.text.startswith("Verdict\n\nThe code is 11440 or 11441; one fact is still needed")


def test_an_empty_letter_is_asked_for_its_question(make_question: Questions, make_evidence: Evidences) -> None:
    """Nothing understood because nothing was written: a question back, and no claim."""
    empty = make_evidence(lines=(), rejected=(), findings=(), families=())
    written = draft(make_question(text="  ", language="und"), empty, ())
    assert written.outcome is Outcome.ASK_BACK
    assert [row.fact for row in written.missing] == [
        "question", "procedure", "site", "size", "date_of_service", "payer",
    ]  # fmt: skip
    assert written.sections == ()
    assert "6. Who is the payer?" in written.text


@pytest.mark.parametrize(
    ("changes", "gap", "reason"),
    [
        ({"language": "es"}, None, "The letter is not in English (it reads as language code es)."),
        ({"out_of_scope": "This asks for the status of a claim."}, None, "This asks for the status of a claim."),
        ({}, "Nothing is held on this.", "Nothing is held on this."),
    ],
)
def test_what_cannot_be_answered_is_handed_over_with_its_reason(
    make_question: Questions, make_evidence: Evidences, changes: dict[str, str], gap: str | None, reason: str
) -> None:
    """Another language, another desk's business, a gap: a person answers, and the text says why."""
    empty = make_evidence(lines=(), rejected=(), findings=(), families=(), gap=gap)
    written = draft(make_question(**changes), empty, ())
    assert (written.outcome, written.reason) == (Outcome.HAND_OVER, reason)
    assert reason in " ".join(written.text.split())
    assert "\nSources" not in written.text


def test_no_line_is_wider_than_a_quoting_mail_client_keeps(make_question: Questions, make_evidence: Evidences) -> None:
    """Text is wrapped, list entries hang."""
    text = draft(make_question(), make_evidence(), ()).text
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_confidence_falls_with_each_doubt(make_question: Questions, make_evidence: Evidences, asking: Missing) -> None:
    """Nothing is surer than a certain answer; a question back, a hand-over and an attempt to instruct are less so."""

    def estimate(question: Question, evidence: Evidence) -> float:
        return draft(question, evidence, ()).confidence

    sure = estimate(make_question(), make_evidence())
    assumed = estimate(make_question(), make_evidence(date_assumed=True))
    instructed = estimate(make_question(injection=(Span(0, 5),)), make_evidence())
    asked = estimate(make_question(), make_evidence(lines=(), missing=(asking,)))
    handed = estimate(make_question(language="es"), make_evidence(lines=()))
    assert 1 >= sure >= assumed > max(asked, handed)
    assert min(asked, handed) >= 0
    assert instructed < assumed


def test_the_json_of_a_draft_cites_only_its_own_keys(
    make_question: Questions, make_evidence: Evidences, asking: Missing
) -> None:
    """Every citation of lines, rejected codes and claims has a key."""
    document = draft(make_question(), make_evidence(missing=(asking,)), ("PERSON_1",)).as_json("C-1", "")
    cited = [key for row in (*document["claims"], *document["rejected"]) for key in row["citations"]]
    assert set(cited) <= set(document["citations"])
    assert document["rejected"][0]["citations"]


@pytest.mark.parametrize("filler", range(40, 76))
def test_no_wrapped_line_begins_like_a_list_entry(
    make_question: Questions, make_evidence: Evidences, asking: Missing, filler: int
) -> None:
    """Wherever a wrap falls, "- ", "1." and "[1]" inside a sentence stay behind their word, and entries stay whole."""
    question = f"{'x' * filler} ends with indicator 1. Next - and so on?"
    row = Missing(asking.fact, question, asking.becomes, asking.citations)
    text = draft(make_question(), make_evidence(lines=(), missing=(row,)), ()).text
    texts = [entry.text for entry in reading.entries(text) if entry.section == "missing"]
    assert texts == [f"1. {question}", "- 0.05 or less: 11440", "- more: 11441"]
    assert not any(line.startswith("[") for line in text.split("Sources")[0].splitlines())
