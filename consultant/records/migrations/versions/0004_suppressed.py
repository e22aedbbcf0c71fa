"""Mailboxes that do not exist, as bounces told."""

import sqlalchemy as sa
from alembic import op

from consultant.records.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppressed",
        sa.Column("mailbox", sa.String(length=320), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_suppressed")),
    )
    op.create_index("ix_outbox_sent", "outbox", ["account", "sent_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_sent", "outbox")
    op.drop_table("suppressed")
