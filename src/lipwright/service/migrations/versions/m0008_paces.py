"""How long steps take is learned, so that progress says how much of the time is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing is known yet."""
    op.create_table(
        "paces",
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("took_s", sa.Float, nullable=False),
        sa.Column("expected_s", sa.Float, nullable=False),
    )
    op.create_table(
        "steps",
        sa.Column("run_id", sa.String(80), primary_key=True),
        sa.Column("step", sa.String(20), primary_key=True),
        sa.Column("began_s", sa.Float, nullable=False),
        sa.Column("ended_s", sa.Float),
    )


def downgrade() -> None:
    """As before."""
    op.drop_table("paces")
    op.drop_table("steps")
