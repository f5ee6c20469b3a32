"""The first tables: accounts, keys, jobs, credits, webhooks, workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table."""
    _create_accounts()
    _create_jobs()
    _create_ledger()
    _create_webhooks()
    op.create_table(
        "beats",
        sa.Column("worker", sa.String(120), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop every table."""
    for table in ("beats", "webhooks", "ledger", "parts", "jobs", "keys", "accounts"):
        op.drop_table(table)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False, unique=True),
        sa.Column("webhook_secret", sa.String(80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "keys",
        sa.Column("api_id", sa.String(80), primary_key=True),
        sa.Column("account_id", sa.String(80), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT),
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("account_id", sa.String(80), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("goal", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("echo", sa.JSON, nullable=False),
        sa.Column("drafted", sa.Boolean, nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("credits_held", sa.Integer, nullable=False),
        sa.Column("credits_used", sa.Integer, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
    )
    op.create_index("jobs_by_account", "jobs", ["account_id", "created_at"])
    op.create_index("jobs_by_state", "jobs", ["state"])
    op.create_table(
        "parts",
        sa.Column("run_id", sa.String(80), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("frames_done", sa.Integer, nullable=False),
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("account_id", sa.String(80), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("job_id", sa.String(80)),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_index("ledger_by_account", "ledger", ["account_id"])


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("job_id", sa.String(80), sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("url", sa.String(1024), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT),
    )
    op.create_index("webhooks_open", "webhooks", ["closed_at"])
