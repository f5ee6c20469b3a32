"""The promises about closures and rest, kept on a sentence spoken by a real voice."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipwright.arrays import RIG
from lipwright.speech import Speech, open_voice
from lipwright.timeline import FrameGrid
from lipwright.viseme import idle_motion, mouth_shapes

JAW, PRESS, TUCK = RIG.index("jaw"), RIG.index("press"), RIG.index("tuck")


@pytest.fixture(scope="module")
def said() -> Speech:
    script = "Maybe Bob and Pam prefer five simple movies. Everybody else probably does not, Mum."
    return open_voice("af_heart").speak(script)


@pytest.mark.slow
@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30), Fraction(60)])
def test_every_contact_of_a_spoken_sentence_is_reached(said: Speech, fps: Fraction) -> None:
    grid = FrameGrid.covering(len(said.samples), fps=fps)
    shapes = mouth_shapes(said.phonemes, said.samples, grid)
    contacts = [p for p in said.phonemes if p.value.symbol in "pbmfv"]
    assert len(contacts) > 15
    for timed in contacts:
        frames = slice(max(0, grid.frame_at(timed.start) - 1), grid.frame_at(timed.end) + 2)
        column = PRESS if timed.value.symbol in "pbm" else TUCK
        assert shapes[frames, column].max() >= 0.95


@pytest.mark.slow
def test_a_spoken_sentence_looks_like_talk(said: Speech) -> None:
    grid = FrameGrid.covering(len(said.samples), fps=Fraction(30))
    shapes = mouth_shapes(said.phonemes, said.samples, grid)
    heard = shapes[grid.frame_at(said.phonemes[0].start) : grid.frame_at(said.phonemes[-1].end)]
    assert 0.15 < heard[:, JAW].mean() < 0.4  # neither mumbling nor shouting
    assert 0.45 < heard[:, JAW].max() <= 1.0
    assert 0.1 < (heard[:, PRESS] > 0.5).mean() < 0.45
    assert np.abs(np.diff(shapes[:, JAW], n=2)).max() < 0.5
    assert not shapes[[0, -1]].any()
    assert idle_motion(said.phonemes, grid, seed=1).shape[0] == len(shapes)
