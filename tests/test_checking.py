"""What cannot be drawn is refused before anything is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lipwright import pipeline
from lipwright.checking import check, with_letters_checked
from lipwright.errors import InvalidRequest, UnknownAvatar, UnreadableMedia
from lipwright.request import (
    Background,
    CallToAction,
    Captions,
    Container,
    Music,
    RenderRequest,
    Scene,
    Transition,
)
from lipwright.scenes_file import read_request
from lipwright.speech import Speech
from lipwright.timeline import Timed


@pytest.fixture
def junk(tmp_path: Path) -> Path:
    path = tmp_path / "junk.bin"
    path.write_bytes(b"<html>not found</html>")
    return path


def scene(**fields: object) -> Scene:
    return Scene(**{"silence_s": 1.0, **fields})  # type: ignore[arg-type]


def test_a_broken_background_is_named_with_its_scene(junk: Path) -> None:
    for background in (Background(image=junk), Background(video=junk)):
        with pytest.raises(UnreadableMedia, match=r"Scene 2: junk\.bin"):
            check(RenderRequest((scene(), scene(background=background))))


def test_broken_music_and_logos_are_named(junk: Path) -> None:
    with pytest.raises(UnreadableMedia, match=r"junk\.bin"):
        check(RenderRequest((scene(),), Music(track=junk)))
    with pytest.raises(UnreadableMedia, match=r"junk\.bin"):
        check(RenderRequest((scene(call_to_action=CallToAction(junk)),)))


def test_a_letter_that_no_font_has_is_named(avatar_folder: Path) -> None:
    said = Scene(avatar_folder, "Hello \ue000 there", captions=Captions("neo"))
    with pytest.raises(InvalidRequest, match=r"U\+E000"):
        check(RenderRequest((said,)))
    check(RenderRequest((Scene(avatar_folder, "Hello \ue000 there"),)))


@pytest.mark.parametrize(
    "text",
    [
        "Привет, мир!",
        "Γειά σου",
        "مرحبا بكم",
        "שלום",
        "नमस्ते",
        "สวัสดี",
        "你好，世界",
        "こんにちは",
        "안녕",
        "🎉👍🏽",
    ],
)
def test_every_script_has_its_letters(avatar_folder: Path, text: str) -> None:
    check(RenderRequest((Scene(avatar_folder, text, captions=Captions(font_family="Quantico")),)))


def test_a_text_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    call = CallToAction(text="W" * 150, captions=Captions(font_size_px=300))
    with pytest.raises(InvalidRequest, match="does not fit"):
        pipeline.render(RenderRequest((scene(call_to_action=call),)), tmp_path / "x.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_whole_video_is_read_from_a_file(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "b.png")
    values = {
        "scenes": [
            {
                "avatar": "Ada",
                "script": "Hello.",
                "captions": {"style": "neo", "font_size_px": 80},
                "background": {"image": "b.png", "fit": "contain"},
                "placement": {"circle": True},
                "transition_in": "swipe-up",
            },
            {"silence_s": 2},
        ],
        "music": {"category": "calm"},
        "output": {"aspect": "9x16", "fps": 25},
    }
    path = tmp_path / "video.json"
    path.write_text(json.dumps(values))
    request = read_request(path, Container.WEBM_ALPHA, lambda name: Path("/avatars") / name)
    first = request.scenes[0]
    assert first.avatar == Path("/avatars/Ada")
    assert first.background is not None
    assert first.background.image == tmp_path / "b.png"
    assert first.transition_in is Transition.SWIPE_UP
    assert request.output.container is Container.WEBM_ALPHA
    assert float(request.output.fps) == 25


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "JSON"),
        ("{}", "scenes"),
        ('{"scenes": [{"silence_s": "long"}]}', "scenes.0.silence_s"),
        ('{"scenes": [{"silence_s": 900}]}', "silence"),
    ],
)
def test_a_file_that_is_no_video_says_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "video.json"
    path.write_text(text)
    with pytest.raises(InvalidRequest, match=message):
        read_request(path, Container.MP4, Path)


def test_an_avatar_of_a_file_must_be_at_hand(tmp_path: Path) -> None:
    def none(name: str) -> Path:
        raise UnknownAvatar(f"There is no avatar {name}.")

    path = tmp_path / "video.json"
    path.write_text('{"scenes": [{"avatar": "Zoe", "script": "Hi."}]}')
    with pytest.raises(UnknownAvatar, match="Zoe"):
        read_request(path, Container.MP4, none)


def test_a_letter_heard_in_a_recording_that_no_font_has_is_a_warning(tmp_path: Path) -> None:
    heard = Speech(np.zeros(48_000, np.float32), (Timed(0, 48_000, "a\U00013000b"),), ())
    scene = Scene(recording=tmp_path / "talk.wav", captions=Captions("neo"))
    (warning,) = with_letters_checked(heard, scene).findings.warnings
    assert "U+13000" in warning
    hidden = replace(scene, captions=Captions("neo", hidden=True))
    assert with_letters_checked(heard, hidden).findings.warnings == ()
