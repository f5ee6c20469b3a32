"""Steps that are under way, so that it is known in which of them workers died."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lipwright.service.database import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One more table."""
    op.create_table(
        "trials",
        sa.Column("step_id", sa.String(120), primary_key=True),
        sa.Column("begun", sa.Integer, nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=False),
    )
    op.create_index("trials_by_age", "trials", ["begun_at"])


def downgrade() -> None:
    """Without."""
    op.drop_table("trials")
