"""A language model words a draft between thinking and putting, and no failure of it holds or delays a case."""

import json
from dataclasses import replace

import pytest

from consultant import pipeline, review
from consultant.errors import Permanent, Transient
from consultant.gateways.memory import MemoryModel
from consultant.lifecycle import State
from consultant.records import cases
from consultant.rewording import BROKEN
from tests.builders import make_letter


def backwards(prompt):
    return json.dumps({"sentences": json.loads(prompt.content)["sentences"][::-1]})


def with_model(desk, model):
    desk.parts = replace(desk.parts, model=model)
    return model


def case(desk):
    with desk.parts.store.read() as tx:
        return cases.current(tx, 1)


def draft(desk):
    with desk.parts.store.read() as tx:
        return cases.last_draft(tx, 1)


@pytest.fixture
def own(tmp_path_factory, release, migrated):
    """The text that the engine writes without a model."""
    from tests.builders import make_desk

    with make_desk(tmp_path_factory.mktemp("own"), release, migrated) as desk:
        desk.ask()
        assert draft(desk).document["writer"] == "engine"
        assert draft(desk).document["writer_note"] == ""
        return draft(desk).text


def test_the_models_wording_reaches_the_reviewer(desk, own):
    """The draft says whose words it has, and keeps the engine's for comparison."""
    model = with_model(desk, MemoryModel(backwards))
    desk.ask()
    row = draft(desk)
    assert case(desk).state is State.AWAITING_REVIEW
    assert len(model.asked) == 1
    assert row.document["writer"] == "model"
    assert row.document["engine_text"] == own
    assert row.text != own
    assert sorted(row.text.split()) == sorted(own.split())
    riley = desk.reviewer()
    review.claim(desk.parts, 1, riley)
    assert all(check.passed for check in review.checks(desk.parts, 1, text=row.text))
    review.approve(desk.parts, 1, riley, text=row.text, kind="answer", seen_draft=row.number)
    assert case(desk).state is State.APPROVED


def test_a_model_sees_masked_claims_and_never_the_letter(desk):
    """Neither who wrote nor a word that was not an outline's."""
    model = with_model(desk, MemoryModel(backwards))
    letter = (
        "Patient: Jordan Sampleton, MRN 88412907, phone 415-555-0132. A benign nevus on the chin, 0.4 cm, was excised"
    )
    desk.ask(
        make_letter(letter + " with margins of 0.2 cm, DOS 03/02/2026. Unmistakable words. Which code do I report?")
    )
    (asked,) = model.asked
    for secret in ("Sampleton", "88412907", "0132", "Unmistakable", "clinic.example", "PERSON_1", "Verdict"):
        assert secret not in asked.content + asked.instructions


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (Transient("The language model at x did not answer within 2 seconds."), "did not answer within 2 seconds."),
        (Permanent("The language model at x refused the key (HTTP 401)."), "refused the key (HTTP 401)."),
        ("Sure, here it is.", "The language model's answer was not the JSON that was asked for."),
        ("", "The language model gave an empty answer."),
        (lambda prompt: backwards(prompt).replace("0.8", "0.9"), "“0.9” stands where the engine wrote “0.8”."),
        (lambda prompt: 1 / 0, BROKEN),
        (lambda prompt: 7, BROKEN),
    ],
)
def test_whatever_fails_the_engines_draft_is_there_at_once(desk, own, answer, note):
    """In the same step, with the reason in one sentence and the case neither held nor put off."""
    with_model(desk, MemoryModel(answer))
    desk.ask()
    row = draft(desk)
    assert case(desk).state is State.AWAITING_REVIEW
    assert (case(desk).attempts, case(desk).hold_reason) == (0, None)
    assert row.text == own
    assert row.document["writer"] == "engine"
    assert row.document["writer_note"].endswith(note)
    assert "Traceback" not in row.document["writer_note"]


def test_no_transaction_is_open_while_a_model_is_asked(desk):
    """Another writer gets through to SQLite, which has one, in the middle of the question."""

    def answer(prompt):
        with desk.parts.store.begin() as tx:
            cases.guarded_update(tx, cases.current(tx, 1), {"subject": "written meanwhile"})
        return backwards(prompt)

    with_model(desk, MemoryModel(answer))
    desk.ask()
    assert case(desk).subject == "written meanwhile"
    assert draft(desk).document["writer"] == "model"


def test_a_case_that_was_taken_over_meanwhile_keeps_what_others_wrote(desk):
    """The put is guarded: an answer that comes after the lease changed is dropped."""

    def answer(prompt):
        with desk.parts.store.begin() as tx:
            cases.guarded_update(tx, cases.current(tx, 1), {"lease": "another worker's"})
        return backwards(prompt)

    with_model(desk, MemoryModel(answer))
    desk.ask()
    assert draft(desk) is None
    assert case(desk).lease == "another worker's"


def test_a_worker_that_died_over_a_model_does_not_ask_it_again(desk):
    """So a model can cost a case one lease, and never the three tries after which it is held."""

    class Killed(BaseException):
        """Stands for kill -9: no handler sees it."""

    def dies(prompt):
        raise Killed

    model = with_model(desk, MemoryModel(dies))
    with pytest.raises(Killed):
        desk.ask()
    desk.bell.rung.clear()
    desk.clock.advance(minutes=2)
    pipeline.advance(1, desk.parts)
    assert case(desk).state is State.AWAITING_REVIEW
    assert len(model.asked) == 1
    assert "not asked again" in draft(desk).document["writer_note"]


def test_a_hand_over_asks_no_model(desk):
    """What a person answers is not worded by a machine."""
    model = with_model(desk, MemoryModel(backwards))
    desk.ask(
        make_letter("Guten Tag, welche Nummer nehme ich für die Entfernung eines Muttermals am Kinn? Vielen Dank.")
    )
    assert draft(desk).outcome == "hand_over"
    assert model.asked == []
