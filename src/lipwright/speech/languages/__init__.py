"""The languages that are read, one module each, and which voice's language is which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lipwright.speech.languages.english import English
from lipwright.speech.languages.front_end import FrontEnd, Kind, Language

__all__ = ["English", "FrontEnd", "Kind", "Language", "front_end_of"]

_FRONT_ENDS: Final[dict[Language, Callable[[], FrontEnd]]] = {
    "en-US": English,
    "en-GB": lambda: English(british=True),
}


def front_end_of(language: Language) -> FrontEnd:
    """What reads a language."""
    return _FRONT_ENDS[language]()
