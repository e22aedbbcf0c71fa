"""Answered cases as precedents, found by code, modifier and family; those answered before are entered."""

import json
import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 200
KEYS = 32

# The last approval of each case, where it answers the last letter that came: of any other the question that was
# answered is not on the case any more.
ANSWERED = """
SELECT c.id AS case_id, r.id AS review_id, c.question AS question, c.evidence AS evidence, d.text AS text
FROM review r JOIN "case" c ON c.id = r.case_id JOIN draft d ON d.id = r.draft_id
WHERE r.id > :after AND r.decision = 'approve' AND c.question IS NOT NULL
  AND r.id = (SELECT max(v.id) FROM review v WHERE v.case_id = c.id AND v.decision IN ('approve', 'ask_back'))
  AND d.letter_id = (SELECT max(l.id) FROM letter l WHERE l.case_id = c.id)
ORDER BY r.id LIMIT :batch
"""


def upgrade() -> None:
    op.create_table(
        "precedent",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("review_id", ID, nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("families", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_precedent_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_precedent_review_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_precedent")),
        sa.UniqueConstraint("review_id", name=op.f("uq_precedent_review_id")),
    )
    op.create_table(
        "precedent_key",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("review_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["precedent.case_id"], name=op.f("fk_precedent_key_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "key", name=op.f("pk_precedent_key")),
    )
    op.create_index("ix_precedent_key_newest", "precedent_key", ["key", "review_id", "case_id"])
    _enter_answered()


def _enter_answered() -> None:
    connection = op.get_bind()
    precedent = sa.table(
        "precedent",
        *map(sa.column, ("case_id", "review_id")),
        sa.column("question", sa.JSON),
        sa.column("families", sa.JSON),
    )
    key = sa.table("precedent_key", *map(sa.column, ("case_id", "key", "review_id")))
    after = 0
    while rows := connection.execute(sa.text(ANSWERED), {"after": after, "batch": BATCH}).mappings().all():
        after = rows[-1]["review_id"]
        entries, found = [], []
        for row in rows:
            question, evidence = _read(row["question"]), _read(row["evidence"]) or {}
            if not question:
                continue
            ids = {"case_id": row["case_id"], "review_id": row["review_id"]}
            families = evidence.get("families", [])
            entries.append({**ids, "question": question, "families": families})
            found += [{**ids, "key": each} for each in _keys(question, evidence, families, row["text"])]
        if entries:
            op.bulk_insert(precedent, entries)
        if found:
            op.bulk_insert(key, found)


def _read(stored: Any) -> Any:
    # The driver hands JSON back as text on SQLite and as values on PostgreSQL.
    return json.loads(stored) if isinstance(stored, str) else stored


def _keys(question: dict[str, Any], evidence: dict[str, Any], families: list[str], text: str) -> list[str]:
    """Return what a case is found by, as consultant/evidence/precedents.py did when this was written."""
    mentioned = question.get("codes", [])
    found = [f"family:{family}" for family in families]
    found += [f"{'modifier' if row['system'] == 'MODIFIER' else 'code'}:{row['code']}" for row in mentioned]
    found += [f"modifier:{modifier}" for row in mentioned for modifier in row.get("modifiers", ())]
    found += [f"code:{row['code']}" for kind in ("lines", "rejected") for row in evidence.get(kind, ())]
    # The list of sources names rows and ranges that the answer does not speak of.
    said = text.partition("\n\nSources\n")[0]
    found += [f"code:{code}" for code in re.findall(r"(?<![\w.$])(?:\d{5}|\d{4}[FTU]|[A-V]\d{4})(?![\w])", said)]
    return list(dict.fromkeys(found))[:KEYS]


def downgrade() -> None:
    op.drop_table("precedent_key")
    op.drop_table("precedent")
