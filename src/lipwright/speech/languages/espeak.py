"""Languages that Lipwright does not read itself, read by espeak-ng where it is installed.

espeak-ng is GPL-licensed: it comes with the extra ``lipwright[espeak]`` only, and is run as a
program of its own (`espeak_program`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lipwright.errors import SynthesisFailed, UnsupportedLanguage
from lipwright.speech import letters
from lipwright.speech.languages import espeak_program
from lipwright.speech.languages.front_end import Kind
from lipwright.speech.languages.rules import PAUSES

_MURMUR: Final = "ə"
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST_S: Final = 30
_UNSPACED: Final = frozenset(["ja", "km", "lo", "my", "th", "yue", "zh"])
"""Languages written without spaces: espeak-ng does not say where their words end."""
_SWITCHED: Final = re.compile(r"\([a-z-]+\)")
"""Where espeak-ng reads a word in another language: ``(en)``."""

_NEAREST: Final = {
    "ʏ": "y", "ʉ": "u", "ɵ": "ø", "ɘ": "ə", "ɞ": "ɜ", "ɶ": "œ", "ɫ": "l", "ɭ": "l", "ɬ": "l",
    "ɮ": "l", "ʟ": "l", "ɱ": "m", "ʀ": "ʁ", "ʐ": "ʒ", "ʑ": "ʒ", "ɦ": "h", "ħ": "h", "ʕ": "ʔ",
    "ɢ": "ɡ", "ɓ": "b", "ɗ": "d", "ʍ": "w", "ɧ": "ʃ", "ɺ": "ɾ", "ʙ": "b", "ʂ": "ʃ", "ʱ": "ʰ",
}  # fmt: skip
"""Sounds that no voice's alphabet has, and the nearest that it has."""


@dataclass(frozen=True, slots=True)
class Espeak:
    """Reads one language; see `FrontEnd`."""

    voice: str
    """As espeak-ng names it: ``"de"``."""
    spaced: bool = field(default=True, init=False)

    def check(self, words: Iterable[str]) -> None:
        """espeak-ng reads every letter, if only by name."""

    def split(self, text: str) -> list[str]:
        """See `FrontEnd.split`."""
        return [text]

    def is_abbreviated(self, before: str, word: str, following: str) -> bool:
        """See `FrontEnd.is_abbreviated`: a letter by itself, or a number before small letters."""
        return len(word) == 1 or (word.isdigit() and following[:1].islower())

    def spoken(self, words: Sequence[str]) -> list[str]:
        """See `FrontEnd.spoken`; espeak-ng reads figures and signs itself."""
        return list(words)

    def said_as(self, text: str, kind: Kind) -> str | None:
        """See `FrontEnd.said_as`."""
        if kind in ("cardinal", "ordinal"):
            return text if kind == "cardinal" and text.isdigit() else None
        signs = [sign for sign in text if sign.isdigit() or kind == "characters"]
        return " ".join(sign for sign in signs if sign.isalnum()) or None

    def pronounce(self, text: str) -> tuple[str, ...]:
        """See `FrontEnd.pronounce`."""
        words = text.split()
        bare = [word.strip(PAUSES) for word in words]
        said = _ipa(self.voice, (" ".join(bare),))[0].split()
        if len(said) != len(words):  # figures are several words, and small words are run together
            said = ["".join(ipa.split()) for ipa in _ipa(self.voice, tuple(bare))]
        return tuple(_letters(word, ipa) for word, ipa in zip(words, said, strict=True))

    def letters_of(self, ipa: str) -> str:
        """See `FrontEnd.letters_of`."""
        return letters.from_ipa(ipa, english=False)


def espeak_for(language: str) -> Espeak:
    """What reads a language, by its BCP 47 tag.

    Raises:
        UnsupportedLanguage: espeak-ng is not installed, or does not read it.
    """
    if not _TAG.fullmatch(language):
        raise UnsupportedLanguage(f'"{language}" is no tag of a language, such as de-DE.')
    if language.split("-")[0] in _UNSPACED:
        raise UnsupportedLanguage(f"{language} is not read here: its words have no spaces between.")
    lowered = language.lower()
    for voice in dict.fromkeys((lowered, lowered.split("-")[0])):
        if _reads(voice):
            return Espeak(voice)
    raise UnsupportedLanguage(f"espeak-ng does not read {language}.")


def _reads(voice: str) -> bool:
    return _ran(voice, ()).returncode != espeak_program.NO_VOICE


@lru_cache(maxsize=256)
def _ipa(voice: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """The IPA of each text; always the same, so a word is asked for once."""
    ran = _ran(voice, texts)
    if ran.returncode != 0:
        raise SynthesisFailed(f"espeak-ng stopped: {ran.stderr.strip()[-200:]}")
    return tuple(json.loads(ran.stdout))


def _ran(voice: str, texts: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    folder = _installed()
    library = folder / f"libespeak-ng.{'dylib' if sys.platform == 'darwin' else 'so'}"
    command = [sys.executable, "-I", espeak_program.__file__, str(library)]
    try:
        return subprocess.run(  # noqa: S603 - our own interpreter and program
            [*command, str(folder / "espeak-ng-data"), voice],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SynthesisFailed("espeak-ng does not answer.") from error


def _installed() -> Path:
    """The folder of the package that carries espeak-ng; it is not imported."""
    spec = find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        raise UnsupportedLanguage(
            "This language is read by espeak-ng, which is not installed: "
            'pip install "lipwright[espeak]" (it is licensed under the GPL).'
        )
    return Path(spec.origin).parent


def _letters(word: str, ipa: str) -> str:
    """The letters of a word, its nearest sounds where need be, and the pauses around it."""
    sounds = letters.from_ipa(_SWITCHED.sub("", ipa).replace("-", ""), english=False)
    said = letters.known("".join(_NEAREST.get(sound, sound) for sound in sounds))
    if all(letter in letters.SILENT for letter in said) and any(map(str.isalnum, word)):
        said = f"{_MURMUR}{said}"
    before = "".join(sign for sign in word[: len(word) - len(word.lstrip(PAUSES))])
    after = word[len(word.rstrip(PAUSES)) :] if said else ""
    return before + said + after
