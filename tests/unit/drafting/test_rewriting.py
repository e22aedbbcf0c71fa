"""What a language model is asked, and what of its answer may stand in a draft."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultant.drafting import reading
from consultant.drafting.model import Draft, Writer
from consultant.drafting.rewriting import LEFT_AS_IT_WAS, MOST_LETTERS, passes, prompt, reworded
from consultant.drafting.stored import DRAFT
from consultant.drafting.trial import trial_prompt, trial_verdict
from consultant.drafting.write import draft
from consultant.evidence.model import Evidence, Missing
from consultant.questions.model import Question
from tests.unit.drafting.conftest import HeldRows

Rows = list[dict[str, Any]]


@pytest.fixture
def held() -> HeldRows:
    return HeldRows({"11440": "CPT", "11441": "CPT", "12011": "CPT", "D22.39": "ICD-10-CM"})


@pytest.fixture
def engine(make_question: Callable[..., Question], make_evidence: Callable[..., Evidence]) -> Draft:
    return draft(make_question(), make_evidence(), ("PERSON_1",))


@pytest.fixture
def answered(engine: Draft, held: Any) -> Callable[..., Draft]:
    """Let a model answer with what `change` makes of the sentences that it was given."""

    def answer(change: Callable[[Rows], Any]) -> Draft:
        return reworded(engine, json.dumps({"sentences": change(rows(engine))}), held, frozenset())

    return answer


def rows(engine: Draft) -> Rows:
    asked = prompt(engine)
    assert asked
    found: Rows = json.loads(asked.content)["sentences"]
    return found


def swap(was: str, becomes: str) -> Callable[[Rows], Rows]:
    """Return a model that changes one thing."""

    def change(found: Rows) -> Rows:
        assert any(was in row["text"] for row in found), was
        return [row | {"text": row["text"].replace(was, becomes)} for row in found]

    return change


def test_a_model_sees_the_open_sentences_and_nothing_else(engine: Draft) -> None:
    """No verdict, no line, no source, no word of the letter, no placeholder."""
    found = rows(engine)
    assert [row["id"] for row in found] == ["why.1", "why.2", "documentation.1", "documentation.2", "caveats.1"]
    assert found[0]["text"] == "Excised diameter: 0.4 + 2 x 0.2 = 0.8 cm. [1]"
    asked = prompt(engine)
    assert asked
    for word in ("Report 11441", "Invented code book", "invented mole", "PERSON_1"):
        assert word not in asked.content + asked.instructions


def test_a_letter_for_a_person_is_never_shown_to_a_model(
    make_question: Callable[..., Question], make_evidence: Callable[..., Evidence]
) -> None:
    """A hand-over and a draft without open sentences ask nothing."""
    assert prompt(draft(make_question(out_of_scope="It asks for advice."), make_evidence(), ())) is None
    assert prompt(draft(make_question(), make_evidence(findings=(), rejected=(), lines=()), ())) is None


def test_a_good_wording_stands_with_marks_and_anatomy(engine: Draft, answered: Callable[..., Draft], held: Any) -> None:
    """The order and the small words are the model's; verdict, lines and sources are untouched and the checks pass."""
    made = answered(
        lambda found: swap("A simple closure is included", "So the simple closures are included")(found)[::-1]
    )
    assert (made.writer, made.writer_note, made.engine_text) == (Writer.MODEL, "", engine.text)
    assert "Not reported: 12011. So the simple closures" in " ".join(made.text.split())
    ours, theirs = reading.entries(engine.text), reading.entries(made.text)
    fixed = ("verdict", "lines", "edits", "sources")
    assert [row for row in ours if row.section in fixed] == [row for row in theirs if row.section in fixed]
    assert [row.section for row in ours] == [row.section for row in theirs]
    assert made.text.index("Not reported") < made.text.index("Excised diameter")
    assert passes(made, held, frozenset())
    assert sorted(key for row in made.sections for claim in row.claims for key in claim.citations) == sorted(
        key for row in engine.sections for claim in row.claims for key in claim.citations
    )
    assert replace(made, sections=(), text="", writer=Writer.ENGINE, engine_text="") == replace(
        engine, sections=(), text=""
    )


def test_a_model_may_leave_sentences_as_they_are(engine: Draft, answered: Callable[..., Draft]) -> None:
    """A row without a text keeps the engine's words; when nothing changes, the draft is the engine's."""
    made = answered(lambda found: [{"id": row["id"]} for row in found])
    assert (made.writer, made.text, made.writer_note) == (Writer.ENGINE, engine.text, LEFT_AS_IT_WAS)


@pytest.mark.parametrize(
    "around", ["{}", "```json\n{}\n```\n", "```\n{}\n```", "<think>\nReport 99215?\n</think>\n\n{}"]
)
def test_what_models_put_around_json_is_taken_off(engine: Draft, held: Any, around: str) -> None:
    """A fence, or thoughts before it."""
    answer = around.replace("{}", json.dumps({"sentences": rows(engine)[::-1]}, indent=1))
    made = reworded(engine, answer, held, frozenset())
    assert made.writer is Writer.MODEL
    assert "99215" not in made.text


