"""A voice without a model: it hums, one tone a letter.  For tests, and for machines in a hurry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lipwright.arrays import Samples
from lipwright.speech.delivery import AS_WRITTEN, Delivery
from lipwright.speech.languages import front_end_of
from lipwright.speech.recital import LEAD, TAIL
from lipwright.speech.script import Sentence, Token, read_script
from lipwright.speech.speech import Speech
from lipwright.speech.voice import Progress, VoiceCard
from lipwright.timeline import SAMPLE_RATE, Phoneme, Timed

_LETTER: Final = SAMPLE_RATE * 8 // 100
_WORD_GAP: Final = SAMPLE_RATE * 2 // 100
_SENTENCE_GAP: Final = SAMPLE_RATE * 30 // 100
_PITCH_HZ: Final = 140.0
_VOWELS: Final = dict(zip("aeiou", "ɑɛiou", strict=True))
_CONSONANTS: Final = dict(zip("bcdfghjklmnpqrstvwxyz", "bkdfɡhjklmnpkɹstvwsjz", strict=True))


@dataclass(frozen=True, slots=True)
class HummingVoice:
    """Says each letter of the script as one sound: right in form, not in speech."""

    card: VoiceCard

    def speak(
        self,
        script: str,
        delivery: Delivery = AS_WRITTEN,
        told: Progress = lambda done, total: None,
    ) -> Speech:
        """Hum the script, at any rate in the same time; see `Voice.speak`."""
        front_end = front_end_of(self.card.language)
        words: list[Timed[str]] = []
        phonemes: list[Timed[Phoneme]] = []
        cursor = LEAD
        for sentence in read_script(script, front_end, pronunciations=delivery.pronunciations):
            for word, sounds in _hummed(sentence, cursor):
                words.append(word)
                phonemes.extend(sounds)
            cursor = words[-1].end + (_SENTENCE_GAP if sentence.pause is None else sentence.pause)
        samples = _hum(phonemes, words[-1].end + TAIL)
        return Speech(samples, tuple(words), tuple(phonemes))


def _hummed(
    sentence: Sentence, start: int
) -> Iterator[tuple[Timed[str], tuple[Timed[Phoneme], ...]]]:
    for token in sentence.tokens:
        symbols = _symbols(token)
        sounds = tuple(
            Timed(start + index * _LETTER, start + (index + 1) * _LETTER, Phoneme(symbol))
            for index, symbol in enumerate(symbols)
        )
        yield Timed(start, sounds[-1].end, token.text), sounds
        start = sounds[-1].end + _WORD_GAP


def _symbols(token: Token) -> list[str]:
    sounds = _VOWELS | _CONSONANTS
    return [sounds[letter] for letter in token.spoken.lower() if letter in sounds] or ["ə"]


def _hum(phonemes: Sequence[Timed[Phoneme]], sample_count: int) -> Samples:
    """A tone that swells with each vowel and nearly stops at each consonant."""
    loudness = np.zeros(sample_count, np.float32)
    swell = np.sin(np.linspace(0, np.pi, _LETTER, dtype=np.float32))
    for phoneme in phonemes:
        peak = 0.3 if phoneme.value.symbol in _VOWELS.values() else 0.05
        loudness[phoneme.start : phoneme.end] = peak * swell
    phase = 2 * np.pi * _PITCH_HZ / SAMPLE_RATE * np.arange(sample_count)
    hum: Samples = loudness * np.sin(phase).astype(np.float32)
    return hum
