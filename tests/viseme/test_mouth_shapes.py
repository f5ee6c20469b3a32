"""What must hold for every mouth, whatever is said, at every frame rate."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.arrays import RIG, MouthShapes, Samples
from lipwright.errors import UnsupportedLanguage
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Phoneme, Timed
from lipwright.viseme import mouth_shapes
from lipwright.viseme.table import targets

JAW, WIDTH, PUCKER, PRESS, TUCK = (
    RIG.index(name) for name in ("jaw", "width", "pucker", "press", "tuck")
)
RATES = [
    Fraction(24),
    Fraction(25),
    Fraction(30_000, 1_001),
    Fraction(30),
    Fraction(50),
    Fraction(60),
]
LEAD = SAMPLE_RATE * 12 // 1000
MS = SAMPLE_RATE // 1000

BILABIALS = ["p", "b", "m", "pʰ", "ɓ", "k͡p"]
LABIODENTALS = ["f", "v", "ɱ"]
VOWELS = ["a", "i", "u", "ə", "ɛ", "ɑː", "y", "aɪ", "oʊ", "ɔ̃", "ɝ"]
OTHERS = ["t", "s", "k", "n", "l", "ʃ", "tʃ", "ɹ", "w", "h", "θ", "ŋ", "ɣ", "β", "j"]


def spoken(*sounds: tuple[str, int], start_ms: int = 400, stress: int = 0) -> list[Timed[Phoneme]]:
    """Phonemes one after the other; an empty symbol is a pause."""
    timed, at = [], start_ms * MS
    for symbol, length_ms in sounds:
        end = at + length_ms * MS
        if symbol:
            timed.append(Timed(at, end, Phoneme(symbol, stress)))
        at = end
    return timed


def hum(phonemes: Sequence[Timed[Phoneme]], tail_ms: int = 500) -> Samples:
    count = (phonemes[-1].end if phonemes else SAMPLE_RATE) + tail_ms * MS
    return np.full(count, 0.1, np.float32)


def shaped(phonemes: Sequence[Timed[Phoneme]], fps: Fraction = Fraction(30)) -> MouthShapes:
    samples = hum(phonemes)
    return mouth_shapes(phonemes, samples, FrameGrid.covering(len(samples), fps=fps))


def frames_during(start: int, end: int, fps: Fraction, count: int) -> list[int]:
    """Frames whose middle on screen lies in ``[start, end)``, seen `LEAD` early."""
    return [
        k for k in range(count) if start - LEAD <= (k + Fraction(1, 2)) * SAMPLE_RATE / fps < end
    ]


def widened(timed: Timed[Phoneme], shapes: MouthShapes, fps: Fraction) -> MouthShapes:
    period = int(SAMPLE_RATE / fps)
    frames = frames_during(timed.start - period, timed.end + period, fps, len(shapes))
    return shapes[frames]


symbols = st.sampled_from(BILABIALS + LABIODENTALS + VOWELS + OTHERS)
sound = st.tuples(symbols, st.integers(25, 260))
pause = st.tuples(st.just(""), st.integers(10, 900))
speeches = st.lists(st.one_of(sound, sound, sound, sound, pause), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(speeches, st.sampled_from(RATES))
def test_lips_close_and_teeth_meet_the_lip_in_any_speech(
    sounds: list[tuple[str, int]], fps: Fraction
) -> None:
    phonemes = spoken(*sounds)
    shapes = shaped(phonemes, fps)
    for timed in phonemes:
        seen = widened(timed, shapes, fps)
        if timed.value.symbol in BILABIALS:
            assert seen[:, PRESS].max() >= 0.95
            assert seen[:, PRESS].sum() >= 1.25
        if timed.value.symbol in LABIODENTALS:
            bitten = seen[seen[:, TUCK] >= 0.9]
            assert len(bitten)
            assert bitten[:, PRESS].min() <= 0.2


@settings(max_examples=150, deadline=None)
@given(speeches, st.sampled_from(RATES))
def test_every_column_stays_in_its_range(sounds: list[tuple[str, int]], fps: Fraction) -> None:
    shapes = shaped(spoken(*sounds), fps)
    assert shapes.dtype == np.float32
    assert np.isfinite(shapes).all()
    assert shapes.max() <= 1
    assert shapes[:, WIDTH].min() >= -1
    assert np.delete(shapes, WIDTH, axis=1).min() >= 0


@settings(max_examples=150, deadline=None)
@given(speeches, st.sampled_from(RATES))
def test_long_vowels_are_seen_open(sounds: list[tuple[str, int]], fps: Fraction) -> None:
    phonemes = spoken(*sounds)
    shapes = shaped(phonemes, fps)
    grid = FrameGrid(fps, len(shapes))
    for timed in phonemes:
        long_enough = timed.end - timed.start >= 2 * max(60 * MS, int(SAMPLE_RATE / fps))
        if len(targets(timed.value.symbol)) == 1 and long_enough and timed.value.symbol in VOWELS:
            middle = grid.frame_at((timed.start + timed.end) // 2 - LEAD)
            assert shapes[middle, PRESS] < 0.5
            assert shapes[middle, TUCK] < 0.5
            assert shapes[middle, JAW] > 0.03


@settings(max_examples=150, deadline=None)
@given(speeches, st.sampled_from(RATES))
def test_the_mouth_rests_in_pauses_and_at_both_ends(
    sounds: list[tuple[str, int]], fps: Fraction
) -> None:
    phonemes = spoken(*sounds)
    shapes = shaped(phonemes, fps)
    assert np.abs(shapes[:3]).max() < 1e-3
    assert np.abs(shapes[-3:]).max() < 1e-3
    for before, after in itertools.pairwise(phonemes):
        if after.start - before.end >= 440 * MS:
            still = frames_during(before.end + 240 * MS, after.start - 200 * MS, fps, len(shapes))
            assert np.abs(shapes[still]).max(initial=0) < 1e-3


@settings(max_examples=100, deadline=None)
@given(speeches)
def test_nothing_but_contacts_jumps(sounds: list[tuple[str, int]]) -> None:
    shapes = shaped(spoken(*sounds), Fraction(60))
    slow = shapes[:, [JAW, WIDTH, PUCKER]]
    assert np.abs(np.diff(slow, axis=0)).max() < 0.45
    assert np.abs(np.diff(slow, n=2, axis=0)).max() < 0.35


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("shift_ms", range(0, 42, 3))
def test_a_short_p_closes_wherever_it_falls_between_frames(fps: Fraction, shift_ms: int) -> None:
    phonemes = spoken(("a", 120), ("p", 30), ("a", 120), start_ms=400 + shift_ms)
    shapes = shaped(phonemes, fps)
    assert widened(phonemes[1], shapes, fps)[:, PRESS].max() >= 0.95
    for vowel in (phonemes[0], phonemes[2]):
        inside = frames_during(vowel.start, vowel.end, fps, len(shapes))
        assert shapes[inside, PRESS].min() < 0.2


def test_quick_syllables_open_between_closures() -> None:
    phonemes = spoken(*(("m", 40), ("a", 60)) * 8)
    for fps in RATES:
        shapes = shaped(phonemes, fps)
        for timed in phonemes:
            seen = widened(timed, shapes, fps)[:, PRESS]
            assert seen.max() >= 0.95 if timed.value.symbol == "m" else seen.min() < 0.5


def test_lips_stay_together_from_one_closure_to_the_next() -> None:
    phonemes = spoken(("a", 120), ("m", 70), ("p", 80), ("a", 120))
    shapes = shaped(phonemes)
    during = frames_during(
        phonemes[1].start, phonemes[1].start + 120 * MS, Fraction(30), len(shapes)
    )
    assert shapes[during, PRESS].min() > 0.95


def test_a_short_pause_does_not_shut_the_mouth() -> None:
    gap = shaped(spoken(("a", 150), ("", 90), ("a", 150)))
    assert gap[15:20, JAW].min() > 0.25


def test_the_mouth_opens_before_the_voice_starts_and_shuts_after_it_stops() -> None:
    phonemes = spoken(("a", 200))
    shapes = shaped(phonemes, Fraction(60))
    grid = FrameGrid(Fraction(60), len(shapes))
    widest = shapes[:, JAW].max()
    assert shapes[grid.frame_at(phonemes[0].start), JAW] > 0.4 * widest
    assert shapes[grid.frame_at(phonemes[0].end - 20 * MS), JAW] > 0.5 * widest


def test_fast_speech_moves_less() -> None:
    slow = shaped(spoken(*(("t", 90), ("a", 200)) * 5), Fraction(60))
    fast = shaped(spoken(*(("t", 40), ("a", 60)) * 5), Fraction(60))
    assert np.ptp(fast[30:, JAW]) < np.ptp(slow[30:, JAW])
    assert fast[:, JAW].max() < slow[:, JAW].max()


def test_a_loud_vowel_opens_wider_than_a_soft_one() -> None:
    phonemes = spoken(("a", 150), ("t", 60), ("a", 150), ("t", 60), ("a", 150))
    samples = hum(phonemes)
    samples[phonemes[2].start : phonemes[2].end] *= 3
    shapes = mouth_shapes(phonemes, samples, FrameGrid.covering(len(samples), fps=Fraction(30)))
    grid = FrameGrid(Fraction(30), len(shapes))
    jaws = [shapes[grid.frame_at((p.start + p.end) // 2), JAW] for p in phonemes[::2]]
    assert jaws[1] > 1.1 * jaws[0]
    assert jaws[1] < 1.7 * jaws[0]


def test_the_jaw_rises_while_a_long_vowel_fades() -> None:
    phonemes = spoken(("a", 150), ("t", 60), ("a", 500))
    samples = hum(phonemes)
    vowel = slice(phonemes[2].start, phonemes[2].end)
    samples[vowel] *= np.linspace(1.5, 0.15, 500 * MS, dtype=np.float32)
    shapes = mouth_shapes(phonemes, samples, FrameGrid.covering(len(samples), fps=Fraction(60)))
    frames = frames_during(vowel.start + 100 * MS, vowel.stop - 60 * MS, Fraction(60), len(shapes))
    assert (np.diff(shapes[frames, JAW]) < 0.002).all()
    assert shapes[frames[-1], JAW] < 0.85 * shapes[frames[0], JAW]


def test_a_recording_at_another_level_moves_the_same() -> None:
    phonemes = spoken(("a", 150), ("t", 60), ("i", 150), ("p", 60), ("a", 150))
    samples = np.random.default_rng(1).normal(0, 0.05, len(hum(phonemes))).astype(np.float32)
    grid = FrameGrid.covering(len(samples), fps=Fraction(30))
    loud = mouth_shapes(phonemes, samples * np.float32(4), grid)
    np.testing.assert_allclose(loud, mouth_shapes(phonemes, samples, grid), atol=1e-4)


def test_rounding_reaches_over_a_tongue_consonant() -> None:
    """The t of "too" is already round; the t of "tea" is not."""
    too, tea = spoken(("t", 80), ("u", 150)), spoken(("t", 80), ("i", 150))
    grid = FrameGrid(Fraction(60), 60)
    at = grid.frame_at(too[0].end - 30 * MS)
    assert shaped(too, Fraction(60))[at, PUCKER] > 0.4
    assert shaped(tea, Fraction(60))[at, PUCKER] < 0.05


def test_a_diphthong_moves_from_its_first_vowel_to_its_second() -> None:
    phonemes = spoken(("aɪ", 240))
    shapes = shaped(phonemes, Fraction(60))
    grid = FrameGrid(Fraction(60), len(shapes))
    early, late = (grid.frame_at(phonemes[0].start + ms * MS) for ms in (70, 170))
    assert shapes[early, JAW] > 1.5 * shapes[late, JAW]
    assert shapes[late, WIDTH] > shapes[early, WIDTH]


def test_a_later_start_gives_the_same_mouth_later() -> None:
    fps = Fraction(25)
    now = spoken(("p", 70), ("a", 130), ("t", 60), ("u", 140), ("f", 90), start_ms=400)
    later = spoken(("p", 70), ("a", 130), ("t", 60), ("u", 140), ("f", 90), start_ms=600)
    moved = shaped(later, fps)
    np.testing.assert_allclose(moved[5:], shaped(now, fps)[: len(moved) - 5], atol=1e-6)


def test_ten_minutes_do_not_drift() -> None:
    far = 590_000
    phonemes = spoken(("a", 120), ("p", 60), ("a", 120), start_ms=far)
    for fps in (Fraction(30_000, 1_001), Fraction(24_000, 1_001)):
        shapes = shaped(phonemes, fps)
        closed = np.flatnonzero(shapes[:, PRESS] > 0.95)
        assert len(closed)
        on_screen = (closed.mean() + 0.5) * SAMPLE_RATE / fps
        assert abs(on_screen - (phonemes[1].start + phonemes[1].end) / 2) < 45 * MS


def test_silence_is_a_mouth_at_rest() -> None:
    shapes = shaped([])
    assert not shapes.any()
    assert len(shapes) == 45


def test_speech_that_fills_the_video_still_starts_and_ends_at_rest() -> None:
    phonemes = spoken(("a", 600), start_ms=0)
    samples = hum(phonemes, tail_ms=0)
    shapes = mouth_shapes(phonemes, samples, FrameGrid.covering(len(samples), fps=Fraction(30)))
    assert not shapes[0].any()
    assert not shapes[-1].any()
    assert shapes[9, JAW] > 0.4


def test_an_empty_grid_gives_no_frames() -> None:
    grid = FrameGrid(Fraction(30), 0)
    assert mouth_shapes([], np.zeros(0, np.float32), grid).shape == (0, len(RIG))


def test_an_unknown_sound_is_named() -> None:
    with pytest.raises(UnsupportedLanguage, match="好"):
        shaped(spoken(("好", 100)))


def test_phonemes_past_the_end_of_the_video_are_left_out() -> None:
    phonemes = spoken(("a", 200), ("p", 80), ("a", 200))
    whole = shaped(phonemes)
    cut = mouth_shapes(phonemes, hum(phonemes), FrameGrid(Fraction(30), 18))
    np.testing.assert_allclose(cut[:15], whole[:15], atol=1e-6)


@pytest.mark.parametrize("fps", [Fraction(1), Fraction(5), Fraction(12)])
def test_very_low_frame_rates_do_their_best(fps: Fraction) -> None:
    shapes = shaped(spoken(("m", 80), ("a", 700), ("p", 900), ("a", 900)), fps)
    assert np.isfinite(shapes).all()
    assert shapes[:, PRESS].max() == 1


def test_sounds_of_no_length_are_survived() -> None:
    shapes = shaped(spoken(("a", 100), ("p", 0), ("t", 0), ("i", 100)))
    assert shapes[:, PRESS].max() == 1
