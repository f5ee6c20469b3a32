"""The speech of several scenes becomes the speech of one video."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.errors import UnreadableMedia
from lipwright.loudness import integrated_lufs
from lipwright.narration import Narration, music_against, silence
from lipwright.request import Music, Scene
from lipwright.speech import Speech
from lipwright.timeline import Phoneme, Timed

FPS = st.sampled_from([Fraction(n) for n in (24, 25, 30, 50, 60)] + [Fraction(30_000, 1_001)])


def said(samples: int, level: float = 0.1) -> Speech:
    tone = level * np.sin(np.arange(samples) / 20)
    word = Timed(samples // 4, samples // 2, f"word{samples}")
    phoneme = Timed(samples // 4, samples // 3, Phoneme("p"))
    return Speech(tone.astype(np.float32), (word,), (phoneme,))


def narration(*speeches: Speech, fps: Fraction = Fraction(30)) -> Narration:
    return Narration.of([Scene(silence_s=1) for _ in speeches], list(speeches), fps)


@given(lengths=st.lists(st.integers(1, 200_000), min_size=2, max_size=6), fps=FPS)
def test_every_scene_keeps_its_words_at_the_same_time(lengths: list[int], fps: Fraction) -> None:
    speeches = [said(length) for length in lengths]
    whole = narration(*speeches, fps=fps)
    assert len(whole.speech.samples) == whole.grid.sample_count
    assert [word.value for word in whole.speech.words] == [s.words[0].value for s in speeches]
    for number, speech in enumerate(speeches):
        part = whole.of_scene(number)
        assert part.words == speech.words
        assert part.phonemes == speech.phonemes
        assert len(speech.samples) <= len(part.samples)
        assert len(part.samples) - len(speech.samples) <= whole.grid.sample_rate / fps + 1


def test_scenes_follow_each_other_without_a_gap() -> None:
    whole = narration(said(48_000), silence(2.0), said(1_601))
    assert whole.frames == (range(0, 30), range(30, 90), range(90, 92))
    assert whole.grid.frame_count == 92


def test_the_sound_of_a_scene_is_let_go_when_the_next_ones_are_said() -> None:
    sounds: list[weakref.ref[object]] = []

    def speeches() -> Iterator[Speech]:
        for _ in range(6):
            speech = said(10_000)
            sounds.append(weakref.ref(speech.samples))
            yield speech
            del speech
            assert sum(sound() is not None for sound in sounds) <= 1

    whole = Narration.of([Scene(silence_s=1)] * 6, speeches(), Fraction(30))
    assert len(whole.speech.samples) == whole.grid.sample_count
    assert whole.of_scene(5).samples.any()


def test_one_scene_is_left_as_it_is() -> None:
    speech = said(50_000)
    assert narration(speech).speech is speech
    assert narration(speech).of_scene(0) is speech


def test_voices_are_equally_loud_unless_the_scene_says_otherwise() -> None:
    scenes = [Scene(silence_s=1), Scene(silence_s=1), Scene(silence_s=1, volume=0.5)]
    speeches = [said(96_000, 0.5), said(96_000, 0.02), said(96_000, 0.1)]
    whole = Narration.of(scenes, speeches, Fraction(30))
    lufs = [integrated_lufs(np.stack([s := whole.of_scene(i).samples, s])) for i in range(3)]
    assert lufs[0] == pytest.approx(lufs[1], abs=0.1)
    assert lufs[0] - lufs[2] == pytest.approx(6.02, abs=0.1)


def test_it_is_the_same_when_it_was_kept(tmp_path: Path) -> None:
    whole = narration(said(48_000), silence(1.0))
    whole.write(tmp_path)
    again = Narration.read(tmp_path)
    assert again.frames == whole.frames
    assert np.array_equal(again.speech.samples, whole.speech.samples)
    (tmp_path / "scenes.json").write_text("{}")
    with pytest.raises(UnreadableMedia, match="narration"):
        Narration.read(tmp_path)


def test_a_voice_turned_down_everywhere_lets_the_music_come_forward() -> None:
    quiet = [Scene(silence_s=1, volume=0.5), Scene(silence_s=1, volume=0.25)]
    music = music_against(Music(volume=0.2), quiet)
    assert music is not None
    assert music.volume == pytest.approx(0.4)
    assert music_against(Music(volume=0.2), [Scene(silence_s=1), *quiet]) == Music(volume=0.2)
    assert music_against(None, quiet) is None


def test_the_voice_of_a_single_scene_can_be_muted() -> None:
    said = Speech(np.full(48_000, 0.1, np.float32), (), ())
    scene = Scene(silence_s=1, volume=0)
    assert not Narration.of([scene], [said], Fraction(30)).speech.samples.any()
