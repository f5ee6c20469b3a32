from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numbered_video import SMALL, SMALL_WEBM, grid_of, numbered, sound_of
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import butter, sosfilt

from lipwright.arrays import Samples, Stereo
from lipwright.encode import join, mastered, write_video
from lipwright.encode.music import bed_under, music_beds, music_path, read_track
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.loudness import LoudnessMeter, integrated_lufs
from lipwright.request import MUSIC_CATEGORIES, Music, Output
from lipwright.timeline import SAMPLE_RATE


def voice(seconds: int, *, pauses: bool = True) -> Samples:
    """A buzz through formants, four syllables a second, with a pause of two seconds in six."""
    moments = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
    pitch = np.cumsum(120 + 20 * np.sin(2.5 * moments)) / SAMPLE_RATE
    buzz = 2 * (pitch % 1) - 1
    formants = ((500.0, 1.0), (1_500.0, 0.5), (2_500.0, 0.3))
    vowel = sum(
        level
        * sosfilt(butter(2, [f * 0.9, f * 1.1], "bandpass", fs=SAMPLE_RATE, output="sos"), buzz)
        for f, level in formants
    )
    syllables = np.sin(2 * np.pi * 2 * moments) ** 2
    spoken = (moments % 6 < 4) | (not pauses)
    return np.asarray(1.5 * vowel * syllables * spoken, np.float32)


def formant(hz: float) -> NDArray[np.float64]:
    return np.asarray(
        butter(2, [hz * 0.9, hz * 1.1], "bandpass", fs=SAMPLE_RATE, output="sos"), np.float64
    )


def whole(samples: Samples, frame_count: int, *, music: Music | None = None) -> Stereo:
    blocks = mastered(samples, grid_of(frame_count), SMALL, music=music)
    sound = np.concatenate(list(blocks), axis=1)
    return np.repeat(sound, 2, axis=0) if len(sound) == 1 else sound


