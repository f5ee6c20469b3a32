"""Plays a file in a page of a real browser and looks at what is drawn."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Route

from lipwright.arrays import Frame

_ORIGIN = "http://video.test/"
_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}

_OPEN = """async () => {
    const file = await (await fetch("file")).blob();
    const video = document.createElement("video");
    video.src = URL.createObjectURL(file);
    await new Promise((resolve, reject) => {
        video.onloadeddata = resolve;
        video.onerror = () => reject(new Error(video.error.message));
    });
    window.video = video;
    return [video.videoWidth, video.videoHeight, video.duration];
}"""

_LOOK = """async ([moment, behind]) => {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const sought = new Promise(resolve => { video.onseeked = resolve; });
    video.currentTime = moment;
    await sought;
    const pen = canvas.getContext("2d");
    pen.fillStyle = behind;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(video, 0, 0);
    return canvas.toDataURL("image/png").split(",")[1];
}"""

_PLAY = """async () => {
    video.currentTime = 0;
    const over = new Promise((resolve, reject) => {
        video.onended = resolve;
        video.onerror = () => reject(new Error(video.error.message));
    });
    await video.play();
    await over;
    return [video.currentTime, video.webkitAudioDecodedByteCount];
}"""


@dataclass(frozen=True, slots=True)
class Player:
    """A video that a page has opened."""

    page: Page
    size: tuple[int, int]
    duration_s: float

    @classmethod
    def of(cls, page: Page, path: Path) -> Player:
        """Open a file; whatever the browser cannot decode is an error of the page."""

        def answer(route: Route) -> None:
            if route.request.url.endswith("/file"):
                route.fulfill(path=path, content_type=_TYPES[path.suffix])
            else:
                route.fulfill(body="<!doctype html>", content_type="text/html")

        page.route(_ORIGIN + "**", answer)
        page.goto(_ORIGIN)
        width, height, duration_s = page.evaluate(_OPEN)
        return cls(page, (width, height), duration_s)

    def seen(self, moment_s: float, behind: str) -> Frame:
        """What is drawn at a moment over a canvas of this colour."""
        drawn = base64.b64decode(self.page.evaluate(_LOOK, [moment_s, behind]))
        return np.array(Image.open(io.BytesIO(drawn)).convert("RGB"))

    def plays_to(self) -> Sequence[float]:
        """Play all of it; seconds at the end, and bytes of sound that were decoded."""
        ended: Sequence[float] = self.page.evaluate(_PLAY)
        return ended
