"""What strangers send instead of media, each with its exact refusal; the worker lives on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hostile
import pytest
from PIL import Image

from lipwright.avatar import AvatarCard
from lipwright.compose.backgrounds import read_picture
from lipwright.compose.footage import Reel
from lipwright.encode.music import read_track
from lipwright.errors import InvalidRequest
from lipwright.face.footage import pictures
from lipwright.face.photo import decoded
from lipwright.service.child import Task
from lipwright.service.crew import Crew
from lipwright.speech.listening.sound_file import read_sound_file

MANY = "use a JPEG, PNG or WebP of at most 50 megapixels and 40 MB."
NO_PHOTO = f"The file is no picture, or is damaged; {MANY}"
TOO_MANY = f"The picture has far too many pixels; {MANY}"
NO_PICTURE = "file is not a picture that can be read; use a JPEG, PNG or WebP file."
TOO_LARGE = "file has far too many pixels; use a picture of at most 50 megapixels."
NO_FOOTAGE = "file cannot be read as a video; send a whole MP4, MOV or WebM file."
NO_REEL = "file is not a video that can be read; use an MP4, MOV or WebM file."
NO_SOUND = (
    "file cannot be read as sound; "
    "send MP3, M4A, AAC, OGG, Opus, FLAC, WAV or WebM, or an MP4 with sound."
)
NO_TRACK = "file is not a sound file that can be read."
HOURS_S = 100 * 3600


def filmed(path: Path) -> object:
    return list(pictures(path))


def heard(path: Path) -> object:
    return read_sound_file(path)


def accompanying(path: Path) -> object:
    return read_track(path)


@pytest.mark.parametrize(
    ("content", "refusals"),
    [
        (hostile.png_bomb, {decoded: TOO_MANY, read_picture: TOO_LARGE}),
        (hostile.webp_bomb, {decoded: TOO_MANY, read_picture: TOO_LARGE}),
        (hostile.jpeg_bomb, {decoded: TOO_MANY, read_picture: TOO_LARGE}),
        (hostile.gif_bomb, {decoded: NO_PHOTO, read_picture: NO_PICTURE, filmed: NO_FOOTAGE}),
        (
            hostile.clip_of_bombs,
            {
                filmed: "file has no pictures in it that can be read; send a whole video.",
                Reel.of: NO_REEL,
            },
        ),
        (
            lambda: hostile.clip("mpeg4", end_s=HOURS_S),
            {
                filmed: "file is longer than 5 minutes; cut it shorter.",
                Reel.of: "file must be a video of at most 60 minutes.",
            },
        ),
        (
            lambda: hostile.silence(31),
            {heard: "The recording is longer than 30 minutes; cut it into parts."},
        ),
        (
            lambda: hostile.SVG,
            {
                decoded: NO_PHOTO, read_picture: NO_PICTURE, filmed: NO_FOOTAGE,
                Reel.of: NO_REEL, heard: NO_SOUND, accompanying: NO_TRACK,
            },
        ),
        (
            lambda: hostile.PLAYLIST,
            {
                decoded: NO_PHOTO, read_picture: NO_PICTURE, filmed: NO_FOOTAGE,
                Reel.of: NO_REEL, heard: NO_SOUND, accompanying: NO_TRACK,
            },
        ),
        (lambda: hostile.clip("mpeg4")[:300], {filmed: NO_FOOTAGE, Reel.of: NO_REEL}),
        (lambda: hostile.silence(1)[:40], {heard: NO_SOUND, read_track: NO_TRACK}),
    ],
    ids=(
        "PNG bomb", "WebP bomb", "JPEG bomb", "GIF bomb", "bombs in a clip", "a clip of 100 hours",
        "silence of 31 minutes", "SVG", "playlist", "clip cut short", "sound cut short",
    ),
)  # fmt: skip
def test_it_is_refused_in_words(
    tmp_path: Path, content: Callable[[], bytes], refusals: dict[Callable[[Path], object], str]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content())
    for read, words in refusals.items():
        with pytest.raises(InvalidRequest) as refused:
            read(path)
        assert str(refused.value) == words


@pytest.mark.slow
def test_a_render_process_refuses_and_the_next_file_is_read(
    tmp_path: Path, portrait_path: Path, card: AvatarCard
) -> None:
    files = {
        "bomb.png": (hostile.png_bomb(), TOO_MANY),
        "tricks.mp4": (
            hostile.PLAYLIST,
            "tricks.mp4 cannot be read as a video; send a whole MP4, MOV or WebM file.",
        ),
        "long.mkv": (
            hostile.clip("mpeg4", end_s=HOURS_S),
            "long.mkv is longer than 5 minutes; cut it shorter.",
        ),
    }

    async def work() -> dict[str, Any]:
        crew = Crew("pipeline", 1)
        try:
            for name, (content, words) in files.items():
                (tmp_path / name).write_bytes(content)
                task = Task(
                    "avatar", source=tmp_path / name, card=card, avatar=tmp_path / f"{name}.bundle"
                )
                with pytest.raises(InvalidRequest) as refused:
                    await crew.attempt(task)
                assert str(refused.value) == words
                assert not (tmp_path / f"{name}.bundle").exists()
            (tmp_path / "photo").write_bytes(hostile.photo_with_place(portrait_path))
            task = Task("avatar", source=tmp_path / "photo", card=card, avatar=tmp_path / "bundle")
            made: dict[str, Any] = await crew.attempt(task)
            return made
        finally:
            await crew.dismiss()

    made = asyncio.run(work())
    assert made["aspect"] == "1x1"
    with Image.open(tmp_path / "bundle" / "plate.png") as plate:
        assert not plate.getexif()
    written = b"".join(path.read_bytes() for path in (tmp_path / "bundle").iterdir())
    for secret in (b"SECRET", b"Exif", b"eXIf", b"GPS"):
        assert secret not in written
