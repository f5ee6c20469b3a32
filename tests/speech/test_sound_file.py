"""Every format that a user may bring, and files that are none."""

from __future__ import annotations

import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest
from scipy.io import wavfile
from scipy.ndimage import uniform_filter1d

from lipwright.arrays import Samples
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.speech.listening import decoder
from lipwright.speech.listening.sound_file import read_sound_file
from lipwright.timeline import SAMPLE_RATE

LENGTH_S = 2
FORMATS = {
    "mp3": "libmp3lame",
    "m4a": "aac",
    "aac": "aac",
    "ogg": "libopus",
    "opus": "libopus",
    "flac": "flac",
    "wav": "pcm_s16le",
    "webm": "libopus",
    "mkv": "pcm_s24le",
    "aiff": "pcm_s16be",
}


@pytest.fixture(scope="module")
def tone() -> Samples:
    """A tone that swells, so that its shape can be compared after any codec."""
    t = np.arange(LENGTH_S * SAMPLE_RATE) / SAMPLE_RATE
    swell = 0.1 + 0.3 * np.sin(np.pi * t / LENGTH_S)
    return (swell * np.sin(2 * np.pi * 220 * t)).astype(np.float32)


def write_sound(
    path: Path, samples: Samples, codec: str, *, rate: int = SAMPLE_RATE, layout: str = "stereo"
) -> None:
    with av.open(str(path), "w", format={".aac": "adts"}.get(path.suffix)) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        count = len(av.AudioLayout(layout).channels)
        planes = np.repeat(samples[None], count, axis=0)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
        frame.sample_rate = SAMPLE_RATE
        size = stream.frame_size or 1024
        resampler = av.AudioResampler(stream.format, layout, rate, size)
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))


