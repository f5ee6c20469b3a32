from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numbered_video import SMALL, grid_of, numbered, sound_of
from numpy.typing import NDArray

from lipwright.arrays import Stereo
from lipwright.encode import join, write_video
from lipwright.encode.twins import paired
from lipwright.errors import EncoderFailed
from lipwright.timeline import SAMPLE_RATE

FRAMES = 90


def sounds() -> dict[str, Stereo]:
    """``(1, N)``: what makes long windows, short ones, empty ones, and full ones."""
    moments = np.arange(grid_of(FRAMES).sample_count) / SAMPLE_RATE
    random = np.random.default_rng(3)
    tone = 0.3 * np.sin(2 * np.pi * 220 * moments) * (np.sin(5 * moments) > 0)
    clicks = np.where(np.arange(len(moments)) % 7_001 < 40, 0.8, 0.0)
    noise = 0.2 * random.standard_normal(len(moments))
    made = {"tone": tone, "clicks": clicks, "noise": noise, "silence": 0 * moments}
    return {name: np.asarray(sound[None], np.float32) for name, sound in made.items()}


def joined(folder: Path, sound: Stereo) -> Path:
    grid, segment, path = grid_of(FRAMES), folder / "segment.mp4", folder / "v.mp4"
    if not segment.exists():
        write_video(numbered(range(FRAMES), SMALL), grid, SMALL, segment)
    join([segment], [sound], grid, SMALL, path)
    return path


@pytest.mark.parametrize("name", sounds())
def test_one_channel_is_heard_on_both_sides_as_two_were(tmp_path: Path, name: str) -> None:
    sound = sounds()[name]
    left, right = sound_of(joined(tmp_path, sound))
    assert np.array_equal(left, right)
    both = sound_of(joined(tmp_path, np.repeat(sound, 2, axis=0)))
    assert left.shape == both[0].shape
    ours, theirs = (_noise(sound, heard) for heard in (left, both[0]))
    assert ours <= max(1.5 * theirs, 1e-4 * float(np.square(sound).mean()))


def _noise(sound: Stereo, heard: NDArray[np.float32]) -> float:
    return float(np.square(heard[: sound.shape[1]] - sound[0, : len(heard)]).mean())


def test_the_file_says_stereo_and_is_as_long(tmp_path: Path) -> None:
    clocks = []
    for rows in (1, 2):
        sound = np.repeat(sounds()["tone"], rows, axis=0)
        with av.open(str(joined(tmp_path, sound))) as container:
            audio = container.streams.audio[0]
            times = [(packet.pts, packet.duration) for packet in container.demux(audio)]
            context = audio.codec_context
            assert (context.name, context.layout.name, context.profile) == ("aac", "stereo", "LC")
            clocks.append((audio.start_time, audio.duration, audio.time_base, times))
    assert clocks[0] == clocks[1]


@pytest.mark.parametrize("packet", [b"", b"\x00", b"\x21\x10\x04\xe0", bytes(8)])
def test_what_is_no_single_channel_is_not_paired(packet: bytes) -> None:
    with pytest.raises(EncoderFailed, match="not of one channel"):
        paired(packet)
