"""Voices of the user's own: a folder each, with a card and the files of Kokoro or Piper.

Styles of Kokoro are plain numbers; pickles (``.pt``) can run code and are refused.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Final, get_args

import numpy as np

from lipwright.errors import InvalidVoice, UnsupportedLanguage
from lipwright.speech.kokoro import STYLE_SHAPE, Kokoro
from lipwright.speech.languages import Language, front_end_of
from lipwright.speech.neural import NeuralVoice
from lipwright.speech.piper import PiperModel, check_piper
from lipwright.speech.voice import Gender, Voice, VoiceCard

CARD_FILE: Final = "voice.json"
CLIP_FILE: Final = "clip.mp3"
_STYLE: Final = "style.f16"
_MODEL: Final = "model.onnx"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LARGEST_MB: Final = 300
"""Piper's high voices have 110 MB."""


def open_own_voice(folder: Path, *, workers: int = 2) -> Voice:
    """The voice of a folder that `write_own_voice` made.

    Raises:
        InvalidVoice: The folder is incomplete or damaged.
    """
    card = read_own_card(folder)
    if card.engine == "piper":
        return NeuralVoice(card, PiperModel(folder / _MODEL))
    return NeuralVoice(card, Kokoro(str(folder / _STYLE), workers=workers))


def read_own_card(folder: Path) -> VoiceCard:
    """Who a voice of the user's own is.

    Raises:
        InvalidVoice: The card is missing or damaged.
    """
    try:
        card = VoiceCard(**json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InvalidVoice(f"{folder} does not hold a voice: {error}.") from error
    _check(card)
    return card


def write_own_voice(source: Path, card: VoiceCard, folder: Path) -> VoiceCard:
    """Copy a voice's files into a new folder; whole, or not at all.

    Args:
        source: Piper's ``.onnx`` with its ``.onnx.json`` beside it, or a ``.bin`` of Kokoro's
            styles: 510 x 256 little-endian numbers of 32 bits.
        card: Who it is; its engine follows from the file.
        folder: Must not exist yet.

    Raises:
        InvalidVoice: The files are not a voice, or the card is not right.
    """
    _check(card)
    if folder.exists():
        raise InvalidVoice(f'There is a voice "{card.name}" already; choose another name.')
    beside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        kept = _copied(source, card, beside)
        text = json.dumps(asdict(kept), ensure_ascii=False, indent=1)
        (beside / CARD_FILE).write_text(text, encoding="utf-8")
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return kept


def _copied(source: Path, card: VoiceCard, folder: Path) -> VoiceCard:
    if not source.is_file():
        raise InvalidVoice(f"There is no file {source}.")
    if source.stat().st_size > _LARGEST_MB * 1_000_000:
        raise InvalidVoice(f"{source.name} is larger than {_LARGEST_MB} MB; that is no voice.")
    if source.suffix == ".onnx":
        shutil.copyfile(source, folder / _MODEL)
        _copy_settings(source, folder / f"{_MODEL}.json")
        check_piper(folder / _MODEL)
        return _with_engine(card, "piper")
    if source.suffix == ".bin":
        (folder / _STYLE).write_bytes(_halved(source))
        return _with_engine(card, "kokoro")
    raise InvalidVoice(
        f"{source.name} is neither Piper's .onnx nor Kokoro's .bin. A .pt is a pickle, which can "
        "run code; write its numbers into a .bin."
    )


def _copy_settings(model: Path, target: Path) -> None:
    settings = model.with_name(f"{model.name}.json")
    if not settings.is_file():
        raise InvalidVoice(f"{settings.name} must lie beside {model.name}; it tells the sounds.")
    shutil.copyfile(settings, target)


def _halved(source: Path) -> bytes:
    content = source.read_bytes()
    rows, columns = STYLE_SHAPE
    if len(content) != rows * columns * 4:
        raise InvalidVoice(f"{source.name} does not hold {rows} x {columns} numbers of 32 bits.")
    styles = np.frombuffer(content, "<f4")
    if not np.isfinite(styles).all() or np.abs(styles).max() > 100:
        raise InvalidVoice(f"{source.name} holds numbers that are no styles.")
    return styles.astype("<f2").tobytes()


def _with_engine(card: VoiceCard, engine: str) -> VoiceCard:
    return VoiceCard(**(asdict(card) | {"engine": engine}))


def _check(card: VoiceCard) -> None:
    if not _NAME.fullmatch(card.name):
        raise InvalidVoice(f'"{card.name}" is no name; use a-z, 0-9, "-" and "_".')
    try:
        front_end_of(card.language)
    except UnsupportedLanguage as error:
        known = ", ".join(get_args(Language))
        raise InvalidVoice(f"Languages that are read here: {known}. {error}") from error
    if card.gender not in get_args(Gender):
        raise InvalidVoice(f'"{card.gender}" is not a gender of a voice; write female or male.')
