"""Shared fixtures: an ERROR in the log fails the test; no socket beyond loopback; one avatar;
a page in a real Chromium."""

from __future__ import annotations

import ipaddress
import logging
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from lipwright.arrays import Frame
from lipwright.avatar import Avatar, AvatarCard, Consent
from lipwright.face import (
    Landmarker,
    Matter,
    avatar_from_photo,
    load_avatar,
    open_landmarker,
    open_matter,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# no test times anything, and a run that fails must fail again
settings.register_profile("untimed", deadline=None, derandomize=True)
settings.load_profile("untimed")

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
    from skimage import data

    path = tmp_path_factory.mktemp("portrait") / "portrait.png"
    astronaut: Any = data.astronaut
    Image.fromarray(astronaut()).save(path)
    return path


@pytest.fixture(scope="session")
def landmarker() -> Landmarker:
    return open_landmarker()


@pytest.fixture(scope="session")
def matter() -> Matter:
    return open_matter()


@pytest.fixture(scope="session")
def portrait(portrait_path: Path) -> Frame:
    return np.array(Image.open(portrait_path).convert("RGB"))


@pytest.fixture(scope="session")
def card() -> AvatarCard:
    return AvatarCard(
        id="5f0e6f3a-6f0c-4f0e-9d0a-0f6f6a1f2b3c",
        name="Portrait",
        gender="f",
        default_voice="af_heart",
        licence="public domain",
        consent=Consent("I agree.", "the person", "2026-01-01T00:00:00+00:00"),
    )


@pytest.fixture(scope="session")
def avatar_folder(
    portrait_path: Path,
    card: AvatarCard,
    landmarker: Landmarker,
    matter: Matter,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    folder = tmp_path_factory.mktemp("avatars") / "portrait"
    avatar_from_photo(portrait_path, card, folder, landmarker=landmarker, matter=matter)
    return folder


@pytest.fixture(scope="session")
def avatar(avatar_folder: Path) -> Avatar:
    return load_avatar(avatar_folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; of a module, because no event loop can be opened while it is there."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if executable is None:
        pytest.skip("no Chromium; tests/browser/install_chromium.sh installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--autoplay-policy=no-user-gesture-required"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page; an error in its scripts or on its console fails the test."""
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield page
    page.close()
    assert not wrong, f"the page said: {wrong}"
