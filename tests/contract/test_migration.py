"""The way of a case store from the schema before to this one and back, with letters in it, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from consultant.records import schema
from consultant.records.precedent_tables import Precedent
from consultant.records.store import Store
from tests.servers import PostgreSQL

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MISSING = PostgreSQL.missing()
# Answered up to letter 2, letter 3 came later; letter 4 waits for its sender; letter 5 is new.
ROWS = (
    ("answered", 2, (1, 2, 3)),
    ("awaiting_sender", 0, (4,)),
    ("received", 0, (5,)),
)
REPLIED = {1: "answer", 2: "answer", 3: None, 4: "question", 5: None}


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=[pytest.mark.service, pytest.mark.skipif(bool(MISSING), reason=str(MISSING))]),
    ]
)
def store(request, tmp_path) -> Iterator[Store]:
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'cases.sqlite'}")
        yield store
        store.close()
        return
    with PostgreSQL() as server:
        store = Store(server.url)
        yield store
        store.close()


def go(store: Store, way: str, revision: str) -> None:
    config = schema.config()
    with store.engine.connect() as connection:
        config.attributes["connection"] = connection
        getattr(command, way)(config, revision)


CASE = text(
    'INSERT INTO "case" (id, state, account, asker, subject, opened_at, changed_at, due_at, attempts, next_try_at, '
    "unread, topics, answered_letter_id) VALUES (:id, :state, 'desk', 'testa@clinic.example', 'Subject', :now, :now, "
    ":now, 0, :now, false, '[]', :answered)"
)
LETTER = text(
    "INSERT INTO letter (id, sha256, size, account, received_at, attempts, next_try_at, masked, defects, case_id) "
    "VALUES (:id, :sha256, 1, 'desk', :now, 0, :now, '[]', '[]', :case_id)"
)


def fill(store: Store) -> None:
    # Typed as each database wants it: SQLite keeps the text, and its driver takes no aware time.
    now = "2026-03-02 15:00:00.000000" if store.dialect == "sqlite" else NOW
    with store.engine.begin() as connection:
        for number, (state, answered, letters) in enumerate(ROWS, start=1):
            connection.execute(CASE, {"id": number, "state": state, "now": now, "answered": answered})
            for letter in letters:
                row = {"id": letter, "sha256": f"{letter:064}", "now": now, "case_id": number}
                connection.execute(LETTER, row)


def column(store: Store, query: str) -> dict[int, object]:
    with store.engine.connect() as connection:
        return dict(connection.execute(text(query)).all())


def test_what_was_answered_stays_answered_there_and_back(store: Store) -> None:
    """The number on the case becomes a word on each letter, and the number again."""
    go(store, "upgrade", "0004")
    fill(store)
    go(store, "upgrade", "0005")
    assert column(store, "SELECT id, replied FROM letter") == REPLIED
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Precedent.metadata) == []
    go(store, "downgrade", "0004")
    assert column(store, 'SELECT id, answered_letter_id FROM "case"') == {1: 2, 2: 0, 3: 0}
    go(store, "upgrade", "head")
    assert column(store, "SELECT id, replied FROM letter") == REPLIED
