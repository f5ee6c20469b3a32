"""What the speech stage gives: sound, and when each word and each phoneme is heard."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import scipy

from lipwright.arrays import Samples
from lipwright.errors import UnreadableMedia
from lipwright.timeline import SAMPLE_RATE, Phoneme, Timed

_WAV = "speech.wav"
TIMING_FILE = "speech.json"


Source = Literal["script", "transcript", "recognition", "sound"]
"""Where the words come from: a voice said them; a recording's transcript; they were recognized in
a recording; or there are none, and the mouth follows the sound."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out about the speech, for the job's report."""

    source: Source = "script"
    language: str | None = None
    """BCP 47, where it was recognized."""
    transcript_match: float | None = None
    """How well a transcript fits the sound, 0 .. 1: a right one 0.7 to 1, a wrong one under 0.6."""
    warnings: tuple[str, ...] = ()
    """Sentences for the user, who may want to change something."""

    @classmethod
    def of_all(cls, scenes: Sequence[Findings]) -> Findings:
        """The findings of several scenes as one; a warning says of which scene it is."""
        matches = [f.transcript_match for f in scenes if f.transcript_match is not None]
        return cls(
            next((f.source for f in scenes if f.source != "script"), "script"),
            next((f.language for f in scenes if f.language), None),
            min(matches, default=None),
            tuple(
                f"Scene {number}: {warning}"
                for number, findings in enumerate(scenes, start=1)
                for warning in findings.warnings
            ),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Speech and its timing.  Written to a folder and read back, it is the same to the bit."""

    samples: Samples
    """``(N,)`` at `SAMPLE_RATE`."""
    words: tuple[Timed[str], ...]
    """In order and never overlapping, in the user's own spelling; empty without a text."""
    phonemes: tuple[Timed[Phoneme], ...]
    """In order and never overlapping; a gap is a pause."""
    findings: Findings = Findings()

    def write(self, folder: Path) -> None:
        """Write ``speech.wav`` (32-bit float) and ``speech.json`` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        scipy.io.wavfile.write(folder / _WAV, SAMPLE_RATE, self.samples)
        timing = {
            "sample_rate": SAMPLE_RATE,
            "wav_sha256": _sha256(folder / _WAV),
            "words": [asdict(word) for word in self.words],
            "phonemes": [asdict(phoneme) for phoneme in self.phonemes],
            "findings": asdict(self.findings),
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
            _, samples = scipy.io.wavfile.read(folder / _WAV, mmap=True)
            words = tuple(Timed(**word) for word in timing["words"])
            phonemes = tuple(_phoneme(**phoneme) for phoneme in timing["phonemes"])
            findings = _findings(**timing["findings"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnreadableMedia(f"{folder} does not hold a speech: {error}.") from error
        return cls(samples, words, phonemes, findings)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _findings(warnings: list[str], **others: Any) -> Findings:  # noqa: ANN401 - JSON values
    return Findings(warnings=tuple(warnings), **others)


def _phoneme(start: int, end: int, value: dict[str, Any]) -> Timed[Phoneme]:
    return Timed(start, end, Phoneme(**value))
