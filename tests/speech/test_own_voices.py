"""Voices of the user's own: what is kept, what is refused, and that they keep the contract."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from piper_model import write_piper_voice

from lipwright import pipeline
from lipwright.errors import InvalidVoice, UnknownVoice
from lipwright.gallery import VoiceShelf
from lipwright.speech import VoiceCard, open_voice
from lipwright.speech.delivery import Delivery
from lipwright.speech.own_voices import read_own_card, write_own_voice

CARD = VoiceCard("mine", "Mine", "female", "en-US", "piper")


def styles(path: Path, scale: float = 0.1) -> Path:
    numbers = np.random.default_rng(0).normal(0, scale, (510, 1, 256))
    path.write_bytes(numbers.astype("<f4").tobytes())
    return path


@pytest.fixture
def piper(tmp_path: Path) -> Path:
    write_own_voice(write_piper_voice(tmp_path), CARD, tmp_path / "mine")
    return tmp_path / "mine"


def test_a_piper_voice_says_words_at_their_times(piper: Path) -> None:
    voice = open_voice(str(piper))
    speech = voice.speak("Bob, maybe buy a map!")
    assert [word.value for word in speech.words] == ["Bob,", "maybe", "buy", "a", "map!"]
    assert all(a.end <= b.start for a, b in pairwise(speech.phonemes))
    assert [p.value.symbol for p in speech.phonemes].count("b") == 4
    assert 0.05 < np.abs(speech.samples).max() <= 0.98
    again = open_voice(str(piper)).speak("Bob, maybe buy a map!")
    np.testing.assert_array_equal(again.samples, speech.samples)


def test_a_piper_voice_follows_the_rate(piper: Path) -> None:
    voice = open_voice(str(piper))
    slow, fast = (voice.speak("One two three.", Delivery(rate)) for rate in (0.5, 2.0))
    assert len(slow.samples) > 1.5 * len(fast.samples)


def test_styles_of_kokoro_are_kept_as_half_numbers(tmp_path: Path) -> None:
    card = write_own_voice(styles(tmp_path / "x.bin"), CARD, tmp_path / "mine")
    assert card.engine == "kokoro"
    assert read_own_card(tmp_path / "mine") == card
    assert (tmp_path / "mine" / "style.f16").stat().st_size == 510 * 256 * 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.pt", b"PK", "pickle"),
        ("x.bin", b"1234", "510 x 256"),
        ("x.bin", np.full(510 * 256, np.nan, "<f4").tobytes(), "no styles"),
        ("x.onnx", b"1234", "must lie beside"),
    ],
)
def test_files_that_are_no_voice_are_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidVoice, match=message):
        write_own_voice(tmp_path / name, CARD, tmp_path / "mine")
    assert {path.name for path in tmp_path.iterdir()} == {name}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"phoneme_id_map": {}}, "phoneme_id_map"),
        ({"audio": {"sample_rate": 4}}, "sample_rate"),
        ({"phoneme_type": "text"}, "reads letters"),
    ],
)
def test_settings_that_are_wrong_are_refused(
    tmp_path: Path, settings: dict[str, object], message: str
) -> None:
    model = write_piper_voice(tmp_path)
    path = tmp_path / "voice.onnx.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))
    with pytest.raises(InvalidVoice, match=message):
        write_own_voice(model, CARD, tmp_path / "mine")


def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    model = write_piper_voice(tmp_path)
    model.write_bytes(b"no model")
    with pytest.raises(InvalidVoice, match="no Piper model"):
        write_own_voice(model, CARD, tmp_path / "mine")


@pytest.mark.parametrize(
    "card",
    [
        VoiceCard("../up", "Up", "female", "en-US", "piper"),
        VoiceCard("mine", "Mine", "female", "xx", "piper"),
        VoiceCard("mine", "Mine", "robot", "en-US", "piper"),  # type: ignore[arg-type]
    ],
)
def test_a_card_that_is_wrong_is_refused(tmp_path: Path, card: VoiceCard) -> None:
    with pytest.raises(InvalidVoice):
        write_own_voice(styles(tmp_path / "x.bin"), card, tmp_path / "mine")


def test_the_shelf_finds_adds_and_removes(tmp_path: Path) -> None:
    shelf = VoiceShelf(tmp_path / "voices")
    folder = shelf.add(write_piper_voice(tmp_path), CARD)
    assert shelf.find("MINE") == shelf.find(CARD.id) == str(folder)
    assert shelf.find("af_heart") == "af_heart"
    clip = pipeline.voice_clip(str(folder))
    assert clip
    assert clip.stat().st_size > 1000
    with pytest.raises(InvalidVoice, match="already"):
        shelf.add(write_piper_voice(tmp_path), CARD)
    assert shelf.remove("mine") == folder
    with pytest.raises(UnknownVoice, match="af_heart"):
        shelf.find("mine")
    with pytest.raises(UnknownVoice, match="of your own"):
        shelf.remove("af_heart")


def test_a_damaged_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "voice.json").write_text("{}")
    with pytest.raises(InvalidVoice, match="does not hold"):
        open_voice(str(tmp_path))
