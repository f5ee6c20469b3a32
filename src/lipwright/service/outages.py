"""What a client is told while something that the service needs is away or full."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lipwright.service.disk import is_no_room
from lipwright.service.problems import Problem, detail
from lipwright.service.storage import StorageUnavailable

log = structlog.get_logger()

AWAY_RETRY_S: Final = "10"
FULL_RETRY_S: Final = "60"
"""Somebody has to make room; a server that restarts is back sooner."""
KINDS: Final = (
    *(sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError),
    *(StorageUnavailable, OSError),
)


def add(app: FastAPI) -> None:
    """Have these failures answered with 503."""
    for kind in KINDS:
        app.add_exception_handler(kind, _answer)


def away() -> Problem:
    """The database or the storage does not answer."""
    message = "The service cannot take requests just now; try again."
    return detail(503, message, {"Retry-After": AWAY_RETRY_S})


def no_room() -> Problem:
    """The disk is full, or nearly."""
    message = "There is no room on the disk just now; try again later."
    return detail(503, message, {"Retry-After": FULL_RETRY_S})


async def _answer(request: Request, failure: Exception) -> Response:
    is_full = is_no_room(failure)
    if isinstance(failure, OSError) and not is_full:
        raise failure  # our fault, and no outage
    what = "the disk is full" if is_full else "the database or the storage does not answer"
    log.warning(what, exc_info=failure)
    problem = no_room() if is_full else away()
    return JSONResponse(problem.body, problem.status, problem.headers)
