"""Jobs are of several kinds, and videos have scenes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SCENE = ("avatar_id", "script", "recording_url", "voice_id", "captions")


def upgrade() -> None:
    """Every job so far is a video of one scene."""
    kind = sa.Column("kind", sa.String(20), nullable=False, server_default="video")
    with op.batch_alter_table("jobs") as table:
        table.add_column(kind)
    _rewrite(_with_scenes)


def downgrade() -> None:
    """Back to flat requests."""
    _rewrite(_flat)
    with op.batch_alter_table("jobs") as table:
        table.drop_column("kind")


def _with_scenes(request: dict[str, Any]) -> dict[str, Any]:
    scene = {name: request.pop(name) for name in _SCENE}
    url, music = request.pop("background_url"), request.pop("music")
    scene["background"] = {"url": url} if url else None
    return {"makes": "video", "scenes": [scene], "music": {} if music else None, **request}


def _flat(request: dict[str, Any]) -> dict[str, Any]:
    scene = request.pop("scenes")[0]
    return {
        **{name: request[name] for name in ("aspect", "container", "webhook_url")},
        **{name: scene[name] for name in _SCENE},
        "background_url": (scene["background"] or {}).get("url"),
        "music": bool(request["music"]),
    }


def _rewrite(changed: Any) -> None:  # noqa: ANN401 - a function of JSON values
    jobs = sa.table("jobs", sa.column("id", sa.String), sa.column("request", sa.JSON))
    connection = op.get_bind()
    for job_id, request in connection.execute(sa.select(jobs.c.id, jobs.c.request)).all():
        values = {"request": changed(dict(request))}
        connection.execute(jobs.update().where(jobs.c.id == job_id).values(**values))
