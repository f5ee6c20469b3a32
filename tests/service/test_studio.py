"""The studio in a real Chromium: a video from the first click to the last, and hostile words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from service_world import (
    OTHER_AVATAR,
    WholeService,
    a_body,
    add_card_avatars,
    wait_for,
    whole_service,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
EVIL = '"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>\u202e${7*7}'
WAIT_MS = 60_000


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeService]:
    folder = tmp_path_factory.mktemp("studio")
    add_card_avatars(folder)
    with whole_service(folder) as service:
        for persona in service.client.get("/api/personas/").json():
            wait_for(partial(is_there, persona["preview_image_1_1"]))
        yield service


def is_there(url: str) -> bool:
    return httpx.get(url).is_success


def opened(page: Page, service: WholeService) -> None:
    """The studio, with the key entered."""
    page.goto(service.settings.base_url)
    page.fill("#api-id", service.client.headers["X-API-ID"])
    page.fill("#api-key", service.client.headers["X-API-KEY"])
    page.click("text=Open")
    page.wait_for_selector(".face")


def test_a_video_is_made_with_clicks(page: Page, service: WholeService, tmp_path: Path) -> None:
    opened(page, service)
    page.click("text=Bob")
    page.fill("#script", "Hello from the studio.")
    page.select_option("#shape", "1x1")
    page.click("text=Make a preview")
    card = page.locator("article", has_text="Hello from the studio.")
    card.locator("text=Render").click(timeout=WAIT_MS)
    card.locator("text=Download").wait_for(timeout=WAIT_MS)
    (job,) = service.client.get("/api/lipsyncs/").json()
    assert (job["status"], job["aspect_ratio"]) == ("done", "1x1")
    assert job["creator"] == OTHER_AVATAR
    width = "document.querySelector('article video').videoWidth"
    page.wait_for_function(f"{width} > 0", timeout=WAIT_MS)
    assert page.evaluate(width) == 1080
    page.screenshot(path=str(tmp_path / "studio.png"), full_page=True)
    assert (tmp_path / "studio.png").stat().st_size > 0


def test_nothing_to_say_is_told_at_once(page: Page, service: WholeService) -> None:
    opened(page, service)
    before = service.client.get("/api/lipsyncs/").json()
    page.click("text=Make a preview")
    page.wait_for_selector("#wrong:not([hidden])")
    assert page.inner_text("#wrong") == "Write a script, or choose a recording."
    assert service.client.get("/api/lipsyncs/").json() == before


def test_hostile_words_and_file_names_stay_words(
    page: Page, service: WholeService, tmp_path: Path
) -> None:
    name = EVIL.replace("/", "").replace("\u202e", "")  # neither may be in a file's name
    (tmp_path / name).write_bytes(b"RIFF nothing")
    made = service.client.post("/api/lipsyncs/preview/", json=a_body(text=EVIL, name=EVIL)).json()
    opened(page, service)
    page.set_input_files("#recording", tmp_path / name)
    page.fill("#script", EVIL)
    page.click("text=Make a preview")
    page.locator("article h2", has_text="onerror").nth(1).wait_for(timeout=WAIT_MS)
    page.locator("article", has_text="preview ready").first.wait_for(timeout=WAIT_MS)
    ready = service.client.get(f"/api/lipsyncs/{made['id']}/").json()["preview"]
    page.goto(ready)
    page.wait_for_selector("video")
    assert page.title() == EVIL
    assert page.evaluate("window.hurt") is None
