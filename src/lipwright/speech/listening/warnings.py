"""What a user is told about a recording that did not go as meant, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Stretch
from lipwright.speech.listening.transcript import Placed
from lipwright.speech.listening.wording import Wording

_SHOWN: Final = 8
"""Words quoted in one warning."""
_PLACES: Final = 5
"""Places named in one warning."""


def other_words(stretches: Sequence[Stretch]) -> list[str]:
    """Where recognized words stand instead of the transcript's."""
    return [
        f"The transcript does not match what is said {_places(stretches)}; the words that were "
        "recognized there are shown instead."
    ]


def unwritten(stretches: Sequence[Stretch]) -> list[str]:
    """Where something is said that nobody could write down."""
    return [
        f"The transcript does not match what is said {_places(stretches)}, and no words were "
        "recognized there; the mouth follows the sound."
    ]


def unmatched(stretches: Sequence[Stretch]) -> str:
    """A transcript whose language nothing here reads and nobody recognized."""
    return (
        f"The transcript could not be compared with what is said {_places(stretches)}, so there "
        "are no captions; the mouth follows the sound."
    )


def unsaid(wording: Wording, found: Placed) -> Iterator[str]:
    """Words of the transcript that are not in the recording."""
    said = {o for o, word in zip(wording.owners, found.words, strict=True) if word is not None}
    left = [text for index, text in enumerate(wording.texts) if index not in said]
    if left:
        more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        words = " ".join(left[:_SHOWN])
        yield f'Words of the transcript that are not said were left out: "{words}"{more}.'


def _places(stretches: Sequence[Stretch]) -> str:
    named = [f"from {_clock(s.start)} to {_clock(s.end)}" for s in stretches[:_PLACES]]
    more = f" and in {len(stretches) - _PLACES} more places" if len(stretches) > _PLACES else ""
    return ", ".join(named) + more


def _clock(sample: int) -> str:
    minutes, seconds = divmod(sample / HEARING_RATE_HZ, 60)
    return f"{int(minutes)}:{seconds:04.1f}"
