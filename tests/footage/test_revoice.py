"""A clip says something else, and becomes an avatar; measured in what comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from clips import filmed, swaying

from lipwright import Output, RenderRequest
from lipwright.arrays import IDLE, RIG, Frame
from lipwright.avatar import AvatarCard, Excerpt, Plate
from lipwright.colour import copied
from lipwright.errors import (
    ConsentMissing,
    InvalidAvatar,
    InvalidRequest,
    RenderCancelled,
    UnreadableMedia,
)
from lipwright.face import Landmarker, load_avatar, looked_at, plate_of
from lipwright.face.film import ClipFilm
from lipwright.mouth import BuiltInMouth
from lipwright.narration import Narration
from lipwright.pipeline import add_footage_avatar, one_thread, render, revoice
from lipwright.quality.lips import lip_gap
from lipwright.request import FootageOutput, RevoiceRequest, SyncMode
from lipwright.revoicing import Take, pictures
from lipwright.speech import Speech
from lipwright.timeline import FrameGrid

FRAMES = 36


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, portrait: Frame) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    return filmed(folder / "clip.mp4", swaying(portrait, FRAMES), tagged=True)


@pytest.fixture(scope="module")
def plate(clip: Path, landmarker: Landmarker) -> Plate:
    return plate_of(clip, looked_at(clip, landmarker))


@pytest.fixture(autouse=True)
def one_core() -> Iterator[None]:
    with one_thread():
        yield


def rig(**columns: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array([columns.get(name, 0) for name in RIG], np.float32)


def excerpt(count: int, start: int = 0) -> Excerpt:
    grid = FrameGrid(Fraction(25), FRAMES)
    return Excerpt(range(start, start + count), grid, np.zeros(0, np.float32))


def test_outside_the_mouth_every_bit_is_kept(clip: Path, plate: Plate) -> None:
    shapes = np.stack([rig(jaw=0.8)] * 4)
    idle = np.zeros((4, len(IDLE)), np.float32)
    patches = list(BuiltInMouth().patches(plate, shapes, idle, cut_out=False, excerpt=excerpt(4)))
    with av.open(str(clip)) as container:
        stored = [frame.to_ndarray()[:512] for frame in container.decode(video=0)]
    assert plate.film is not None
    for patch, face, original in zip(patches, plate.film.landmarks, stored, strict=False):
        unit = np.linalg.norm(face[263, :2] - face[33, :2])
        (left, top), (right, bottom) = face[13, :2] - unit, face[14, :2] + unit
        changed = patch.pixels.y != original
        assert changed.any()
        changed[round(top) : round(bottom), round(left) : round(right)] = False
        assert not changed.any()


def test_lips_close_and_open_as_they_are_told(plate: Plate, landmarker: Landmarker) -> None:
    shapes = np.stack([rig(jaw=0.4, press=1), rig(jaw=0.9), rig()])
    idle = np.zeros((3, len(IDLE)), np.float32)
    gaps = []
    for patch in BuiltInMouth().patches(plate, shapes, idle, cut_out=False, excerpt=excerpt(3)):
        frame = plate.frame.copy()
        height, width = patch.rgb.shape[:2]
        frame[patch.top : patch.top + height, patch.left : patch.left + width] = patch.rgb
        gaps.append(lip_gap(landmarker.faces(frame)[0].landmarks))
    closed, opened, rest = gaps
    assert closed < 0.03
    assert opened > 0.08
    assert rest < 0.03


def test_a_picture_depends_on_its_place_alone(plate: Plate) -> None:
    shapes = np.stack([rig(), rig(jaw=0.5), rig(jaw=1)])
    idle = np.zeros((3, len(IDLE)), np.float32)
    model = BuiltInMouth()
    whole = list(model.patches(plate, shapes, idle, cut_out=False, excerpt=excerpt(3)))
    later = list(model.patches(plate, shapes[2:], idle[2:], cut_out=False, excerpt=excerpt(1, 2)))
    for one, other in zip(whole[2:], later, strict=True):
        assert (one.rgb == other.rgb).all()


def test_where_the_mouth_is_hidden_nothing_changes(plate: Plate, clip: Path) -> None:
    film = plate.film
    assert isinstance(film, ClipFilm)
    film.trust[2] = 0
    try:
        patches = list(
            BuiltInMouth().patches(
                plate,
                np.stack([rig(jaw=1)] * 4),
                np.zeros((4, len(IDLE)), np.float32),
                cut_out=False,
                excerpt=excerpt(4),
            )
        )
    finally:
        film.trust[2] = 1
    with av.open(str(clip)) as container:
        stored = [frame.to_ndarray()[:512] for frame in container.decode(video=0)]
    assert (patches[2].pixels.y == stored[2]).all()
    assert (patches[1].pixels.y != stored[1]).any()


@pytest.mark.slow
def test_a_clip_says_something_else(clip: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    report = revoice(
        RevoiceRequest(clip, "Maybe Bob paid my mum a pumpkin pie.", sync_mode=SyncMode.BOUNCE),
        tmp_path / "out.mp4",
        progress=lambda done, total: told.append((done, total)),
    )
    assert report.file.frame_count == report.expected_frame_count > FRAMES
    assert (report.closure_rate or 0) >= 0.98
    assert 0.75 < (report.mouth_sharpness or 0) < 1.3
    assert report.lip_jitter is not None
    assert report.speech_source == "script"
    assert told[-1][0] == told[-1][1]
    assert all(done <= total for done, total in told)
    with av.open(str(tmp_path / "out.mp4")) as container:
        video = container.streams.video[0]
        assert (video.width, video.height) == (512, 512)
        assert video.average_rate == 25
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


@pytest.mark.slow
def test_footage_becomes_an_avatar_that_speaks(
    card: AvatarCard, portrait: Frame, tmp_path: Path
) -> None:
    slow = [140 * index for index in range(FRAMES)]
    clip, folder = (
        filmed(tmp_path / "clip.mp4", swaying(portrait, FRAMES), slow),
        tmp_path / "avatar",
    )
    add_footage_avatar(clip, card, folder)
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "avatar"}
    avatar = load_avatar(folder)
    assert avatar.plate.film is not None
    assert avatar.plate.mouths is not None
    request = RenderRequest.single(folder, "Hello Papa.", output=Output(short_side_px=360))
    report = render(request, tmp_path / "out.mp4")
    assert report.file.frame_count == report.expected_frame_count
    assert 0.7 < (report.mouth_sharpness or 0) < 1.4
    (folder / "track.npz").write_bytes(b"no track")
    with pytest.raises(InvalidAvatar, match="track"):
        load_avatar(folder)


def test_less_than_five_seconds_are_too_short_for_an_avatar(
    clip: Path, card: AvatarCard, tmp_path: Path
) -> None:
    with pytest.raises(InvalidRequest, match=r"1.4 s long; film 5 seconds or more"):
        add_footage_avatar(clip, card, tmp_path / "avatar")
    assert list(tmp_path.iterdir()) == []


def test_an_avatar_of_footage_needs_consent(clip: Path, card: AvatarCard, tmp_path: Path) -> None:
    with pytest.raises(ConsentMissing):
        add_footage_avatar(clip, replace(card, consent=None), tmp_path / "avatar")
    assert list(tmp_path.iterdir()) == []


def test_a_take_read_back_draws_the_same_pictures_in_parts(
    clip: Path, plate: Plate, tmp_path: Path
) -> None:
    request = RevoiceRequest(clip, "Hello.")
    grid = FrameGrid(Fraction(25), 6)
    said = Speech(np.zeros(grid.sample_count, np.float32), (), ())
    shapes = np.stack([rig(jaw=k / 5) for k in range(6)])
    output = FootageOutput(fps=grid.fps, frame_size=(512, 512))
    take = Take(plate, Narration(said, (6,), grid.fps), shapes, output)
    take.write(tmp_path)
    kept = Take.read(request, tmp_path)
    assert (kept.grid, kept.output.frame_size) == (take.grid, output.frame_size)
    model = BuiltInMouth()
    whole = [copied(canvas) for canvas in pictures(take, range(6), model)]
    parts = [
        copied(canvas)
        for frames in (range(4), range(4, 6))
        for canvas in pictures(kept, frames, model)
    ]
    for one, other in zip(whole, parts, strict=True):
        assert all((a == b).all() for a, b in zip(one[:3], other[:3], strict=True))
    (tmp_path / "plate.npz").write_bytes(b"no plate")
    with pytest.raises(UnreadableMedia, match="plate"):
        Take.read(request, tmp_path)


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_where_it_was(clip: Path, tmp_path: Path) -> None:
    script = "We went by the river. " * 6
    request = RevoiceRequest(clip, script, voice="hibari", sync_mode=SyncMode.BOUNCE)
    notes, output = tmp_path / "notes", tmp_path / "out.mp4"

    def stop(done: int, total: int) -> None:
        if len(list(notes.glob("take-*/[0-9]*.mp4"))) == 1:
            raise RenderCancelled

    with pytest.raises(RenderCancelled):
        revoice(request, output, notes=notes, progress=stop)
    assert not output.exists()
    (segment,) = notes.glob("take-*/[0-9]*.mp4")
    first, kept = segment.read_bytes(), notes / "kept.mp4"
    os.link(segment, kept)
    told: list[tuple[int, int]] = []
    report = revoice(
        request,
        output,
        notes=notes,
        processes=2,
        progress=lambda done, total: told.append((done, total)),
    )
    assert report.file.frame_count == report.expected_frame_count >= 180
    assert told[0][0] > 50, "what was drawn counts"
    assert told[-1][0] == told[-1][1]
    assert kept.read_bytes() == first
    assert not list(notes.glob("take-*"))


@pytest.mark.slow
def test_a_clip_is_measured_from_the_command_line(tmp_path: Path, portrait: Frame) -> None:
    clip = filmed(tmp_path / "clip.mp4", swaying(portrait, 40))
    command = [str(Path(sys.executable).parent / "lipwright"), "bench", "mouth", "--json"]
    ran = subprocess.run([*command, "--footage", str(clip)], capture_output=True, text=True)
    assert ran.returncode in (0, 1), ran.stderr
    figures = json.loads(ran.stdout)["figures"]
    assert figures["changed_outside_the_mouth"]["ok"]
    assert 0.5 < figures["mouth_sharpness"]["value"] < 2
    assert {"closures", "looking", "mouth_drawn", "lip_jitter_against_real"} <= set(figures)
    ran = subprocess.run([*command, "--footage", "none.mp4"], capture_output=True, text=True)
    assert ran.returncode == 2
    assert "none.mp4" in ran.stdout
