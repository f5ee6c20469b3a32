from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lipwright.bench import Asked, Figure, measured
from lipwright.bench.labelled import labelled, matched, start_errors_ms
from lipwright.bench.sentences import SENTENCES
from lipwright.bench.voices import SCRIPTS
from lipwright.bench.words import Unit, errors, units
from lipwright.errors import InvalidRequest, UnknownVoice
from lipwright.gallery import Gallery
from lipwright.speech import voices
from lipwright.speech.languages import Language
from lipwright.speech.roster import CARDS, ROSTER
from lipwright.timeline import Phoneme, Timed


@pytest.mark.parametrize(
    ("figure", "ok"),
    [
        (Figure(1.0, "ms", ceiling=1), True),
        (Figure(1.1, "ms", ceiling=1), False),
        (Figure(0.9, "share", floor=0.85), True),
        (Figure(0.8, "share", floor=0.85), False),
        (Figure(float("nan"), "share", floor=0.85), False),
        (Figure(5, "ms"), True),
    ],
)
def test_a_figure_keeps_its_bound_or_not(figure: Figure, ok: bool) -> None:
    json = figure.as_json()
    assert json["ok"] is ok
    assert ("ceiling" in json) == (figure.ceiling is not None)


def test_closures_are_measured_in_every_language_that_a_voice_speaks() -> None:
    assert set(SCRIPTS) == {card.language for card in voices()}


def test_no_voice_ships_of_whose_words_too_many_are_not_understood() -> None:
    errors_percent = [float(line.split()[4]) for line in ROSTER.strip().splitlines()]
    assert len(errors_percent) == len(CARDS)
    assert max(errors_percent) <= 6


def test_words_are_measured_in_every_language_that_a_voice_speaks() -> None:
    assert set(SENTENCES) == {card.language for card in voices()}
    for language, script in SENTENCES.items():
        assert len(units(script, language)) > 120
        assert all(unit.sound for unit in units(script, language))


@pytest.mark.parametrize(
    ("said", "understood", "count"),
    [
        ("a b c", "a b c", 0),
        ("a b c", "a x c", 1),
        ("a b c", "a c", 1),
        ("a c", "a b c", 1),
        ("mezzo giorno", "mezzogiorno", 0),
        ("mezzogiorno di fuoco", "mezzo giorno di fuoco", 0),
        ("a b c d", "ab x d", 1),
        ("", "a b", 2),
    ],
)
def test_words_that_are_wrong_are_counted(said: str, understood: str, count: int) -> None:
    spelled = ([Unit(word, word) for word in text.split()] for text in (said, understood))
    assert errors(*spelled) == count


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en-US", "It's 20 percent, isn't it?", "its twenty percent isnt it"),
        ("fr-FR", "L’homme a 15 ans.", "l homme a quinze ans"),
        ("fr-FR", "Il commence, elles parlent.", "ils commencent elle parle"),
        ("es-ES", "¿Por qué? Escríbenos.", "por que escribenos"),
        ("ja-JP", "月曜日に橋を渡る。", "月 曜 日 に はし を わたる"),
        ("zh-CN", "20%的人", "百分之二十的人"),
    ],
)
def test_the_same_said_is_the_same_counted(language: Language, one: str, other: str) -> None:
    assert errors(units(one, language), units(other, language)) == 0


def test_what_cannot_be_measured_is_refused() -> None:
    known = "long, mouth, render, service, speech, voices, words"
    with pytest.raises(InvalidRequest, match=f"choose one of {known}"):
        measured("luck")
    with pytest.raises(InvalidRequest, match="avatar"):
        measured("render")
    with pytest.raises(UnknownVoice, match="There is no voice"):
        measured("words", Asked(voice="nobody"))


def test_labels_are_in_order_and_words_hold_whole_phones() -> None:
    for name, known in labelled().items():
        assert known.path.is_file(), name
        assert len(known.text.split()) == len(known.words)
        assert all(a.end <= b.start for a, b in pairwise(known.phonemes))
        starts = [p.start for p in known.phonemes]
        assert all(np.min(np.abs(np.array(starts) - w.start)) < 48 for w in known.words)


def test_phones_are_matched_past_what_only_one_side_has() -> None:
    assert matched(list("pat"), list("pamt")) == [(0, 0), (1, 1), (2, 3)]
    assert matched(list("spat"), list("pat")) == [(1, 0), (2, 1), (3, 2)]


def test_start_errors_are_in_milliseconds() -> None:
    truth = [Timed(0, 480, Phoneme("p")), Timed(480, 960, Phoneme("a"))]
    heard = [Timed(48, 960, Phoneme("p")), Timed(960, 1200, Phoneme("a"))]
    np.testing.assert_allclose(start_errors_ms(truth, heard), [1, 10])


def test_every_label_has_a_recording_and_no_recording_is_without() -> None:
    folder = Path(next(iter(labelled().values())).path).parent
    assert {path.stem for path in folder.glob("*.ogg")} == set(labelled())


@pytest.mark.slow
def test_the_mouth_of_a_presenter_is_measured() -> None:
    stock = Gallery(own=Path("nobody")).find("Ada")
    found = json.loads(json.dumps(measured("mouth", Asked(stock))))["figures"]
    for name in ("changed_outside_the_patch", "mouth_sharpness_low", "mouth_sharpness_high"):
        assert found[name]["ok"], found[name]
    assert found["closures"]["ok"]
    assert found["rest_movement"]["ok"]
    assert found["face_jitter_against_real"]["ok"]
    assert found["lip_jitter_against_real"]["ok"]
