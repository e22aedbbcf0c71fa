"""Precedents in the case store, on both databases: found by key, newest and most alike first, and always bounded."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import event, text

from consultant.lifecycle import State
from consultant.records import precedents, schema
from consultant.records.precedents import LOADED, PER_KEY
from consultant.records.store import Store
from consultant.records.tables import Case, Draft, Letter, Outbox, Recipient, Review, Reviewer
from tests.servers import PostgreSQL

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MISSING = PostgreSQL.missing()


@pytest.fixture(scope="module")
def postgres():
    with PostgreSQL() as server:
        yield server


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=[pytest.mark.service, pytest.mark.skipif(bool(MISSING), reason=str(MISSING))]),
    ]
)
def empty(request, tmp_path):
    """A store without tables."""
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'cases.sqlite'}")
    else:
        store = Store(request.getfixturevalue("postgres").url)
        with store.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield store
    store.close()


@pytest.fixture
def store(empty):
    empty.migrate()
    return empty


def answered(tx, number, *, state=State.ANSWERED, kind="answer", sending="sent", recipient="sent", decision="approve"):
    """Write a case with its approved letter as the service leaves them; return (case, review)."""
    reviewer = tx.query(Reviewer).first() or Reviewer(
        login="riley", name="Riley Reviewer", credential="CPC", password_hash="!", created_at=NOW
    )
    question = {"codes": [{"system": "CPT", "code": "11441", "modifiers": ["59"]}], "text": f"question {number}"}
    case = Case(
        reference=f"C-2026-{number:06d}",
        state=str(state),
        account="main",
        asker="asker@clinic.example",
        subject="Subject",
        opened_at=NOW,
        changed_at=NOW,
        due_at=NOW,
        next_try_at=NOW,
        topics=[],
        question=question,
        evidence={"families": ["lesion_excision"], "lines": [{"code": "11441"}], "rejected": [{"code": "12011"}]},
    )
    tx.add_all([reviewer, case])
    tx.flush()
    letter = Letter(
        sha256=f"{number:064d}",
        size=1,
        account="main",
        received_at=NOW,
        next_try_at=NOW,
        masked=[],
        defects=[],
        case_id=case.id,
    )
    tx.add(letter)
    tx.flush()
    draft = Draft(
        case_id=case.id,
        number=1,
        written_at=NOW,
        outcome="answer",
        text="Verdict\n\nReport 11441, not 12051.\n\nSources\n\n[1] codes 11400 to 11646\n",
        document={"drawn": number},
        letter_id=letter.id,
    )
    tx.add(draft)
    tx.flush()
    review = Review(
        case_id=case.id,
        reviewer_id=reviewer.id,
        decided_at=NOW + timedelta(minutes=number),
        decision=decision,
        draft_id=draft.id,
        failed_checks=[],
    )
    tx.add(review)
    tx.flush()
    outbox = Outbox(
        case_id=case.id,
        review_id=review.id,
        account="main",
        kind=kind,
        state=sending,
        written_at=NOW,
        next_try_at=NOW,
        message_id=f"<{number}@desk.example>",
        delivery_id=str(number),
        envelope_sender="desk@desk.example",
        sha256="0" * 64,
    )
    tx.add(outbox)
    tx.flush()
    tx.add(Recipient(outbox_id=outbox.id, mailbox="asker@clinic.example", state=recipient))
    tx.flush()
    return case.id, review.id


def remembered(tx, number, *keys, **fate):
    case_id, review_id = answered(tx, number, **fate)
    precedents.remember(tx, case_id, review_id, {"text": f"question {number}"}, ["lesion_excision"], keys)
    return case_id, review_id


def test_an_answer_comes_back_with_all_that_a_reviewer_is_shown(store):
    with store.begin() as tx:
        case_id, review_id = remembered(tx, 1, "code:11441", "family:lesion_excision", "code:11441")
    with store.read() as tx:
        (row,) = precedents.candidates(tx, 0, ["code:11441"])
    assert (row.case_id, row.review_id, row.reference) == (case_id, review_id, "C-2026-000001")
    assert (row.reviewer, row.credential, row.approved_at) == ("Riley Reviewer", "CPC", NOW + timedelta(minutes=1))
    assert (row.question, row.families, row.document) == ({"text": "question 1"}, ("lesion_excision",), {"drawn": 1})
    assert row.text.startswith("Verdict")


def test_the_one_with_the_most_in_common_comes_first_and_of_equals_the_newest(store):
    with store.begin() as tx:
        most = remembered(tx, 1, "code:11441", "code:12011")[1]
        older = remembered(tx, 2, "code:11441")[1]
        newer = remembered(tx, 3, "code:11441")[1]
        remembered(tx, 4, "code:99213")
        found = precedents.candidates(tx, 0, ["code:11441", "code:12011"])
    assert [row.review_id for row in found] == [most, newer, older]


def test_a_case_is_not_among_its_own_candidates(store):
    with store.begin() as tx:
        case_id, _ = remembered(tx, 1, "code:11441")
        assert precedents.candidates(tx, case_id, ["code:11441"]) == ()


def test_a_later_approval_takes_the_place_of_the_earlier_one(store):
    with store.begin() as tx:
        case_id, review_id = remembered(tx, 1, "code:11441")
        precedents.remember(tx, case_id, review_id, {"text": "newer"}, [], ["code:99213"])
        assert precedents.candidates(tx, 0, ["code:11441"]) == ()
        assert [row.question for row in precedents.candidates(tx, 0, ["code:99213"])] == [{"text": "newer"}]


@pytest.mark.parametrize(
    "fate",
    [
        {"state": State.APPROVED, "sending": "queued", "recipient": "queued"},
        {"state": State.HELD},
        {"state": State.AWAITING_REVIEW},
        {"state": State.UNCERTAIN, "sending": "uncertain"},
        {"kind": "question", "state": State.AWAITING_SENDER},
        {"kind": "question", "state": State.CLOSED},
        {"state": State.CLOSED, "sending": "void"},
        {"state": State.CLOSED, "recipient": "bounced"},
        {"decision": "ask_back"},
    ],
    ids=str,
)
def test_an_answer_that_does_not_stand_is_no_candidate(store, fate):
    with store.begin() as tx:
        remembered(tx, 1, "code:11441", **fate)
        assert precedents.candidates(tx, 0, ["code:11441"]) == ()


def test_what_is_forgotten_leaves_nothing_behind(store):
    with store.begin() as tx:
        case_id, _ = remembered(tx, 1, "code:11441")
        precedents.forget(tx, case_id)
        left = [tx.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in ("precedent", "precedent_key")]
    assert left == [0, 0]


def test_no_more_are_loaded_than_are_weighed(store):
    with store.begin() as tx:
        for number in range(1, PER_KEY + 8):
            remembered(tx, number, "code:11441")
        found = precedents.candidates(tx, 0, ["code:11441"])
    assert len(found) == LOADED
    assert found[0].reference == f"C-2026-{PER_KEY + 7:06d}"


def test_cases_that_were_answered_before_are_entered_by_the_migration(empty):
    """By their codes, families and modifiers, without what the list of sources names; not where a letter came since."""
    empty.migrate()
    with empty.begin() as tx:
        case_id, review_id = answered(tx, 1)
        asked_again, _ = answered(tx, 2)
        tx.add(
            Letter(
                sha256="f" * 64,
                size=1,
                account="main",
                received_at=NOW,
                next_try_at=NOW,
                masked=[],
                defects=[],
                case_id=asked_again,
            )
        )
        answered(tx, 3, decision="ask_back", kind="question")
    # The rows are written by today's code and taken back to the schema that had no precedents.
    config = schema.config()
    with empty.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    empty.migrate()
    with empty.read() as tx:
        entered = tx.execute(text("SELECT case_id, review_id FROM precedent")).all()
        keys = set(tx.scalars(text("SELECT key FROM precedent_key")))
        (row,) = precedents.candidates(tx, 0, ["code:11441"])
    assert [tuple(each) for each in entered] == [(case_id, review_id)]
    assert keys == {"family:lesion_excision", "code:11441", "code:12011", "code:12051", "modifier:59"}
    assert row.question["text"] == "question 1"
    assert row.families == ("lesion_excision",)


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_a_look_costs_the_same_with_a_hundred_thousand_cases(store):
    """Counted in steps of SQLite's machine, not in seconds: the newest of a key are read off the end of the index."""
    steps, plans = {}, []
    for cases in (1_000, 100_000):
        with closing(sqlite3.connect(store._file)) as rows:
            rows.execute("DELETE FROM precedent_key")
            rows.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                "INSERT INTO precedent_key (case_id, key, review_id) SELECT i, 'code:11441', i FROM n",
                [cases],
            )
            rows.commit()
        steps[cases] = looked_up(store, plans)
    assert 0 < steps[100_000] <= steps[1_000] * 1.1
    assert all("USING COVERING INDEX ix_precedent_key_newest" in plan and "TEMP B-TREE" not in plan for plan in plans)


def looked_up(store, plans):
    """Look for candidates; return the steps that it took, and keep the plan of the look at the keys."""
    count = 0

    def step():
        nonlocal count
        count += 1

    def note(connection, cursor, statement, parameters, *_):
        if "precedent_key" in statement and "precedent.case_id" not in statement:
            found = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" ".join(row[3] for row in found))

    with store.read() as tx:
        connection = tx.connection()
        raw = connection.connection.dbapi_connection
        raw.set_progress_handler(step, 1)
        precedents.candidates(tx, 0, ["code:11441", "code:12011", "family:lesion_excision"])
        raw.set_progress_handler(None, 0)
        event.listen(connection, "before_cursor_execute", note)
        precedents.candidates(tx, 0, ["code:11441"])
    return count
