"""Phones heard in a recording without a text: hama's recognizer, then the aligner.

hama (Zig, its own small network) names the phones of 190 IPA symbols in many languages and says
roughly when; the aligner then says when exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, cast

import numpy as np

from lipwright.arrays import Samples
from lipwright.speech.listening.alignment import Aligner, SpokenWord
from lipwright.speech.listening.nearest import base, nearest
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Span, Stretch, pieces_of

_LONGEST: Final = 12 * HEARING_RATE_HZ
"""A longer piece is recognized worse."""
_SHORTEST: Final = HEARING_RATE_HZ // 10
_LATE: Final = HEARING_RATE_HZ * 70 // 1000
"""The network names a phone 70 ms after its start, in the median."""
_PAUSE: Final = HEARING_RATE_HZ * 80 // 1000
_GROUP: Final = 6
"""Phones are aligned in groups, between which the aligner may find a silence: at most so many,
and parted where the next one is named later than `_PAUSE` after this one ends."""
_PHONE_LONGEST: Final = HEARING_RATE_HZ // 4
"""A phone that seems longer has a pause after it."""


@dataclass(frozen=True, slots=True)
class HeardPhone:
    """One phone: its IPA symbol in the span, and the English phone nearest to it."""

    span: Span
    phone: str
    stress: int = 0


def heard_phones(samples: Samples, stretches: Sequence[Stretch]) -> tuple[HeardPhone, ...]:
    """Every phone heard in the stretches, in order, to some 50 ms; pauses are gaps."""
    found: list[HeardPhone] = []
    for piece in pieces_of(samples, stretches, _LONGEST):
        if len(piece) >= _SHORTEST:
            found.extend(_named(samples[piece.start : piece.end], piece.start))
    inside = [_cut_to(phone, stretches) for phone in found]
    return tuple(phone for phone in inside if phone is not None)


def exactly(
    samples: Samples, phones: Sequence[HeardPhone], aligner: Aligner
) -> tuple[HeardPhone, ...]:
    """The same phones where the aligner hears them; as they were where it cannot."""
    found: list[HeardPhone] = []
    for piece in _runs(phones):
        start = max(0, piece[0].span.start - _PAUSE)
        end = min(len(samples), piece[-1].span.end + _PAUSE)
        words = [_as_word(group) for group in _groups(piece)]
        aligned = aligner.align(samples[start:end], words)
        spans = [span for word in aligned for span in word.phones]
        found.extend(_moved(piece, spans, start) if len(spans) == len(piece) else piece)
    return tuple(found)


def _moved(phones: Sequence[HeardPhone], spans: Sequence[Span], by: int) -> Iterator[HeardPhone]:
    for phone, span in zip(phones, spans, strict=True):
        moved = Span(span.start + by, span.end + by, phone.span.name)
        yield HeardPhone(moved, phone.phone)


def _named(samples: Samples, begin: int) -> Iterator[HeardPhone]:
    model = _model()
    result = model.transcribe_waveform(samples, HEARING_RATE_HZ)
    spans = [span for span in model.phoneme_spans(result) if nearest(span.phoneme)]
    starts = [round(span.start_ms * HEARING_RATE_HZ / 1000) - _LATE for span in spans]
    for index, span in enumerate(spans):
        start = max(0, starts[index])
        following = max(0, starts[index + 1]) if index + 1 < len(spans) else len(samples)
        end = max(start, min(following, start + _PHONE_LONGEST))
        phone = cast(str, nearest(span.phoneme))
        yield HeardPhone(Span(begin + start, begin + end, base(span.phoneme)), phone)


@lru_cache(maxsize=1)
def _model() -> Any:  # noqa: ANN401 - hama has no types
    from hama import ASRModel

    return ASRModel()


def _cut_to(phone: HeardPhone, stretches: Sequence[Stretch]) -> HeardPhone | None:
    """The phone's part in the stretches; None where nobody speaks."""
    span = phone.span
    for stretch in stretches:
        start, end = max(span.start, stretch.start), min(span.end, stretch.end)
        if start < end:
            return HeardPhone(Span(start, end, span.name), phone.phone)
    return None


def _runs(phones: Sequence[HeardPhone]) -> Iterator[Sequence[HeardPhone]]:
    """Phones in pieces of at most `_LONGEST`, parted at the longest gap."""
    if not phones:
        return
    if phones[-1].span.end - phones[0].span.start <= _LONGEST or len(phones) == 1:
        yield phones
        return
    gaps = np.array([b.span.start - a.span.end for a, b in pairwise(phones)])
    at = int(np.argmax(gaps)) + 1 if gaps.max() > 0 else len(phones) // 2
    yield from _runs(phones[:at])
    yield from _runs(phones[at:])


def _groups(phones: Sequence[HeardPhone]) -> Iterator[Sequence[HeardPhone]]:
    first = 0
    for index in range(1, len(phones) + 1):
        is_last = index == len(phones)
        if is_last or index - first == _GROUP or _is_parted(phones[index - 1], phones[index]):
            yield phones[first:index]
            first = index


def _is_parted(this: HeardPhone, following: HeardPhone) -> bool:
    return following.span.start - this.span.end > 0 or len(this.span) > _PAUSE * 2


def _as_word(group: Sequence[HeardPhone]) -> SpokenWord:
    phones = tuple(phone.phone for phone in group)
    return SpokenWord("", phones)
