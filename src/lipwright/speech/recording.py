"""A recording to speech: its own sound, and the words and phonemes heard in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from lipwright.arrays import Samples
from lipwright.errors import InvalidScript
from lipwright.speech import arpabet
from lipwright.speech.alignment import (
    ALIGNER_RATE_HZ,
    FRAME,
    AlignedWord,
    Aligner,
    Span,
    SpokenWord,
)
from lipwright.speech.hearing import heard_phones
from lipwright.speech.pronunciation import Pronouncer
from lipwright.speech.script import Sentence, read_script
from lipwright.speech.sound_file import read_sound_file
from lipwright.speech.speech import Speech
from lipwright.timeline import SAMPLE_RATE, Phoneme, Timed

_T = TypeVar("_T")

TRANSCRIPT_LIMIT: Final = 60_000
"""Characters: 30 minutes of fast speech."""

_COMPARED: Final = 30 * ALIGNER_RATE_HZ
_LEAST_AGREEMENT: Final = 0.3
_LEAST_COVERED: Final = 0.7
"""Of frames.  A right transcript measured 0.46 to 0.76 and 1.0 (0.07 and 0.95 in loud noise, so
that neither alone decides), a wrong one 0.02 to 0.37 and 0.09 to 0.98."""

_PER_SAMPLE: Final = SAMPLE_RATE // ALIGNER_RATE_HZ
_SCHWA_LONGEST: Final = SAMPLE_RATE * 70 // 1000
"""CMUdict has one phone for the vowels of "cut" and of "about"; the second is the short one."""


def speak_recording(path: Path, transcript: str | None) -> Speech:
    """The speech in a sound file.

    Args:
        path: MP3, WAV, M4A, OGG, FLAC or a video with sound.
        transcript: What is said in it, in the user's spelling; none or a blank one gives phonemes
            and no words.

    Raises:
        UnreadableMedia: Not a media file, damaged, or without sound.
        InvalidRequest: Longer than half an hour.
        InvalidScript: The transcript is not what is said.
    """
    samples = read_sound_file(path)
    heard = resample_poly(samples, 1, _PER_SAMPLE).astype(np.float32)
    if transcript is None or not transcript.strip():
        sounds = (_phoneme(phone, 0) for phone in heard_phones(heard))
        return Speech(samples, (), tuple(_inside(sounds, len(samples))))
    words, phonemes = _aligned(heard, read_script(transcript, limit=TRANSCRIPT_LIMIT))
    return Speech(
        samples, tuple(_inside(words, len(samples))), tuple(_inside(phonemes, len(samples)))
    )


def _aligned(
    heard: Samples, sentences: Sequence[Sentence]
) -> tuple[Iterator[Timed[str]], Iterator[Timed[Phoneme]]]:
    texts = [token.text for sentence in sentences for token in sentence.tokens]
    spoken = list(_spoken_words(sentences))
    aligned = Aligner().align(heard, [word for _, word in spoken])
    if _is_of_something_else(heard, [phone for word in aligned for phone in word.phones]):
        raise InvalidScript("The transcript does not match what is said in the recording.")
    owners = [owner for owner, _ in spoken]
    return _words(aligned, owners, texts), _phonemes(aligned, [word for _, word in spoken])


def _is_of_something_else(heard: Samples, aligned: Sequence[Span]) -> bool:
    """Whether a decoder that does not know the transcript hears other phones, elsewhere.

    The aligner alone finds any words in any sound.
    """
    begin = aligned[0].start
    compared = heard[: begin + _COMPARED]
    free = _frames(heard_phones(compared), len(compared))
    forced = _frames(aligned, len(compared))
    agreement = np.mean(free[forced != ""] == forced[forced != ""])
    covered = np.mean(forced[free != ""] != "") if np.any(free != "") else 1.0
    return bool(agreement < _LEAST_AGREEMENT and covered < _LEAST_COVERED)


def _frames(phones: Sequence[Span], sample_count: int) -> NDArray[np.str_]:
    """The phone in each of the aligner's frames."""
    names = np.full(sample_count // FRAME + 1, "", "<U2")
    for phone in phones:
        names[phone.start // FRAME : phone.end // FRAME] = phone.name
    return names


def _spoken_words(sentences: Sequence[Sentence]) -> Iterator[tuple[int, SpokenWord]]:
    """Every word to find, with the index of the token that it belongs to."""
    pronounce = Pronouncer(british=False)
    owner = -1
    for sentence in sentences:
        said = iter(pronounce(" ".join(token.spoken for token in sentence.tokens)))
        for token in sentence.tokens:
            owner += 1
            for word in token.spoken.split():
                letters = next(said)
                bare = re.sub(r"^\W+|\W+$", "", word)
                if bare:
                    yield owner, SpokenWord(bare, letters)


def _words(
    aligned: Sequence[AlignedWord], owners: Sequence[int], texts: Sequence[str]
) -> Iterator[Timed[str]]:
    spans: dict[int, tuple[int, int]] = {}
    for owner, word in zip(owners, aligned, strict=True):
        start, _ = spans.get(owner, (word.span.start, word.span.end))
        spans[owner] = (start, word.span.end)
    for owner, (start, end) in spans.items():
        yield Timed(start * _PER_SAMPLE, end * _PER_SAMPLE, texts[owner])


def _phonemes(
    aligned: Sequence[AlignedWord], spoken: Sequence[SpokenWord]
) -> Iterator[Timed[Phoneme]]:
    for word, meant in zip(aligned, spoken, strict=True):
        stresses = iter(_stresses(word, meant))
        for phone in word.phones:
            yield _phoneme(phone, next(stresses) if phone.name in arpabet.VOWELS else 0)


def _stresses(word: AlignedWord, meant: SpokenWord) -> list[int]:
    """Of each vowel: as the pronouncer has it, where it counts the same vowels."""
    vowels = [phone for phone in word.phones if phone.name in arpabet.VOWELS]
    stresses = list(arpabet.stresses(meant.letters))
    return stresses if len(stresses) == len(vowels) else [0] * len(vowels)


def _phoneme(phone: Span, stress: int) -> Timed[Phoneme]:
    start, end = phone.start * _PER_SAMPLE, phone.end * _PER_SAMPLE
    symbol = arpabet.ipa(phone.name)
    if symbol == "ʌ" and not stress and end - start <= _SCHWA_LONGEST:
        symbol = "ə"
    return Timed(start, end, Phoneme(symbol, stress))


def _inside(values: Iterator[Timed[_T]], sample_count: int) -> Iterator[Timed[_T]]:
    """Without what the edge noise added after the last sample."""
    for timed in values:
        if timed.start < sample_count:
            yield Timed(timed.start, min(timed.end, sample_count), timed.value)
