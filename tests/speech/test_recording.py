"""Recordings are made here with the fast voice, so that the truth is known."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from lipwright.speech import Findings, Speech, open_voice, speak_recording
from lipwright.speech.listening.recognition import FixedRecognizer
from lipwright.timeline import SAMPLE_RATE

SCRIPT = (
    "The birch canoe slid on the smooth planks 🛶. It costs $3.50, Dr. Smith said. "
    "Maybe Bob will buy a map, but these days a chicken leg is a rare dish."
)


@pytest.fixture(scope="module")
def spoken() -> Speech:
    return open_voice("hibari").speak(SCRIPT)


@pytest.fixture(scope="module")
def wav(spoken: Speech, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recording") / "voice.wav"
    wavfile.write(path, SAMPLE_RATE, spoken.samples)
    return path


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
    heard = speak_recording(wav, None, recognizer=FixedRecognizer(""))
    assert heard.words == ()
    assert heard.findings.source == "sound"
    assert "not understood" in heard.findings.warnings[0]
    closed = [p for p in heard.phonemes if p.value.symbol in ("p", "b", "m")]
    near = SAMPLE_RATE * 40 // 1000
    meant = [p for p in spoken.phonemes if p.value.symbol in ("p", "b", "m")]
    found = [any(q.start < p.end + near and q.end > p.start - near for q in closed) for p in meant]
    assert np.mean(found) >= 0.75


def test_in_silence_the_mouth_rests_and_the_user_is_told(tmp_path: Path) -> None:
    wavfile.write(tmp_path / "silence.wav", SAMPLE_RATE, np.zeros(SAMPLE_RATE * 2, np.float32))
    heard = speak_recording(tmp_path / "silence.wav", "Anything at all.")
    assert heard.phonemes == ()
    assert heard.words == ()
    assert "Nobody" in heard.findings.warnings[0]


def test_noise_is_no_speech(tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal(3 * SAMPLE_RATE).astype(np.float32)
    wavfile.write(tmp_path / "noise.wav", SAMPLE_RATE, noise)
    assert speak_recording(tmp_path / "noise.wav", None).phonemes == ()


def test_a_right_transcript_is_found_to_fit(wav: Path) -> None:
    findings = speak_recording(wav, SCRIPT, recognizer=FixedRecognizer("")).findings
    assert findings.source == "transcript"
    assert (findings.transcript_match or 0) > 0.7
    assert findings.warnings == ()


def test_a_transcript_of_something_else_gives_way_to_what_is_recognized(
    wav: Path, spoken: Speech
) -> None:
    wrong = "Something else entirely was spoken on that long and rainy evening in November."
    right = "Maybe Bob will buy a map, but these days a chicken leg is a rare dish."
    heard = speak_recording(wav, wrong, recognizer=FixedRecognizer(right))
    shown = " ".join(word.value for word in heard.words)
    assert "chicken leg is a rare dish." in shown
    assert "rainy" not in shown
    assert any("does not match" in warning for warning in heard.findings.warnings)
    assert any("entirely" in warning for warning in heard.findings.warnings)
    assert len(heard.phonemes) > 0.7 * len(spoken.phonemes)


def test_words_that_are_not_said_are_left_out_and_the_rest_is_kept(wav: Path) -> None:
    more = " Afterwards the seventeen engineers discussed bicycles near that quiet river bank."
    heard = speak_recording(wav, SCRIPT + more, recognizer=FixedRecognizer(""))
    assert " ".join(word.value for word in heard.words) == SCRIPT
    assert "engineers" in heard.findings.warnings[0]


def test_a_recognized_text_is_aligned_like_a_transcript(wav: Path, spoken: Speech) -> None:
    text = "The birch canoe slid on the smooth planks. It costs $3.50, Dr. Smith said."
    text += " Maybe Bob will buy a map, but these days a chicken leg is a rare dish."
    heard = speak_recording(wav, None, recognizer=FixedRecognizer(text))
    assert heard.findings.source == "recognition"
    apart = [abs(a.start - b.start) for a, b in zip(heard.words, spoken.words, strict=True)]
    assert np.median(apart) <= SAMPLE_RATE * 40 // 1000


def test_other_languages_show_their_words_and_move_the_mouth_by_the_sound(wav: Path) -> None:
    heard = speak_recording(wav, "Καλημέρα σε όλους", recognizer=FixedRecognizer("а б в", "ru"))
    assert [word.value for word in heard.words] == ["Καλημέρα", "σε", "όλους"]
    assert heard.findings.language == "ru"
    assert len(heard.phonemes) > 50


def test_what_was_found_is_kept_with_the_speech(wav: Path, tmp_path: Path) -> None:
    heard = speak_recording(wav, None, recognizer=FixedRecognizer(""))
    heard.write(tmp_path)
    assert Speech.read(tmp_path).findings == heard.findings


@pytest.mark.slow
def test_a_recording_without_a_transcript_is_understood(wav: Path, spoken: Speech) -> None:
    heard = speak_recording(wav, None)
    assert heard.findings == Findings("recognition", "en")
    shown = {word.value.strip(".,").lower() for word in heard.words}
    assert len(shown & {word.value.strip(".,").lower() for word in spoken.words}) >= 18
    again = speak_recording(wav, None)
    assert (again.words, again.phonemes) == (heard.words, heard.phonemes)
