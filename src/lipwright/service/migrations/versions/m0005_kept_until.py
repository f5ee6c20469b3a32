"""A caller may say how long a task is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Tasks so far are kept as long as the settings say."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("kept_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("kept_until")
