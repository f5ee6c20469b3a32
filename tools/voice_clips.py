"""Make ``assets/voices/NAME.mp3`` again: each voice says a sentence in its own language.

    python tools/voice_clips.py [NAME …]

Prints the lines for ``assets/NOTICE``.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import av
import numpy as np
from scipy.signal import resample_poly

from lipwright.speech import open_voice
from lipwright.speech.roster import CARDS
from lipwright.speech.sample import sample_script

VOICES = Path(__file__).parent.parent / "src/lipwright/assets/voices"
RATE_HZ = 24_000
"""The models' own: more would hold nothing."""


def main(names: list[str]) -> None:
    """Write one clip a voice and print its hash."""
    for name in names or [*CARDS, "hibari"]:
        voice = open_voice(name, workers=1)
        said = resample_poly(voice.speak(sample_script(voice.card)).samples, 1, 2)
        path = VOICES / f"{name}.mp3"
        write(said / np.abs(said).max() * 0.7, path)
        print(f"voices/{name}.mp3  {hashlib.sha256(path.read_bytes()).hexdigest()}", flush=True)


def write(samples: np.ndarray, path: Path) -> None:
    """One channel, 48 kb/s."""
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE_HZ, layout="mono")
        stream.bit_rate = 48_000
        frame = av.AudioFrame.from_ndarray(
            samples.astype(np.float32)[None], format="fltp", layout="mono"
        )
        frame.sample_rate = RATE_HZ
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main(sys.argv[1:])
