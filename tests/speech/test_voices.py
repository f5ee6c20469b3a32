"""One contract for every voice, and what the neural ones promise besides."""

from __future__ import annotations

import subprocess
import sys
import uuid
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from scipy.io import wavfile

from lipwright.errors import (
    InvalidScript,
    SynthesisFailed,
    UnknownVoice,
    UnreadableMedia,
    UnsupportedLanguage,
)
from lipwright.speech import Speech, open_voice, speak_recording, voice_clip, voices
from lipwright.speech.acoustic import Utterance
from lipwright.speech.crew import sounds_of_crew
from lipwright.speech.kokoro import Kokoro
from lipwright.timeline import SAMPLE_RATE, Phoneme

CLIPS = Path(str(files("lipwright"))) / "assets" / "voices"
SCRIPT = "Hello, Dr. Bob 👋! It costs $3.50. Maybe buy a map?"
WORDS = ["Hello,", "Dr.", "Bob 👋!", "It", "costs", "$3.50.", "Maybe", "buy", "a", "map?"]

EVERY_VOICE = [
    "humming",
    "hibari",
    pytest.param("af_heart", marks=pytest.mark.slow),
    pytest.param("bm_george", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=EVERY_VOICE)
def spoken(request: pytest.FixtureRequest) -> tuple[str, Speech]:
    return request.param, open_voice(request.param).speak(SCRIPT)


class TestContract:
    def test_words_are_the_users_own_each_once_and_in_order(
        self, spoken: tuple[str, Speech]
    ) -> None:
        assert [word.value for word in spoken[1].words] == WORDS

    def test_nothing_overlaps_and_all_is_inside_the_sound(self, spoken: tuple[str, Speech]) -> None:
        speech = spoken[1]
        assert speech.phonemes[-1].end <= len(speech.samples)
        assert all(a.end <= b.start for a, b in pairwise(speech.words))
        assert all(a.end <= b.start for a, b in pairwise(speech.phonemes))
        assert all(p.start < p.end for p in speech.phonemes)

    def test_every_phoneme_is_inside_a_word(self, spoken: tuple[str, Speech]) -> None:
        speech = spoken[1]
        for phoneme in speech.phonemes:
            assert any(
                word.start <= phoneme.start and phoneme.end <= word.end for word in speech.words
            )

    def test_silence_leads_and_follows(self, spoken: tuple[str, Speech]) -> None:
        speech = spoken[1]
        assert speech.phonemes[0].start == SAMPLE_RATE // 4
        assert len(speech.samples) - speech.phonemes[-1].end == SAMPLE_RATE // 3
        assert np.abs(speech.samples[: SAMPLE_RATE // 10]).max() < 1e-3

    def test_samples_are_finite_and_below_full_scale(self, spoken: tuple[str, Speech]) -> None:
        samples = spoken[1].samples
        assert samples.dtype == np.float32
        assert samples.ndim == 1
        assert 0.05 < np.abs(samples).max() <= 0.98

    def test_lips_have_something_to_close_for(self, spoken: tuple[str, Speech]) -> None:
        symbols = [phoneme.value.symbol for phoneme in spoken[1].phonemes]
        assert symbols.count("b") >= 2
        assert symbols.count("m") >= 2
        assert "p" in symbols

    def test_the_same_script_is_the_same_speech(self, spoken: tuple[str, Speech]) -> None:
        name, speech = spoken
        again = open_voice(name, workers=1).speak(SCRIPT)
        np.testing.assert_array_equal(again.samples, speech.samples)
        assert again.words == speech.words
        assert again.phonemes == speech.phonemes

    def test_it_is_read_back_as_it_was_written(
        self, spoken: tuple[str, Speech], tmp_path: Path
    ) -> None:
        speech = spoken[1]
        speech.write(tmp_path / "new")
        again = Speech.read(tmp_path / "new")
        np.testing.assert_array_equal(again.samples, speech.samples)
        assert again.words == speech.words
        assert again.phonemes == speech.phonemes

    def test_it_refuses_what_it_cannot_say(self, spoken: tuple[str, Speech]) -> None:
        voice = open_voice(spoken[0])
        with pytest.raises(InvalidScript):
            voice.speak("🎉")
        with pytest.raises(UnsupportedLanguage):
            voice.speak("你好")


@pytest.mark.parametrize("name", ["hibari", pytest.param("bf_emma", marks=pytest.mark.slow)])
def test_words_start_where_an_independent_aligner_hears_them(name: str, tmp_path: Path) -> None:
    speech = open_voice(name).speak(
        "Please bring my paper cup back before Monday morning, Peter. "
        "Four hours of steady work faced us; the box was thrown beside the parked truck."
    )
    wavfile.write(tmp_path / "voice.wav", SAMPLE_RATE, speech.samples)
    heard = speak_recording(tmp_path / "voice.wav", " ".join(word.value for word in speech.words))
    apart = [abs(a.start - b.start) for a, b in zip(speech.words, heard.words, strict=True)]
    assert len(apart) > 20
    assert np.median(apart) <= SAMPLE_RATE * 30 // 1000


def test_the_fast_voice_says_single_ipa_sounds_with_stress() -> None:
    speech = open_voice("hibari").speak("Choosing my boat today, judge.")
    symbols = [phoneme.value.symbol for phoneme in speech.phonemes]
    assert {"tʃ", "dʒ", "aɪ", "oʊ", "eɪ"} <= set(symbols)
    assert Phoneme("oʊ", 1) in [phoneme.value for phoneme in speech.phonemes]


def test_a_comma_is_a_gap_between_phonemes() -> None:
    speech = open_voice("hibari").speak("When it rains, we stay at home and read a book.")
    rains, we = speech.words[2:4]
    assert we.start > rains.end


def test_women_and_men_speak_every_language_that_is_read() -> None:
    natural = [card for card in voices() if card.engine == "kokoro"]
    assert sum(card.gender == "female" for card in natural) >= 5
    assert sum(card.gender == "male" for card in natural) >= 5
    assert {"en-US", "en-GB", "es-ES", "fr-FR", "it-IT", "pt-BR", "ja-JP", "zh-CN"} == {
        card.language for card in natural
    }


def test_voice_names_and_ids_are_unique_and_ids_never_change() -> None:
    assert len({card.name for card in voices()}) == len(voices())
    assert len({uuid.UUID(card.id) for card in voices()}) == len(voices())
    heart = next(card for card in voices() if card.name == "af_heart")
    assert heart.id == "dff3a52e-e7d9-5bde-8fbd-d5e06a30e825"
    assert (heart.display_name, heart.accent_name) == ("Heart", "American English")


@pytest.mark.parametrize("path", sorted(CLIPS.glob("*.mp3")), ids=lambda path: path.stem)
def test_a_clip_is_a_few_seconds_of_sound_of_a_voice(path: Path) -> None:
    assert voice_clip(path.stem) == path
    with av.open(str(path)) as container:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
        seconds = len(samples) / container.streams.audio[0].rate
    assert 3 < seconds < 10
    assert 0.3 < np.abs(samples).max() < 0.95
    assert path.stat().st_size < 80_000


def test_every_voice_opens_with_its_style() -> None:
    for card in voices():
        assert open_voice(card.name).card == card


def test_an_unknown_voice_is_refused_with_the_list_of_voices() -> None:
    with pytest.raises(UnknownVoice, match=r'no voice "nobody".*af_heart, .*hibari'):
        open_voice("nobody")


def test_a_folder_without_a_speech_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="does not hold a speech"):
        Speech.read(tmp_path)
    (tmp_path / "speech.wav").write_bytes(b"RIFF")
    (tmp_path / "speech.json").write_text("{}")
    with pytest.raises(UnreadableMedia):
        Speech.read(tmp_path)


@pytest.mark.slow
def test_worker_processes_and_threads_never_change_a_sample() -> None:
    passages = (Utterance("həlˈO ðˈɛɹ."), Utterance("hˌW ˈɑɹ jˌu tədˈA?", 1.2))
    alone = Kokoro("am_michael").sounds(passages)
    threads = Kokoro("am_michael", workers=2).sounds(passages)
    crew = sounds_of_crew("am_michael", passages, lambda letters: None, workers=2)
    for one, two, three in zip(alone, threads, crew, strict=True):
        np.testing.assert_array_equal(one.samples, two.samples)
        np.testing.assert_array_equal(one.samples, three.samples)
        np.testing.assert_array_equal(one.durations, three.durations)


def test_a_worker_that_breaks_is_reported_and_not_waited_for() -> None:
    passages = (Utterance("hi"), Utterance("ho"))
    with pytest.raises(SynthesisFailed, match="nobody"):
        sounds_of_crew("nobody", passages, lambda letters: None, workers=2)


def test_a_worker_ends_with_its_stdin() -> None:
    command = [sys.executable, "-P", "-m", "lipwright.speech.worker", "af_heart"]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, b"")


def test_a_worker_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys, lipwright.speech.worker\n"
        "print([name for name in ('scipy', 'cv2', 'av', 'hibari') if name in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert output.strip() == b"[]"
