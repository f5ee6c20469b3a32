"""What captions cost a frame, in every style."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from lipwright.bench.figures import Figure, Figures
from lipwright.compose import CaptionTrack, black_frame
from lipwright.request import CAPTION_STYLES, Aspect, Captions, Output
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Timed

_SCRIPT: Final = (
    "Peter Piper picked a peck of pickled peppers, and my mother may have bought them all. "
    "How fast is this machine? Five or six words a second would be very fine."
)
_WORD: Final = SAMPLE_RATE // 3
"""Three words a second, as people speak."""


def figures() -> Figures:
    """The dearest style on average, and the dearest frame of all, drawn at 1080 x 1920."""
    # the lesser of two runs: the work is the same, what others do to the cache is not
    costs = {
        style: np.minimum(list(_frames_ms(style)), list(_frames_ms(style)))
        for style in CAPTION_STYLES
    }
    return {
        "captions_average": Figure(
            float(np.mean([cost.mean() for cost in costs.values()])), "ms a frame", ceiling=3
        ),
        "captions_dearest_style": Figure(
            max(float(cost.mean()) for cost in costs.values()), "ms a frame", ceiling=3
        ),
        "captions_worst_frame": Figure(
            max(float(cost.max()) for cost in costs.values()), "ms", ceiling=30
        ),
    }


def _frames_ms(style: str) -> Iterator[float]:
    """CPU of each frame: painting what is needed, and laying it on the picture."""
    output = Output(Aspect.PORTRAIT)
    words = [Timed(i * _WORD, (i + 1) * _WORD, word) for i, word in enumerate(_SCRIPT.split())]
    grid = FrameGrid.covering(words[-1].end + SAMPLE_RATE, fps=output.fps)
    track = CaptionTrack(words, Captions(style), output.size, grid)
    picture = black_frame(output.size)
    for frame in range(grid.frame_count):
        began = time.thread_time()
        for sprite in track.sprites(frame):
            sprite.lay(picture)
        yield 1000 * (time.thread_time() - began)
