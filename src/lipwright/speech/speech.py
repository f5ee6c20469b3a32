"""What the speech stage gives: sound, and when each word and each phoneme is heard."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scipy.io import wavfile

from lipwright.arrays import Samples
from lipwright.errors import UnreadableMedia
from lipwright.timeline import SAMPLE_RATE, Phoneme, Timed

_WAV = "speech.wav"
TIMING_FILE = "speech.json"


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Speech and its timing.  Written to a folder and read back, it is the same to the bit."""

    samples: Samples
    """``(N,)`` at `SAMPLE_RATE`."""
    words: tuple[Timed[str], ...]
    """In order and never overlapping, in the user's own spelling; empty without a text."""
    phonemes: tuple[Timed[Phoneme], ...]
    """In order and never overlapping; a gap is a pause."""

    def write(self, folder: Path) -> None:
        """Write ``speech.wav`` (32-bit float) and ``speech.json`` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        wavfile.write(folder / _WAV, SAMPLE_RATE, self.samples)
        timing = {
            "sample_rate": SAMPLE_RATE,
            "wav_sha256": _sha256(folder / _WAV),
            "words": [asdict(word) for word in self.words],
            "phonemes": [asdict(phoneme) for phoneme in self.phonemes],
        }
        text = json.dumps(timing, ensure_ascii=False, indent=1)
        (folder / TIMING_FILE).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Speech:
        """Read what `write` wrote.

        Raises:
            UnreadableMedia: A file is missing, damaged or not ours.
        """
        try:
            timing = json.loads((folder / TIMING_FILE).read_text(encoding="utf-8"))
            if timing["wav_sha256"] != _sha256(folder / _WAV):
                raise ValueError(f"{_WAV} is not the sound that {TIMING_FILE} was written with")
            _, samples = wavfile.read(folder / _WAV)
            words = tuple(Timed(**word) for word in timing["words"])
            phonemes = tuple(_phoneme(**phoneme) for phoneme in timing["phonemes"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnreadableMedia(f"{folder} does not hold a speech: {error}.") from error
        return cls(samples, words, phonemes)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _phoneme(start: int, end: int, value: dict[str, Any]) -> Timed[Phoneme]:
    return Timed(start, end, Phoneme(**value))