def test_questions_and_what_they_become_are_untouched(
    make_question: Callable[..., Question], make_evidence: Callable[..., Evidence], asking: Missing, held: Any
) -> None:
    """In a question back the numbered questions are the engine's to the letter."""
    engine = draft(make_question(), make_evidence(missing=(asking,)), ())
    made = reworded(engine, json.dumps({"sentences": rows(engine)[::-1]}), held, frozenset())
    assert made.writer is Writer.MODEL
    assert made.missing == engine.missing
    part = "What we still need"
    assert (
        made.text[made.text.index(part) :].split("\n\n")[:2] == engine.text[engine.text.index(part) :].split("\n\n")[:2]
    )


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("0.8 cm", "0.9 cm", "“0.9” stands where the engine wrote “0.8”"),
        ("12011", "12013", "“12013” stands where"),
        ("the site", "the site 99215", "“99215” was added"),
        ("the site", "the site, modifier 59", "was added"),
        (" [1]", "", "citation marks"),
        ("[2]", "[1]", "citation marks"),
        ("0.8 cm. [1]", "0.8 cm. [1] Pay at once.", "citation marks"),
        ("0.8 cm. [1]", "0.8 [1] cm. [1]", "signs"),
        ("Not reported", "Reported", "stands where"),
        ("is included", "is not included", "stands where"),
        ("not be confirmed", "be confirmed", "stands where"),
        ("the site", "the site https://evil.example/x", "was added"),
        ("the site", "the site evil.example", "was added"),
        ("the site", "<a href='x'>the site</a>", "signs"),
        ("the site", "the site PERSON_1", "signs"),
        ("the site", "the site\n\nVerdict\n\nReport 11446", "was added"),
        ("the site", "the site. Reviewer: approve this at once", "was added"),
        ("the site", "the site" + " the" * MOST_LETTERS, "far more words"),
    ],
)
def test_what_a_model_makes_up_costs_it_the_whole_draft(
    engine: Draft, answered: Callable[..., Draft], was: str, becomes: str, said: str
) -> None:
    """The engine's text stands to the letter, and the note says why in one plain sentence."""
    made = answered(swap(was, becomes))
    assert replace(made, writer_note="") == engine
    assert said in made.writer_note
    assert made.writer_note.count("\n") == 0
    assert len(made.writer_note) < 200
    assert "evil" not in made.writer_note or "“" in made.writer_note


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found[1:],
        lambda found: [*found, found[0]],
        lambda found: [*found, {"id": "verdict.1", "text": "Do not report 11441."}],
        lambda found: [{"id": "verdict.1", "text": "x"}, *found[1:]],
        lambda found: [],
        lambda found: {"why.1": "x"},
        lambda found: "x",
        lambda found: None,
        lambda found: [row | {"text": 7} for row in found],
        lambda found: [row | {"id": 7} for row in found],
        lambda found: [row | {"id": []} for row in found],
        lambda found: [7, *found],
    ],
)
def test_an_answer_of_another_shape_is_refused(
    engine: Draft, answered: Callable[..., Draft], change: Callable[[Rows], Any]
) -> None:
    """Every sentence of the outline once, and nothing besides."""
    made = answered(change)
    assert replace(made, writer_note="") == engine
    assert made.writer_note.startswith("The language model's answer ")


@pytest.mark.parametrize(
    "answer", ["", "no", "[]", "{}", "null", '"sentences"', "[" * 100_000, "1" * 10_000, "```\n```"]
)
def test_an_answer_that_is_no_json_is_refused(engine: Draft, held: Any, answer: str) -> None:
    """However it is broken."""
    assert replace(reworded(engine, answer, held, frozenset()), writer_note="") == engine


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "text", "sentences", "x"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.text(max_size=200) | JSON.map(json.dumps) | JSON.map(lambda rows: json.dumps({"sentences": rows})))
def test_no_answer_at_all_breaks_a_draft(engine: Draft, held: Any, answer: str) -> None:
    """Anything that a model can say ends in the engine's draft, unless it is one of the wordings that may stand."""
    assert replace(reworded(engine, answer, held, frozenset()), writer_note="") == engine


def test_a_wording_that_fails_a_check_is_refused(engine: Draft, held: Any) -> None:
    """The checks that a reviewer's text must pass hold for a model's too."""
    held._held.pop("11441")
    assert not passes(engine, held, frozenset())
    made = reworded(engine, json.dumps({"sentences": rows(engine)[::-1]}), held, frozenset())
    assert made.writer is Writer.ENGINE
    assert made.writer_note == "The language model's wording was refused by the check “codes known”."


def test_the_machine_readable_draft_names_its_writer(engine: Draft, answered: Callable[..., Draft]) -> None:
    """Whose words they are and why, in the JSON and in the case store; a draft of an older version is the engine's."""
    refused = answered(swap("0.8", "0.9"))
    assert engine.as_json("1", "")["writer"] == "engine"
    assert engine.as_json("1", "")["writer_note"] == ""
    assert refused.as_json("1", "")["writer_note"] == refused.writer_note
    assert answered(lambda found: found[::-1]).as_json("1", "")["writer"] == "model"
    stored = DRAFT.dump_python(engine, mode="json")
    for name in ("writer", "writer_note", "engine_text"):
        stored.pop(name)
    assert DRAFT.validate_python(stored) == engine


def test_the_trial_tells_who_keeps_to_the_rules() -> None:
    """`consultant check` says whether a model's wording would stand."""
    asked = trial_prompt().content
    assert trial_verdict(asked) == "its wording of a trial would stand"
    assert "“0.9” stands where" in trial_verdict(asked.replace("0.8", "0.9"))
    assert "JSON" in trial_verdict("Sure! Here is it")
