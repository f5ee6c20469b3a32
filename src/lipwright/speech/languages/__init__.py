"""The languages that are read, one module each, imported when somebody speaks them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, cast

from lipwright.speech.languages.front_end import FrontEnd, Kind, Language

__all__ = ["FrontEnd", "Kind", "Language", "front_end_of"]


def _english(*, british: bool) -> FrontEnd:
    from lipwright.speech.languages.english import English

    return English(british=british)


def _romance(name: str, lexicon: str) -> Callable[[], FrontEnd]:
    def opened() -> FrontEnd:
        package = "lipwright.speech.languages"
        read = import_module(f"{package}.{name}").pronounce
        lexicons = import_module(f"{package}.lexicons")
        return cast(
            FrontEnd, import_module(f"{package}.romance").Romance(getattr(lexicons, lexicon), read)
        )

    return opened


def _japanese() -> FrontEnd:
    from lipwright.speech.languages.japanese import Japanese

    return Japanese()


def _mandarin() -> FrontEnd:
    from lipwright.speech.languages.mandarin import Mandarin

    return Mandarin()


_FRONT_ENDS: Final[dict[str, Callable[[], FrontEnd]]] = {
    "en-US": lambda: _english(british=False),
    "en-GB": lambda: _english(british=True),
    "es-ES": _romance("spanish", "SPANISH"),
    "fr-FR": _romance("french", "FRENCH"),
    "it-IT": _romance("italian", "ITALIAN"),
    "pt-BR": _romance("portuguese", "PORTUGUESE"),
    "ja-JP": _japanese,
    "zh-CN": _mandarin,
}


def front_end_of(language: str) -> FrontEnd:
    """What reads a language: one of ours, or espeak-ng, which may be installed for the others.

    Raises:
        UnsupportedLanguage: Nothing reads it; the message says what may help.
    """
    if language in _FRONT_ENDS:
        return _FRONT_ENDS[language]()
    from lipwright.speech.languages.espeak import espeak_for

    return espeak_for(language)