@pytest.mark.parametrize("gain", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("music", [None, Music()])
def test_speech_at_any_level_comes_out_at_minus_14(gain: float, music: Music | None) -> None:
    sound = whole(voice(12) * np.float32(gain), 360, music=music)
    assert sound.shape == (2, 12 * SAMPLE_RATE)
    assert integrated_lufs(sound) == pytest.approx(-14, abs=0.2)


@pytest.mark.parametrize("output", [SMALL, SMALL_WEBM], ids=["mp4", "webm"])
def test_the_coded_file_keeps_loudness_and_peak(tmp_path: Path, output: Output) -> None:
    grid = grid_of(240)
    path = tmp_path / f"part.{output.container}"
    write_video(numbered(range(240), output), grid, output, path)
    video = tmp_path / f"v.{output.container}"
    join([path], mastered(voice(8), grid, output), grid, output, video)
    meter = LoudnessMeter()
    meter.push(sound_of(video))
    assert meter.lufs() == pytest.approx(-14, abs=0.3)
    assert meter.true_peak_dbtp() < -1


def test_silence_stays_silent() -> None:
    assert not whole(np.zeros(SAMPLE_RATE, np.float32), 30).any()


def test_a_whisper_is_raised_by_20_db_at_most() -> None:
    quiet = voice(6) * np.float32(0.02)
    raised = integrated_lufs(whole(quiet, 180)) - integrated_lufs(np.stack([quiet, quiet]))
    assert raised == pytest.approx(20, abs=0.1)


def test_sound_lasts_as_long_as_the_frames() -> None:
    assert whole(voice(1), 47).shape[1] == grid_of(47).sample_count
    assert whole(voice(2), 47).shape[1] == grid_of(47).sample_count
    assert not whole(voice(1), 47)[:, SAMPLE_RATE + 100 :].any()


def test_a_voice_alone_is_one_channel_and_music_makes_it_two() -> None:
    blocks = [next(mastered(voice(2), grid_of(60), SMALL, music=m)) for m in (None, Music())]
    assert [len(block) for block in blocks] == [1, 2]


def test_the_same_speech_has_the_same_music() -> None:
    assert np.array_equal(whole(voice(3), 90, music=Music()), whole(voice(3), 90, music=Music()))


def test_music_goes_down_by_9_db_under_speech_and_comes_back() -> None:
    speech = voice(12)
    tone = np.sin(np.arange(31 * SAMPLE_RATE) * 0.05)
    bed = bed_under(
        speech, np.stack([tone, tone]).astype(np.float32), sample_count=len(speech), lufs=-28
    )
    sound = np.concatenate(list(bed.blocks(4_800)), axis=1)[0]

    def level_db(start_s: float, end_s: float) -> float:
        part = sound[int(start_s * SAMPLE_RATE) : int(end_s * SAMPLE_RATE)]
        return float(20 * np.log10(np.sqrt((part**2).mean())))

    assert level_db(4.9, 5.1) - level_db(2, 3) == pytest.approx(9, abs=0.5)
    assert level_db(8, 9) == pytest.approx(level_db(2, 3), abs=0.5)
    assert abs(sound[0]) < 1e-3
    assert abs(sound[-1]) < 1e-3


def test_music_repeats_without_a_click() -> None:
    speech = voice(70)
    music = read_track(music_beds()[0].path)
    bed = bed_under(speech, music, sample_count=len(speech), lufs=-28)
    steps = np.abs(np.diff(bed.loop[0], append=bed.loop[0, :1]))
    assert steps[-1] <= np.percentile(steps, 99.9)
    sound = np.concatenate(list(bed.blocks(4_800)), axis=1)
    assert sound.shape == (2, len(speech))
    middle = sound[:, 2 * SAMPLE_RATE : -2 * SAMPLE_RATE].reshape(2, -1, SAMPLE_RATE)
    assert (np.abs(middle).max(axis=2) > 1e-4).all(), "there is music in every second"


def test_the_seed_chooses_among_the_beds_of_a_category() -> None:
    assert music_path(Music(), 0) != music_path(Music(), 1)
    assert {music_path(Music(category="calm"), seed).parent.name for seed in range(9)} == {"calm"}
    assert music_path(Music(bed="calm_acoustic_1"), 3).stem == "calm_acoustic_1"
    with pytest.raises(InvalidRequest, match="calm_acoustic_1"):
        music_path(Music(bed="techno"), 0)


def test_there_are_beds_of_every_category() -> None:
    beds = music_beds()
    assert {bed.category for bed in beds} == set(MUSIC_CATEGORIES)
    assert len({bed.name for bed in beds}) == len({bed.title for bed in beds}) == len(beds) >= 28
    assert 20 < beds[0].duration_s < 60


def test_a_users_own_track_is_heard_from_its_start(tmp_path: Path) -> None:
    tone = (0.5 * np.sin(np.arange(4 * 22_050) * 0.2)).astype(np.float32)
    wavfile.write(tmp_path / "own.wav", 22_050, tone)
    own = Music(track=tmp_path / "own.wav", volume=0.5)
    silent = np.zeros(9 * SAMPLE_RATE, np.float32)
    assert integrated_lufs(whole(silent, 270, music=own)) == pytest.approx(-14, abs=0.3)
    with_voice = whole(voice(9), 270, music=own)
    assert not np.array_equal(with_voice, whole(voice(9), 270))
    assert integrated_lufs(with_voice) == pytest.approx(-14, abs=0.2)


def test_music_that_is_silent_or_off_changes_nothing(tmp_path: Path) -> None:
    wavfile.write(tmp_path / "none.wav", 48_000, np.zeros(96_000, np.float32))
    plain = whole(voice(2), 60)
    assert np.allclose(whole(voice(2), 60, music=Music(track=tmp_path / "none.wav")), plain, atol=0)
    assert np.array_equal(whole(voice(2), 60, music=Music(volume=0)), plain)


@pytest.mark.parametrize("content", [b"", b"<html></html>", bytes(9_000), b"RIFF" + bytes(40)])
def test_a_file_that_is_no_sound_is_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.mp3").write_bytes(content)
    with pytest.raises(UnreadableMedia, match=r"x\.mp3"):
        read_track(tmp_path / "x.mp3")


def test_memory_does_not_grow_with_the_length() -> None:
    samples = np.tile(voice(12), 10)
    tracemalloc.start()
    for _ in mastered(samples, grid_of(3_600), SMALL):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < samples.nbytes / 4
