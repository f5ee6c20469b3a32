"""Run migrations on the connection that `database.open_database` gives."""

from __future__ import annotations

from alembic import context

from lipwright.service.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most things in place
)
context.run_migrations()