def loudest_place(samples: Samples) -> float:
    energy = uniform_filter1d(samples**2, SAMPLE_RATE // 4)
    return float(np.argmax(energy)) / SAMPLE_RATE


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_format_is_read_as_mono_at_the_librarys_rate(
    suffix: str, tone: Samples, tmp_path: Path
) -> None:
    path = tmp_path / f"voice.{suffix}"
    write_sound(path, tone, FORMATS[suffix])
    samples = read_sound_file(path)
    assert samples.dtype == np.float32
    assert abs(len(samples) - len(tone)) < SAMPLE_RATE // 10
    assert 0.9 < np.sqrt(np.mean(samples**2)) / np.sqrt(np.mean(tone**2)) < 1.1
    assert abs(loudest_place(samples) - loudest_place(tone)) < 0.06


def test_the_sound_of_a_video_is_read(tone: Samples, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("aac", rate=44_100, layout="mono")
        assert isinstance(sound, av.AudioStream)
        for _ in range(25 * LENGTH_S):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray(tone[None], format="flt", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(sound.format, "mono", 44_100, sound.frame_size)
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(sound.encode(resampled))
        container.mux(sound.encode(None))
    samples = read_sound_file(path)
    assert abs(len(samples) - len(tone)) < SAMPLE_RATE // 10
    assert abs(loudest_place(samples) - loudest_place(tone)) < 0.06


@pytest.mark.parametrize("channels", [2, 3, 4, 6, 8])
def test_any_number_of_channels_is_as_loud_as_one(
    channels: int, tone: Samples, tmp_path: Path
) -> None:
    wavfile.write(tmp_path / "many.wav", SAMPLE_RATE, np.repeat(tone[:, None], channels, axis=1))
    np.testing.assert_allclose(read_sound_file(tmp_path / "many.wav"), tone, atol=1e-6)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_any_sample_rate_keeps_shape_and_length(rate: int, tone: Samples, tmp_path: Path) -> None:
    write_sound(tmp_path / "voice.wav", tone, "pcm_s16le", rate=rate, layout="mono")
    samples = read_sound_file(tmp_path / "voice.wav")
    assert abs(len(samples) - len(tone)) < SAMPLE_RATE // 100
    middle = slice(SAMPLE_RATE // 2, SAMPLE_RATE)
    np.testing.assert_allclose(samples[middle], tone[middle], atol=3e-3)


def test_a_voice_is_heard_where_two_channels_cancel_each_other(
    tone: Samples, tmp_path: Path
) -> None:
    wavfile.write(tmp_path / "phase.wav", SAMPLE_RATE, np.stack([tone, -tone], axis=1))
    np.testing.assert_array_equal(read_sound_file(tmp_path / "phase.wav"), tone)


def test_samples_of_the_librarys_own_rate_are_untouched(tone: Samples, tmp_path: Path) -> None:
    wavfile.write(tmp_path / "same.wav", SAMPLE_RATE, tone)
    np.testing.assert_array_equal(read_sound_file(tmp_path / "same.wav"), tone)


def test_what_is_louder_than_full_scale_is_made_quieter_not_clipped(
    tone: Samples, tmp_path: Path
) -> None:
    wavfile.write(tmp_path / "loud.wav", SAMPLE_RATE, 10 * tone)
    samples = read_sound_file(tmp_path / "loud.wav")
    np.testing.assert_allclose(samples, tone / np.abs(tone).max(), atol=1e-6)


def test_numbers_that_are_none_become_silence(tone: Samples, tmp_path: Path) -> None:
    spoiled = tone.copy()
    spoiled[100:200] = np.nan
    spoiled[300] = np.inf
    wavfile.write(tmp_path / "nan.wav", SAMPLE_RATE, spoiled)
    samples = read_sound_file(tmp_path / "nan.wav")
    assert np.isfinite(samples).all()
    np.testing.assert_array_equal(samples[400:], tone[400:])


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path, portrait_path: Path) -> None:
    text = tmp_path / "notes.mp3"
    text.write_text("this is no sound at all")
    empty = tmp_path / "empty.wav"
    empty.touch()
    for path in (text, empty, portrait_path, tmp_path / "missing.wav"):
        with pytest.raises(UnreadableMedia):
            read_sound_file(path)


def test_a_cut_off_file_is_refused_or_read_in_part(tone: Samples, tmp_path: Path) -> None:
    header = tmp_path / "header.wav"
    wavfile.write(tmp_path / "whole.wav", SAMPLE_RATE, tone)
    header.write_bytes((tmp_path / "whole.wav").read_bytes()[:40])
    with pytest.raises(UnreadableMedia):
        read_sound_file(header)


def test_a_playlist_fetches_nothing(tmp_path: Path) -> None:
    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:10,\nhttp://192.0.2.1/secret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(UnreadableMedia):
        read_sound_file(playlist)


def test_a_recording_that_is_too_long_is_refused(tone: Samples, tmp_path: Path) -> None:
    wavfile.write(tmp_path / "long.wav", SAMPLE_RATE, tone)
    with pytest.raises(InvalidRequest, match="longer than"):
        read_sound_file(tmp_path / "long.wav", longest_s=LENGTH_S - 1)


def test_a_damaged_file_never_brings_this_process_down(tone: Samples, tmp_path: Path) -> None:
    path = tmp_path / "voice.mp3"
    write_sound(path, tone, "libmp3lame")
    whole = path.read_bytes()
    rng = np.random.default_rng(3)
    for _ in range(4):
        spoiled = bytearray(whole)
        for place in rng.integers(0, len(whole), 200):
            spoiled[place] = rng.integers(256)
        path.write_bytes(spoiled)
        with suppress(UnreadableMedia):
            assert np.isfinite(read_sound_file(path)).all()


def test_the_decoding_process_is_limited(tmp_path: Path) -> None:
    code = (
        "import os, resource; from lipwright.speech.listening.decoder import limit;"
        "limit(60, os.getppid());"
        "print(*[resource.getrlimit(what)[1] for what in (resource.RLIMIT_AS,"
        "resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    memory, cpu_s, file_size, files = map(int, out.stdout.split())
    assert memory <= 1 << 30
    assert cpu_s <= 300
    assert file_size < 60 * SAMPLE_RATE * 4 + (2 << 20)
    assert files <= 64
    assert resource.getrlimit(resource.RLIMIT_AS)[1] == resource.RLIM_INFINITY


def test_a_decoder_that_dies_means_that_the_file_cannot_be_read(
    tone: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wavfile.write(tmp_path / "voice.wav", SAMPLE_RATE, tone)
    monkeypatch.setattr(decoder, "__name__", "lipwright.no_such_module")
    with pytest.raises(UnreadableMedia):
        read_sound_file(tmp_path / "voice.wav")
