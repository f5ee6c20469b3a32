"""Recordings are made here with the fast voice, so that the truth is known."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from scipy.io import wavfile

from lipwright.arrays import Samples
from lipwright.errors import InvalidRequest, InvalidScript, UnreadableMedia
from lipwright.speech import Speech, open_voice, speak_recording
from lipwright.speech.sound_file import read_sound_file
from lipwright.timeline import SAMPLE_RATE

SCRIPT = (
    "The birch canoe slid on the smooth planks 🛶. It costs $3.50, Dr. Smith said. "
    "Maybe Bob will buy a map, but these days a chicken leg is a rare dish."
)
CODECS = {"mp3": "libmp3lame", "m4a": "aac", "ogg": "libopus", "flac": "flac", "wav": "pcm_s16le"}


@pytest.fixture(scope="module")
def spoken() -> Speech:
    return open_voice("hibari").speak(SCRIPT)


@pytest.fixture(scope="module")
def wav(spoken: Speech, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recording") / "voice.wav"
    wavfile.write(path, SAMPLE_RATE, spoken.samples)
    return path


def write_sound(path: Path, samples: Samples, codec: str) -> None:
    rate = SAMPLE_RATE if codec == "libopus" else 44_100
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(stream.format, "stereo", rate, stream.frame_size or 1024)
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))


def test_words_of_a_recording_start_where_they_are_said(wav: Path, spoken: Speech) -> None:
    heard = speak_recording(wav, SCRIPT)
    assert [word.value for word in heard.words] == [word.value for word in spoken.words]
    apart = [abs(a.start - b.start) for a, b in zip(heard.words, spoken.words, strict=True)]
    assert len(apart) > 25
    assert np.median(apart) <= SAMPLE_RATE * 40 // 1000


def test_phonemes_of_a_recording_are_in_order_and_inside_it(wav: Path) -> None:
    heard = speak_recording(wav, SCRIPT)
    assert all(a.end <= b.start for a, b in pairwise(heard.phonemes))
    assert all(a.end <= b.start for a, b in pairwise(heard.words))
    assert heard.phonemes[-1].end <= len(heard.samples)
    symbols = [phoneme.value.symbol for phoneme in heard.phonemes]
    assert {"p", "b", "m", "tʃ", "eɪ"} <= set(symbols)
    assert 1 in [phoneme.value.stress for phoneme in heard.phonemes]


def test_the_sound_of_a_recording_is_untouched(wav: Path, spoken: Speech) -> None:
    np.testing.assert_array_equal(speak_recording(wav, SCRIPT).samples, spoken.samples)


def test_without_a_transcript_most_closures_are_heard(wav: Path, spoken: Speech) -> None:
    heard = speak_recording(wav, None)
    assert heard.words == ()
    closed = [p for p in heard.phonemes if p.value.symbol in ("p", "b", "m")]
    near = SAMPLE_RATE * 40 // 1000
    meant = [p for p in spoken.phonemes if p.value.symbol in ("p", "b", "m")]
    found = [any(q.start < p.end + near and q.end > p.start - near for q in closed) for p in meant]
    assert np.mean(found) >= 0.6


def test_silence_has_no_phonemes(tmp_path: Path) -> None:
    wavfile.write(tmp_path / "silence.wav", SAMPLE_RATE, np.zeros(SAMPLE_RATE * 2, np.float32))
    assert speak_recording(tmp_path / "silence.wav", None).phonemes == ()


@pytest.mark.parametrize(
    "transcript",
    ["Something else entirely was said on that long and rainy day in May.", SCRIPT * 4],
)
def test_a_transcript_of_something_else_is_refused(wav: Path, transcript: str) -> None:
    with pytest.raises(InvalidScript, match="transcript does not match"):
        speak_recording(wav, transcript)


@pytest.mark.parametrize("suffix", CODECS)
def test_common_formats_are_read_as_mono_at_the_librarys_rate(
    suffix: str, spoken: Speech, tmp_path: Path
) -> None:
    path = tmp_path / f"voice.{suffix}"
    write_sound(path, spoken.samples, CODECS[suffix])
    samples = read_sound_file(path)
    assert samples.dtype == np.float32
    assert abs(len(samples) - len(spoken.samples)) < SAMPLE_RATE // 10
    ratio = np.sqrt(np.mean(samples**2)) / np.sqrt(np.mean(spoken.samples**2))
    assert 0.7 < ratio < 1.45


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path, portrait_path: Path) -> None:
    text = tmp_path / "notes.mp3"
    text.write_text("this is no sound at all")
    empty = tmp_path / "empty.wav"
    empty.touch()
    for path in (text, empty, portrait_path, tmp_path / "missing.wav"):
        with pytest.raises(UnreadableMedia):
            read_sound_file(path)


def test_a_cut_off_file_is_refused_or_read_in_part(wav: Path, tmp_path: Path) -> None:
    header = tmp_path / "header.wav"
    header.write_bytes(wav.read_bytes()[:40])
    with pytest.raises(UnreadableMedia):
        read_sound_file(header)


def test_a_playlist_fetches_nothing(tmp_path: Path) -> None:
    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:10,\nhttp://192.0.2.1/secret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(UnreadableMedia):
        read_sound_file(playlist)


def test_a_recording_that_is_too_long_is_refused(wav: Path) -> None:
    with pytest.raises(InvalidRequest, match="longer than"):
        read_sound_file(wav, longest_s=2)
