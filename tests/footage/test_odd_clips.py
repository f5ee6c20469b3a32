"""Clips as old cameras and bad disks leave them: combs, wide pixels, damage; and a second look."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from clips import filmed, swaying, turned_flag

from lipwright.arrays import Frame
from lipwright.compose.footage import Footage
from lipwright.compose.footage import Reel as Ground
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.face import Landmarker
from lipwright.face.footage import Since, pictures, upright_rgb
from lipwright.face.glimpses import Notes
from lipwright.face.landmarker import Face
from lipwright.face.reel import Reel, upright_planes
from lipwright.face.track import tracked
from lipwright.media import pixels


def of_old_camera(path: Path, frames: Sequence[Frame], shape: Fraction, *, combed: bool) -> Path:
    with av.open(str(path), "w") as container:
        options = {"crf": "8", "x264-params": "tff=1"} if combed else {"crf": "8"}
        stream = container.add_stream("libx264", rate=25, options=options)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.sample_aspect_ratio = shape
        for index, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            picture.pts, picture.time_base = index, Fraction(1, 25)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def shown_us_of(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array([picture.shown_us for picture in pictures(path)], np.int64)


def combs(luma: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """How much neighbouring lines differ, against lines two apart."""
    lines = luma.astype(np.float32)
    return float(np.abs(np.diff(lines, axis=0)).mean() / np.abs(lines[2:] - lines[:-2]).mean())


def test_wide_pixels_are_seen_and_revoiced_square(tmp_path: Path, portrait: Frame) -> None:
    narrow = np.asarray(cv2.resize(portrait, (384, 512), interpolation=cv2.INTER_AREA), np.uint8)
    path = of_old_camera(tmp_path / "a.mp4", [narrow] * 4, Fraction(4, 3), combed=False)
    picture = next(pictures(path))
    assert (picture.width, picture.height, picture.frame.shape) == (512, 512, (512, 512, 3))
    assert np.abs(picture.frame.astype(float) - portrait).mean() < 4
    with Reel(path, shown_us_of(path)) as reel:
        planes = [upright_planes(decoded) for decoded in reel.play([3, 1])]
    assert planes[0].y.shape == (512, 512)


def test_wide_pixels_lie_down_with_the_picture(tmp_path: Path, portrait: Frame) -> None:
    lying = np.rot90(np.asarray(cv2.resize(portrait, (384, 512)), np.uint8)).copy()
    path = of_old_camera(tmp_path / "a.mp4", [lying] * 2, Fraction(3, 4), combed=False)
    turned_flag(path)
    assert next(pictures(path)).frame.shape == (384, 512 * 3 // 4, 3)


def test_interlaced_pictures_have_no_combs(tmp_path: Path, portrait: Frame) -> None:
    moved = [np.roll(portrait, 8 * step, axis=1) for step in range(16)]
    woven = [one.copy() for one in moved[::2]]
    for frame, later in zip(woven, moved[1::2], strict=True):
        frame[1::2] = later[1::2]
    path = of_old_camera(tmp_path / "a.mp4", woven, Fraction(1), combed=True)
    with av.open(str(path)) as container:
        stored = [pixels(frame.planes[0]).copy() for frame in container.decode(video=0)]
    shown_us = shown_us_of(path)
    assert len(shown_us) == len(woven)
    with Reel(path, shown_us) as reel:
        order = [0, 5, 2, 7]
        played = [upright_rgb(decoded) for decoded in reel.play(order)]
    for index, picture in zip(order, played, strict=True):
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        assert combs(stored[index]) > 1.2 > 0.8 > combs(grey)
        middle = np.s_[:, 150:350]
        apart = [np.abs(picture[middle].astype(float) - one[middle]).mean() for one in moved]
        assert int(np.argmin(apart)) // 2 == index
    ground = Footage(Ground.of(path), (512, 512), Fraction(25), contain=False)
    assert combs(ground.at(4).y) < 0.8


@pytest.mark.parametrize("packets", [range(20, 22), range(20, 38)])
def test_damage_in_the_middle(tmp_path: Path, portrait: Frame, packets: range) -> None:
    path = filmed(tmp_path / "clip.mp4", swaying(portrait, 60))
    with av.open(str(path)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    content = bytearray(path.read_bytes())
    for place, size in places[packets.start : packets.stop]:
        content[place or 0 : (place or 0) + size] = bytes(size)
    path.write_bytes(content)
    if len(packets) > 6:
        with pytest.raises(UnreadableMedia, match=r"damaged.* of its 60 pictures"):
            list(pictures(path))
        return
    shown_us = shown_us_of(path)
    assert 55 <= len(shown_us) < 60
    with Reel(path, shown_us) as reel:
        assert len(list(reel.play(range(len(shown_us))))) == len(shown_us)


def test_what_is_too_long_is_refused_before_it_is_looked_at(
    tmp_path: Path, portrait: Frame
) -> None:
    path = filmed(tmp_path / "clip.mp4", [portrait] * 3, [0, 40, 301_000])
    with pytest.raises(InvalidRequest, match="5 minutes"):
        next(pictures(path))


def test_a_second_look_begins_where_the_first_one_ended(
    tmp_path: Path, portrait: Frame, landmarker: Landmarker
) -> None:
    path = filmed(tmp_path / "clip.mp4", swaying(portrait, 23))
    looks: list[int] = []

    class Counting:
        def track(self, frames, near=None, after: Face | None = None, **more):  # type: ignore[no-untyped-def]
            return landmarker.track(map(self.counted, frames), near=near, after=after, **more)

        @staticmethod
        def counted(frame: Frame) -> Frame:
            looks.append(1)
            return frame

    class Killed(Exception):
        pass

    def at_17(done: int) -> None:
        if done == 17:
            raise Killed

    with pytest.raises(Killed):
        tracked(path, landmarker, at_17, notes=Notes(tmp_path / "notes", 5))
    told: list[int] = []
    again = tracked(path, Counting(), told.append, notes=Notes(tmp_path / "notes", 5))  # type: ignore[arg-type]
    assert told == list(range(1, 24))
    assert len(looks) == 23 - 15
    whole = tracked(path, landmarker)
    np.testing.assert_array_equal(again.shown_us, whole.shown_us)
    np.testing.assert_allclose(again.landmarks, whole.landmarks, atol=0.02)


def test_a_clip_is_decoded_from_a_moment_on(tmp_path: Path, portrait: Frame) -> None:
    path = filmed(tmp_path / "clip.mp4", swaying(portrait, 30))
    whole = list(pictures(path))
    rest = list(pictures(path, since=Since(whole[20].shown_us, 20)))
    assert [picture.shown_us for picture in rest] == [p.shown_us for p in whole[20:]]
    assert (rest[0].frame == whole[20].frame).all()
