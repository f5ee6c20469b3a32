"""Progress is read by the clock; the last few steps are kept, not their mean."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

FORECAST = ("began_s", "whole_s", "made_s")


def upgrade() -> None:
    """What `paces` learned is learned anew: it is not known which steps were alone."""
    for name in FORECAST:
        op.add_column("jobs", sa.Column(name, sa.Float))
    op.add_column("steps", sa.Column("others", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "tempos",
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("shared", sa.Boolean, primary_key=True),
        sa.Column("lately", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """As before."""
    op.drop_table("tempos")
    op.drop_column("steps", "others")
    for name in FORECAST:
        op.drop_column("jobs", name)
