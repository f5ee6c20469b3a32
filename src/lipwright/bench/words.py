"""How much of what a voice says is understood: word error by the bundled recogniser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from lipwright.bench.figures import Figure, Figures
from lipwright.bench.sentences import SENTENCES
from lipwright.errors import UnknownVoice
from lipwright.speech import VoiceCard, open_voice, voices
from lipwright.speech.languages import front_end_of
from lipwright.speech.listening.activity import speech_stretches
from lipwright.speech.listening.recognition import Whisper
from lipwright.speech.listening.sounds import as_heard

_MOST: Final = 0.06
_ELIDES: Final[tuple[str, ...]] = ("fr-FR", "it-IT")
"""Where an apostrophe parts two words."""
_MORA: Final = re.compile(r"[^aiɯɨeoɴʔː]*[aiɯɨeo]|[ɴʔː]|[^aiɯɨeoɴʔː]+")
_UNSTRESSED: Final = re.compile("[ˈˌː]")
_UNHEARD: Final = re.compile(r"[\s.,;:!?…—()]+")


def figures(name: str | None = None) -> Figures:
    """The word error of one bundled voice, or of every one; some 45 s of CPU for each."""
    chosen = [card for card in voices() if name in (None, card.name)]
    if not chosen:
        raise UnknownVoice(f'There is no voice "{name}" that ships; see `lipwright voices list`.')
    return {
        f"word_error_{card.name}": Figure(word_error(card), "share", ceiling=_MOST)
        for card in chosen
    }


def word_error(
    card: VoiceCard, *, told: Callable[[Sequence[Unit], Sequence[Unit]], None] | None = None
) -> float:
    """Share of the words of its language's `SENTENCES` that are not heard as they were said.

    Figures are written out as words on both sides, and "mezzo giorno" is "mezzogiorno".  Japanese
    and Mandarin are counted in morae and in syllables with their tones.
    """
    script = SENTENCES[card.language]
    speech = open_voice(card.name).speak(script)
    samples = as_heard(speech.samples)
    whisper = Whisper(threads=2, language=card.language[:2])
    heard = " ".join(w.name for w in whisper.recognize(samples, speech_stretches(samples)).words)
    said, understood = units(script, card.language), units(heard, card.language)
    if told is not None:
        told(said, understood)
    return errors(said, understood) / len(said)


class Unit(NamedTuple):
    """A word, a syllable or a mora."""

    spelled: str
    sound: str
    """What must be the same: who hears "il commence" may write "ils commencent"."""


def units(text: str, language: str) -> list[Unit]:
    """What is counted of a text: its words, or the morae of a language without spaces.

    English words sound as they are spelled, others as they are read, without stress.
    """
    front_end = front_end_of(language)
    if language == "zh-CN":
        said = "".join(front_end.spoken(front_end.split(text)))
        syllables = front_end.pronounce(" ".join(filter(str.isalnum, said)))
        return [Unit(syllable, syllable) for syllable in syllables]
    if not front_end.spaced:
        # a recogniser parts every sign, and signs alone are read otherwise
        sounds = "".join(front_end.pronounce("".join(text.split())))
        return [Unit(mora, mora) for mora in _MORA.findall(_UNHEARD.sub("", sounds))]
    words = _words(" ".join(front_end.spoken(text.split())), language)
    if language.startswith("en"):
        return [Unit(word, word) for word in words]
    return [Unit(word, _UNSTRESSED.sub("", front_end.pronounce(word)[0])) for word in words]


def _words(said: str, language: str) -> list[str]:
    plain = unicodedata.normalize("NFC", said).casefold().replace("’", "'")
    return re.findall(r"\w+", plain.replace("'", " " if language in _ELIDES else ""))


def errors(said: Sequence[Unit], understood: Sequence[Unit]) -> int:
    """Fewest units to put in, take out or change; two that are written as one are no error."""
    rows = [list(range(len(understood) + 1))]
    for i, word in enumerate(said, start=1):
        row = [i]
        for j, other in enumerate(understood, start=1):
            ways = [rows[-1][j - 1] + (word.sound != other.sound), rows[-1][j] + 1, row[-1] + 1]
            if i > 1 and said[i - 2].spelled + word.spelled == other.spelled:
                ways.append(rows[-2][j - 1])
            if j > 1 and understood[j - 2].spelled + other.spelled == word.spelled:
                ways.append(rows[-1][j - 2])
            row.append(min(ways))
        rows.append(row)
    return rows[-1][-1]
