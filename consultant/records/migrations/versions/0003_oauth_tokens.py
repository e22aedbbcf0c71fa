"""The tokens of accounts that log in by OAuth 2."""

import sqlalchemy as sa
from alembic import op

from consultant.records.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oauth_token",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("given_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_refresh", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_access", sa.LargeBinary(), nullable=True),
        sa.Column("access_until", Moment(), nullable=True),
        sa.Column("refresh_since", Moment(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_oauth_token")),
    )


def downgrade() -> None:
    op.drop_table("oauth_token")
