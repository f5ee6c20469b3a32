"""Secrets that all processes share; the version that a worker works on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a table and a column with a default: older programs go on working."""
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("value", sa.String(255), nullable=False),
    )
    op.add_column("beats", sa.Column("version", sa.String(20), nullable=False, server_default="1"))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("beats", "version")
    op.drop_table("secrets")
