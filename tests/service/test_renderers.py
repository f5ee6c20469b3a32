"""One contract for every renderer: the steps fit together, and a second time gives the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import pytest
from service_world import AVATAR, add_card_avatars

from lipwright.avatar import AvatarCard, Consent
from lipwright.errors import InvalidRequest
from lipwright.request import Captions, Output, RenderRequest
from lipwright.service.renderer import Look, Renderer, open_renderer

SCRIPT = "Hello there, this is a test."
FACE = "33333333-3333-5333-8333-333333333333"


@pytest.fixture(params=["card", pytest.param("pipeline", marks=pytest.mark.slow)], scope="module")
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def renderer(name: str) -> Renderer:
    return open_renderer(name)


@pytest.fixture(scope="module")
def own(name: str, portrait_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one avatar that the renderer can draw."""
    folder = tmp_path_factory.mktemp("own")
    if name == "card":
        add_card_avatars(folder)
        return folder / "avatars"
    from lipwright import pipeline

    consent = Consent("Public domain.", "nobody", "2026-01-01T00:00:00+00:00")
    card = AvatarCard(FACE, "Portrait", "f", pipeline.voices()[0].name, "public domain", consent)
    pipeline.add_photo_avatar(portrait_path, card, folder / FACE)
    return folder


@pytest.fixture(scope="module")
def request_(own: Path, name: str) -> RenderRequest:
    return RenderRequest.single(
        own / (AVATAR if name == "card" else FACE),
        SCRIPT,
        captions=Captions(),
        output=Output(short_side_px=360),
    )


def test_avatars_and_voices_have_ids(renderer: Renderer, own: Path) -> None:
    cards = [card for _, card in renderer.avatars(own)]
    assert {card.id for card in cards} & {AVATAR, FACE}
    voices = [card for _, card in renderer.voices(own)]
    assert len({voice.id for voice in voices}) == len(voices) >= 2
    assert {voice.gender for voice in voices} == {"female", "male"}


def test_an_avatar_has_three_pictures(renderer: Renderer, own: Path, tmp_path: Path) -> None:
    avatar = next(folder for folder, card in renderer.avatars(own) if card.id in (AVATAR, FACE))
    renderer.pictures(avatar, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"16x9.jpg", "1x1.jpg", "9x16.jpg"}


def test_the_steps_make_a_video(
    renderer: Renderer, request_: RenderRequest, tmp_path: Path
) -> None:
    speech = tmp_path / "speech"
    speech.mkdir()
    spoken = renderer.speak(request_, speech, Look(lambda done: None))
    assert [word.value for word in spoken.words] == SCRIPT.split()
    assert all(word.end <= spoken.sample_count for word in spoken.words)
    assert (speech / "speech.wav").stat().st_size > 0

    ranges = renderer.plan(request_, speech)
    assert ranges[0].start == 0
    assert all(a.stop == b.start for a, b in pairwise(ranges))

    segments: list[Path] = []
    seen: list[int] = []
    for part, frames in enumerate(ranges):
        segments.append(tmp_path / f"{part:04}.mp4")
        renderer.render_segment(request_, speech, frames, segments[-1], seen.append)
    assert seen[-1] == len(ranges[-1])

    output, thumbnail = tmp_path / "output.mp4", tmp_path / "thumbnail.jpg"
    report = renderer.assemble(request_, speech, segments, output, thumbnail)
    assert isinstance(report, dict)
    with av.open(str(output), "r") as container:
        assert len(list(container.decode(video=0))) == ranges[-1].stop
    assert thumbnail.stat().st_size > 0


def test_speech_is_the_same_twice(
    renderer: Renderer, request_: RenderRequest, tmp_path: Path
) -> None:
    for again in ("first", "second"):
        (tmp_path / again).mkdir()
        renderer.speak(request_, tmp_path / again, Look(lambda done: None))
    first, second = (tmp_path / again / "speech.wav" for again in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


def test_a_script_with_nothing_to_say_is_the_callers_fault(own: Path) -> None:
    with pytest.raises(InvalidRequest):
        RenderRequest.single(own, "  ")
