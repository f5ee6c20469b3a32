"""Shared fixtures: an ERROR in the log fails the test; no socket beyond loopback; one portrait."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for name in [name for name in os.environ if name.startswith("LIPWRIGHT_")]:
    del os.environ[name]


@pytest.fixture(autouse=True)
def no_error_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    for when in ("setup", "call"):
        errors = [r for r in caplog.get_records(when) if r.levelno >= logging.ERROR]
        assert not errors, f"logged an ERROR: {errors[0].getMessage()}"


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert ipaddress.ip_address(address[0]).is_loopback, f"tried to reach {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def portrait_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public-domain portrait that scikit-image ships, as a PNG file."""
    from PIL import Image
    from skimage import data

    path = tmp_path_factory.mktemp("portrait") / "portrait.png"
    Image.fromarray(data.astronaut()).save(path)
    return path
