"""Accounts keep a dictionary of how their words are said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nobody has one yet."""
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("pronunciations", sa.JSON))


def downgrade() -> None:
    """As before."""
    op.drop_column("accounts", "pronunciations")  # in place: other tables refer to this one
