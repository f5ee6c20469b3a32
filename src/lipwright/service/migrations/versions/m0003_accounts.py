"""Scopes, rotation and expiry of keys; two webhook secrets; deliveries, idempotency, uploads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns and tables."""
    _widen_keys()
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("previous_webhook_secret", sa.String(80)))
        accounts.add_column(sa.Column("previous_webhook_secret_until", _MOMENT))
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("api_id", sa.String(80)))
        jobs.add_column(sa.Column("deleted_at", _MOMENT))
    op.create_index("jobs_by_key", "jobs", ["api_id", "state"])
    _create_deliveries()
    _create_replies()
    _create_uploads()


def _widen_keys() -> None:
    with op.batch_alter_table("keys") as keys:
        keys.add_column(sa.Column("label", sa.String(255), nullable=False, server_default=""))
        # whoever has a key now may do what it could do before
        keys.add_column(sa.Column("scope", sa.String(20), nullable=False, server_default="admin"))
        keys.add_column(sa.Column("expires_at", _MOMENT))
        keys.add_column(sa.Column("previous_sha256", sa.String(64)))
        keys.add_column(sa.Column("previous_until", _MOMENT))
        keys.add_column(sa.Column("rate_per_minute", sa.Integer))
        keys.add_column(sa.Column("unfinished_limit", sa.Integer))


def _create_deliveries() -> None:
    with op.batch_alter_table("webhooks") as webhooks:
        webhooks.add_column(
            sa.Column("first_attempt", sa.Integer, nullable=False, server_default="0")
        )
        webhooks.add_column(
            sa.Column("was_delivered", sa.Boolean, nullable=False, server_default=sa.false())
        )
    op.create_index("webhooks_by_job", "webhooks", ["job_id"])
    op.create_table(
        "deliveries",
        sa.Column("webhook_id", sa.String(80), sa.ForeignKey("webhooks.id"), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("status", sa.Integer),
        sa.Column("outcome", sa.String(200), nullable=False),
        sa.Column("took_ms", sa.Integer, nullable=False),
        sa.Column("tried_at", _MOMENT, nullable=False),
    )


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("account_id", sa.String(80), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("seed", sa.String(80), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sa.Column("held_until", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_index("replies_by_age", "replies", ["created_at"])


def _create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("account_id", sa.String(80), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("content_type", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )
    op.create_index("uploads_by_account", "uploads", ["account_id", "created_at"])
    op.create_index("uploads_by_expiry", "uploads", ["expires_at"])


def downgrade() -> None:
    """Drop what was added."""
    for table in ("uploads", "replies", "deliveries"):
        op.drop_table(table)
    op.drop_index("webhooks_by_job", "webhooks")
    op.drop_index("jobs_by_key", "jobs")
    added = {
        "webhooks": ("first_attempt", "was_delivered"),
        "jobs": ("api_id", "deleted_at"),
        "accounts": ("previous_webhook_secret", "previous_webhook_secret_until"),
        "keys": (
            *("label", "scope", "expires_at", "previous_sha256", "previous_until"),
            *("rate_per_minute", "unfinished_limit"),
        ),
    }
    for table, columns in added.items():
        for column in columns:  # in place: a table that others refer to cannot be made anew
            op.drop_column(table, column)
