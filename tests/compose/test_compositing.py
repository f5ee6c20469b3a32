from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from lipwright.arrays import Frame, YuvFrame
from lipwright.avatar import Patch, Plate
from lipwright.colour import copied, yuv_of
from lipwright.compose import Figure, Layers, Overlay, Still, black_frame, clear_frame, compose
from lipwright.compose.captions import YuvaSprite

WIDTH, HEIGHT = 64, 48


def noise(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Frame:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture
def plate() -> Plate:
    matte = np.zeros((HEIGHT, WIDTH), np.uint8)
    matte[10:40, 16:48] = 255
    return Plate(noise(1), matte, np.zeros((478, 3), np.float32), 0.0)


def patch_at(left: int, top: int, seed: int, alpha: int | None = None) -> Patch:
    matte = None if alpha is None else np.full((8, 12), alpha, np.uint8)
    return Patch.of_rgb(left, top, noise(seed, 12, 8), matte)


def moving(count: int, alpha: int | None = None) -> Iterator[Patch]:
    return (patch_at(4 + 6 * i, 2 + 4 * i, 10 + i, alpha) for i in range(count))


def pixels(frame: YuvFrame) -> list[bytes]:
    return [plane.tobytes() for plane in frame if plane is not None]


def composed(
    plate: Plate,
    patches: Iterator[Patch],
    frames: range,
    *,
    background: Frame | None = None,
    captions: Overlay | None = None,
) -> Iterator[YuvFrame]:
    """The plate in its own scene, or cut out before a background."""
    cut_out = background is not None
    ground = Still(black_frame((WIDTH, HEIGHT))) if background is None else Still.of(background)
    overlays = (captions,) if captions else ()
    return compose(Layers(ground, Figure(plate, patches, cut_out=cut_out), None, overlays), frames)


def transparent(plate: Plate, patches: Iterator[Patch], count: int) -> Iterator[YuvFrame]:
    ground = Still(clear_frame((WIDTH, HEIGHT)))
    layers = Layers(ground, Figure(plate, patches, cut_out=True), with_alpha=True)
    return compose(layers, range(count))


class Bars:
    """Shows an opaque white bar in even frames, nothing in odd ones."""

    def sprites(self, frame_index: int) -> Sequence[YuvaSprite]:
        whole, half = (4, 20), (2, 10)
        bar = YuvaSprite(
            8,
            30,
            np.full(whole, 235, np.uint8),
            np.full(half, 128, np.uint8),
            np.full(half, 128, np.uint8),
            np.zeros(whole, np.uint8),
            np.zeros(half, np.uint8),
        )
        return () if frame_index % 2 else (bar,)


def test_outside_the_patch_the_plate_is_untouched(plate: Plate) -> None:
    expected = yuv_of(plate.frame)
    for i, frame in enumerate(composed(plate, moving(6), range(6))):
        patch = patch_at(0, 0, 10 + i).pixels
        left, top = 4 + 6 * i, 2 + 4 * i
        assert np.array_equal(frame.y[top : top + 8, left : left + 12], patch.y)
        rest = frame.y.copy()
        rest[top : top + 8, left : left + 12] = expected.y[top : top + 8, left : left + 12]
        assert np.array_equal(rest, expected.y)
        assert frame.alpha is None


def test_all_frames_are_one_buffer(plate: Plate) -> None:
    frames = list(composed(plate, moving(3), range(3)))
    assert all(frame.y is frames[0].y for frame in frames)


def test_captions_leave_no_trace_on_the_next_frame(plate: Plate) -> None:
    plain = [copied(f) for f in composed(plate, moving(4), range(4))]
    captioned = [copied(f) for f in composed(plate, moving(4), range(4), captions=Bars())]
    assert [pixels(a) == pixels(b) for a, b in zip(plain, captioned, strict=True)] == [
        False,
        True,
        False,
        True,
    ]
    assert (captioned[2].y[30:34, 8:28] == 235).all()


def test_a_segment_shows_the_captions_of_its_own_frames(plate: Plate) -> None:
    whole = [copied(f) for f in composed(plate, moving(6), range(6), captions=Bars())]
    later = (patch for i, patch in enumerate(moving(6)) if i >= 3)
    part = [copied(f) for f in composed(plate, later, range(3, 6), captions=Bars())]
    assert [pixels(f) for f in part] == [pixels(f) for f in whole[3:]]


def test_the_background_shows_where_the_matte_is_clear(plate: Plate) -> None:
    green = np.full((HEIGHT, WIDTH, 3), (0, 255, 0), np.uint8)
    (frame,) = composed(plate, iter([patch_at(20, 20, 5, alpha=0)]), range(1), background=green)
    person = yuv_of(plate.frame)
    assert (frame.y[:10] == 173).all()
    assert (frame.v[:5] == 26).all()
    assert np.array_equal(frame.y[12:18, 18:46], person.y[12:18, 18:46])
    assert (frame.y[20:28, 20:32] == 173).all(), "a clear patch replaces the person"


def test_a_half_clear_patch_is_half_background(plate: Plate) -> None:
    black = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    white = Patch.of_rgb(
        20, 20, np.full((8, 12, 3), 255, np.uint8), np.full((8, 12), 128, np.uint8)
    )
    (frame,) = composed(plate, iter([white]), range(1), background=black)
    assert abs(int(frame.y[24, 24]) - (16 + 219 * 128 / 255)) <= 1
    assert frame.u[12, 12] == frame.v[12, 12] == 128


def test_a_transparent_frame_carries_the_matte_and_the_patchs_own(plate: Plate) -> None:
    frames = [copied(f) for f in transparent(plate, moving(3, alpha=77), 3)]
    for i, frame in enumerate(frames):
        assert frame.alpha is not None
        left, top = 4 + 6 * i, 2 + 4 * i
        assert (frame.alpha[top : top + 8, left : left + 12] == 77).all()
        rest = frame.alpha.copy()
        rest[top : top + 8, left : left + 12] = plate.matte[top : top + 8, left : left + 12]
        assert np.array_equal(rest, plate.matte)


def test_a_patch_that_stays_where_it_is_leaves_no_trace(plate: Plate) -> None:
    still = (patch_at(20, 20, seed) for seed in (1, 2, 3))
    frames = [copied(f) for f in composed(plate, still, range(3), captions=Bars())]
    (alone,) = composed(plate, iter([patch_at(20, 20, 2)]), range(1, 2))
    assert pixels(frames[1]) == pixels(alone)


def test_there_is_a_patch_for_every_frame(plate: Plate) -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(composed(plate, moving(2), range(3)))


def test_a_cancelled_composition_closes_the_mouth(plate: Plate) -> None:
    closed = []

    def patches() -> Iterator[Patch]:
        try:
            yield from moving(6)
        finally:
            closed.append(True)

    frames = composed(plate, patches(), range(6))
    next(frames)
    frames.close()  # type: ignore[attr-defined]
    del frames
    assert closed == [True]
