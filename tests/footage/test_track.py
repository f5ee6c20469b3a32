"""Clips made from the portrait, whose truth is known: moved, turned, cut, emptied, cut off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from clips import filmed, turned_flag

from lipwright.arrays import Frame
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.face import Landmarker
from lipwright.face.footage import pictures
from lipwright.face.track import read_track, tracked, write_track


def moved(portrait: Frame, count: int) -> list[Frame]:
    return [np.roll(portrait, 2 * index, axis=1) for index in range(count)]


def test_the_track_moves_as_the_face_does(
    tmp_path: Path, portrait: Frame, landmarker: Landmarker
) -> None:
    track = tracked(filmed(tmp_path / "clip.mp4", moved(portrait, 20)), landmarker)
    assert track.seen.all()
    assert track.cuts.tolist() == [True] + [False] * 19
    steps = np.diff(track.landmarks[:, 1, 0])
    np.testing.assert_allclose(steps, 2, atol=0.6)


def test_a_phone_that_lay_on_its_side_gives_upright_pictures(
    tmp_path: Path, portrait: Frame, landmarker: Landmarker
) -> None:
    lying = np.ascontiguousarray(np.rot90(portrait[:, 64:448]))
    path = filmed(tmp_path / "clip.mp4", [lying] * 3)
    turned_flag(path)
    track = tracked(path, landmarker)
    assert (track.width, track.height) == (384, 512)
    (face,) = landmarker.faces(np.ascontiguousarray(portrait[:, 64:448]))
    assert np.abs(track.landmarks[0] - face.landmarks)[:, :2].max() < 3


def test_an_uneven_clock_is_kept(tmp_path: Path, portrait: Frame) -> None:
    shown = [0, 40, 57, 140, 141, 400]
    path = filmed(tmp_path / "clip.mp4", [portrait] * 6, shown)
    assert [round(p.shown_us / 1000) for p in pictures(path)] == shown


def test_a_cut_and_an_empty_scene_are_found(
    tmp_path: Path, portrait: Frame, landmarker: Landmarker
) -> None:
    empty = np.full_like(portrait, 230)
    frames = [portrait] * 6 + [empty] * 4 + [portrait] * 6
    track = tracked(filmed(tmp_path / "clip.mp4", frames), landmarker)
    assert np.flatnonzero(track.cuts).tolist() == [0, 6, 10]
    assert track.seen.tolist() == [True] * 6 + [False] * 4 + [True] * 6


def test_a_shrunk_analysis_keeps_the_size_as_filmed(tmp_path: Path, portrait: Frame) -> None:
    path = filmed(tmp_path / "clip.mp4", [portrait] * 2)
    small = next(pictures(path, longer_side_px=128))
    assert small.frame.shape == (128, 128, 3)
    assert (small.width, small.height) == (512, 512)


def test_a_track_is_read_as_it_was_written(
    tmp_path: Path, portrait: Frame, landmarker: Landmarker
) -> None:
    track = tracked(filmed(tmp_path / "clip.mp4", [portrait] * 3), landmarker)
    write_track(track, tmp_path / "track.npz")
    again = read_track(tmp_path / "track.npz")
    np.testing.assert_array_equal(again.landmarks, track.landmarks)
    np.testing.assert_array_equal(again.shown_us, track.shown_us)


@pytest.mark.parametrize("content", [b"", b"not a track", b"PK\x03\x04"])
def test_a_damaged_track_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "track.npz").write_bytes(content)
    with pytest.raises(UnreadableMedia, match="track again"):
        read_track(tmp_path / "track.npz")


@pytest.mark.parametrize("first", [True, False])
def test_a_file_cut_off_is_refused(tmp_path: Path, portrait: Frame, first: bool) -> None:
    path = filmed(tmp_path / "clip.mp4", moved(portrait, 40), first=first)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableMedia, match="whole"):
        list(pictures(path))


@pytest.mark.parametrize("content", [b"", b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", b"\0" * 999])
def test_what_is_no_video_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clip.mp4").write_bytes(content)
    with pytest.raises(UnreadableMedia):
        list(pictures(tmp_path / "clip.mp4"))


def test_a_clip_over_five_minutes_is_refused(tmp_path: Path, portrait: Frame) -> None:
    path = filmed(tmp_path / "clip.mp4", [portrait] * 3, [0, 40, 301_000])
    with pytest.raises(InvalidRequest, match="5 minutes"):
        list(pictures(path))
