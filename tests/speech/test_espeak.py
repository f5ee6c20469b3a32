"""Languages that espeak-ng reads, with it and without it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from piper_model import write_piper_voice

from lipwright.errors import InvalidVoice, UnsupportedLanguage
from lipwright.speech import VoiceCard, letters, open_voice, sample_script
from lipwright.speech.languages import espeak, front_end_of
from lipwright.speech.own_voices import write_own_voice

TEXT = "Bob kauft im Mai 3 bunte Bälle."
CARD = VoiceCard("mine", "Mine", "male", "de-DE", "piper")


@pytest.mark.parametrize(
    ("language", "word", "sounds"),
    [
        ("de-DE", "Mutter,", "mˈʊtɜ,"),
        ("de", "Bühne", "bˈyːnə"),
        ("pl-PL", "dziękuję", "ʥɛŋkˈujɛ"),
        ("hi-IN", "नमस्ते", "nəmˈʌsteː"),
    ],
)
def test_a_word_sounds_as_espeak_says(language: str, word: str, sounds: str) -> None:
    assert front_end_of(language).pronounce(word) == (sounds,)


@pytest.mark.parametrize(
    "text",
    ["Um 15:30 Uhr, im Jahr 2024!", "a b c", "… —", "日本 und mehr", "in der in dem", "x" * 300],
)
def test_as_many_words_are_read_as_there_are(text: str) -> None:
    read = front_end_of("de-DE").pronounce(text)
    assert len(read) == len(text.split())
    assert set("".join(read)) <= letters.ALL


def test_a_piper_voice_of_another_language_says_its_words(tmp_path: Path) -> None:
    write_own_voice(write_piper_voice(tmp_path), CARD, tmp_path / "mine")
    voice = open_voice(str(tmp_path / "mine"))
    speech = voice.speak(TEXT)
    assert [word.value for word in speech.words] == TEXT.split()
    assert all(a.end <= b.start for a, b in pairwise(speech.words))
    assert [p.value.symbol for p in speech.phonemes].count("b") == 3
    assert voice.card.accent_name == "de-DE"
    assert voice.speak(sample_script(voice.card)).words


@pytest.mark.parametrize("language", ["xx-XX", "th-TH", "-x", "../../etc"])
def test_what_nobody_reads_is_refused(language: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedLanguage):
        front_end_of(language)
    card = VoiceCard("mine", "Mine", "male", language, "piper")
    with pytest.raises(InvalidVoice, match="Languages that are read here: en-US"):
        write_own_voice(write_piper_voice(tmp_path), card, tmp_path / "mine")


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "find_spec", lambda name: None)
    with pytest.raises(UnsupportedLanguage, match=r"lipwright\[espeak\]"):
        front_end_of("de-DE")


def test_espeak_is_loaded_in_a_program_of_its_own() -> None:
    script = (
        "import sys; from lipwright.speech.languages import front_end_of\n"
        "print(front_end_of('de-DE').pronounce('Mutter'))\n"
        "maps = open('/proc/self/maps').read()\n"
        "assert 'espeak' not in maps and 'espeakng_loader' not in sys.modules"
    )
    assert find_spec("espeakng_loader")
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
