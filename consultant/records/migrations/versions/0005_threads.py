"""Letters that change their case: whom a letter names, what was sent to it, and cases that were merged or split."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("letter", sa.Column("about_case_id", _NUMBER, nullable=True))
    op.add_column("letter", sa.Column("copied", sa.JSON(), nullable=True))
    op.add_column("letter", sa.Column("replied", sa.String(length=8), nullable=True))
    op.add_column("case", sa.Column("merged_into", _NUMBER, nullable=True))
    op.add_column("case", sa.Column("split_from", _NUMBER, nullable=True))
    op.create_index("ix_case_merged", "case", ["merged_into"])
    op.create_index("ix_case_split", "case", ["split_from"])
    # What a number on the case said of all its letters, each letter says of itself from now on.
    op.execute(
        "UPDATE letter SET replied = 'answer' WHERE EXISTS "
        '(SELECT 1 FROM "case" WHERE "case".id = letter.case_id AND letter.id <= "case".answered_letter_id)'
    )
    op.execute(
        "UPDATE letter SET replied = 'question' WHERE replied IS NULL AND EXISTS "
        '(SELECT 1 FROM "case" WHERE "case".id = letter.case_id AND "case".state = \'awaiting_sender\')'
    )
    op.drop_column("case", "answered_letter_id")


def downgrade() -> None:
    op.add_column("case", sa.Column("answered_letter_id", _NUMBER, nullable=False, server_default="0"))
    op.execute(
        'UPDATE "case" SET answered_letter_id = COALESCE((SELECT MAX(letter.id) FROM letter '
        "WHERE letter.case_id = \"case\".id AND letter.replied = 'answer'), 0)"
    )
    op.drop_index("ix_case_split", "case")
    op.drop_index("ix_case_merged", "case")
    op.drop_column("case", "split_from")
    op.drop_column("case", "merged_into")
    op.drop_column("letter", "replied")
    op.drop_column("letter", "copied")
    op.drop_column("letter", "about_case_id")
