"""JSON lines on stderr, with the ids of the request and the job; never a secret."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lipwright.service import telemetry
from lipwright.service.metrics import REQUESTS

log = structlog.get_logger()
_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def set_up(level: str) -> None:
    """Send every log of this process, ours and the libraries', to stderr as JSON lines."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[lines], force=True)


def adopt(name: str) -> None:
    """Have a library that brought its own handler log like the rest."""
    logger = logging.getLogger(name)
    logger.handlers.clear()
    logger.propagate = True


class _Without(logging.Filter):
    """Drops what was logged with an exception that means nothing is wrong."""

    def __init__(self, expected: type[BaseException]) -> None:
        super().__init__()
        self.expected = expected

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is logged."""
        return not (record.exc_info and isinstance(record.exc_info[1], self.expected))


def expect(name: str, exception: type[BaseException]) -> None:
    """Have a library not log as an error what was meant to happen."""
    logging.getLogger(name).addFilter(_Without(exception))


class RequestLog:
    """ASGI middleware: one line for each request, and its id in every line and answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Log the request around the application."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, began, status = _request_id(scope), time.perf_counter(), 0
        structlog.contextvars.bind_contextvars(request=request_id)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            with telemetry.span(f"{scope['method']} {scope['path']}", request=request_id):
                await self.app(scope, receive, send_with_id)
        finally:
            took_s = time.perf_counter() - began
            REQUESTS.labels(scope["method"], _route(scope), str(status)).observe(took_s)
            # the path only: a query may hold what nobody should read
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                took_ms=round(took_s * 1000, 1),
            )
            structlog.contextvars.unbind_contextvars("request")


def _route(scope: Scope) -> str:
    """The pattern that matched; a metric for every path that somebody makes up is too many."""
    return str(getattr(scope.get("route"), "path", None) or "other")


def _request_id(scope: Scope) -> str:
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    return given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
