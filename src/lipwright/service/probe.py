"""A worker's own little web page, for whoever looks after it: is it alive, what has it done."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import sqlalchemy as sa

from lipwright.service.metrics import page
from lipwright.service.pulse import Pulse
from lipwright.service.settings import Settings

SILENT_BEATS: Final = 6
"""A worker that could not beat so many times is to be restarted, unless the database is away."""


def serve_probe(settings: Settings, engine: sa.Engine, pulse: Pulse) -> None:
    """Answer `/healthz` and `/metrics` on the worker's own port, if it has one."""
    if not settings.worker_port:
        return

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = _answer(self.path, engine, pulse)
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((settings.host, settings.worker_port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="probe", daemon=True).start()


def _answer(path: str, engine: sa.Engine, pulse: Pulse) -> tuple[int, bytes]:
    if path == "/metrics":
        return 200, page(engine)
    if path != "/healthz":
        return 404, b"not found\n"
    silence_s = time.monotonic() - pulse.last_s
    is_alive = silence_s < SILENT_BEATS * pulse.every_s
    return (200 if is_alive else 503), f"last beat {silence_s:.1f} s ago\n".encode()
