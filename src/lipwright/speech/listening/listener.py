"""What is said in a recording, and when: with a transcript, without one, in any language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Final

from lipwright.arrays import Samples
from lipwright.errors import InvalidScript, UnsupportedLanguage
from lipwright.speech.listening.activity import speech_stretches
from lipwright.speech.listening.alignment import Aligner
from lipwright.speech.listening.captions import caption_words, snapped, spoken_phones, tidy
from lipwright.speech.listening.murmur import murmured
from lipwright.speech.listening.phones import HeardPhone, exactly, heard_phones
from lipwright.speech.listening.recognition import Recognition, Recognizer
from lipwright.speech.listening.sounds import Span, Stretch
from lipwright.speech.listening.transcript import FITS, Placed, placed
from lipwright.speech.listening.warnings import other_words, unmatched, unsaid, unwritten
from lipwright.speech.listening.wording import Wording, english, foreign
from lipwright.speech.rewording import reworded
from lipwright.speech.speech import Findings
from lipwright.timeline import Timed

_ENGLISH: Final = "en"
_SURE: Final = 0.75
"""A right English text fits its whole recording at least so well, also in noise; Spanish read as
English fitted with 0.66."""
_FITS_ABROAD: Final = 0.42
"""Phones of other languages are heard and paired less well: a right Japanese text measured 0.56."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything heard in a recording, in samples at `HEARING_RATE_HZ`."""

    words: tuple[Span, ...]
    """As they are shown; in order and never overlapping."""
    phones: tuple[HeardPhone, ...]
    """In order and never overlapping."""
    findings: Findings


@dataclass(slots=True)
class Listener:
    """Hears one recording.  Nothing is computed before it is needed, nor twice."""

    samples: Samples
    recognizer: Recognizer
    stretches: tuple[Stretch, ...] = field(init=False)
    phones: tuple[HeardPhone, ...] = field(init=False)
    """Heard without any text, to some 50 ms."""
    aligner: Aligner = field(init=False)

    def __post_init__(self) -> None:
        self.stretches = speech_stretches(self.samples)
        self.phones = heard_phones(self.samples, self.stretches)
        self.aligner = Aligner()

    def hear(self, transcript: str | None) -> Heard:
        """Words and phones, from the transcript where it fits and from the sound elsewhere."""
        if not self.stretches:
            return Heard((), (), Findings("sound", warnings=(_NOTHING,)))
        if transcript is None or not transcript.strip():
            return self._recognized(self._recognition(self.stretches), ())
        return self._told(transcript)

    def _told(self, transcript: str) -> Heard:
        """With a transcript; its language is asked for only where it does not fit as English."""
        try:
            wording = english(transcript, self.aligner)
        except UnsupportedLanguage:
            return self._told_foreign(transcript, self._recognition(self.stretches))
        found = self._placed(wording, self.phones)
        if found.match < _SURE:
            recognition = self._recognition(self.stretches)
            if recognition.language not in (_ENGLISH, "und"):
                return self._told_foreign(transcript, recognition)
        return self._mixed(wording, found, Findings("transcript", _ENGLISH, found.match))

    def _told_foreign(self, transcript: str, recognition: Recognition) -> Heard:
        language = recognition.language
        findings = Findings("transcript", language)
        wording = foreign(transcript, language, self.aligner)
        if wording is not None:
            found = self._placed(wording, self.phones, fits=_FITS_ABROAD)
            return self._mixed(wording, found, replace(findings, transcript_match=found.match))
        exact = exactly(self.samples, self.phones, self.aligner)
        known = snapped(recognition.words, exact)
        shown = [Timed(word.start, word.end, word.name) for word in known]
        words = [Span(w.start, w.end, w.value) for w in reworded(shown, transcript.split())]
        warnings = () if known else (unmatched(self.stretches),)
        return self._heard(words, exact, replace(findings, warnings=warnings))

    def _recognized(self, recognition: Recognition, warnings: Sequence[str]) -> Heard:
        """Without a transcript: the recognized text, aligned like one."""
        words, phones = self._aligned(recognition, self.stretches)
        if not words:
            exact = exactly(self.samples, self.phones, self.aligner)
            return self._heard((), exact, Findings("sound", warnings=(*warnings, _NO_WORDS)))
        findings = Findings("recognition", recognition.language, warnings=tuple(warnings))
        return self._heard(words, phones, findings)

    def _mixed(self, wording: Wording, found: Placed, findings: Findings) -> Heard:
        """The transcript's words where they are said, recognized ones where others are."""
        words = caption_words(wording, found)
        phones = list(spoken_phones(wording, found))
        warnings = [*unsaid(wording, found)]
        if found.other:
            recognition = self._recognition(found.other)
            more, heard = self._aligned(recognition, found.other)
            words, phones = [*words, *more], [*phones, *heard]
            warnings += other_words(found.other) if more else unwritten(found.other)
        return self._heard(words, phones, replace(findings, warnings=tuple(warnings)))

    def _aligned(
        self, recognition: Recognition, stretches: Sequence[Stretch]
    ) -> tuple[list[Span], list[HeardPhone]]:
        """Recognized words with exact times, and every phone of the stretches."""
        inside = _inside(self.phones, stretches)
        wording = self._wording_of(recognition)
        if wording is None:
            exact = exactly(self.samples, inside, self.aligner)
            return snapped(recognition.words, exact), list(exact)
        found = self._placed(wording, inside)
        rough = [Timed(w.start, w.end, w.name) for w in recognition.words]
        fallback = [Span(w.start, w.end, w.value) for w in reworded(rough, wording.texts)]
        rest = exactly(self.samples, _inside(inside, found.other), self.aligner)
        phones = [*spoken_phones(wording, found), *rest]
        return caption_words(wording, found, fallback), phones

    def _wording_of(self, recognition: Recognition) -> Wording | None:
        text = " ".join(word.name for word in recognition.words)
        plain = text.translate(_NO_MARKUP)
        try:
            if recognition.language == _ENGLISH:
                return english(plain, self.aligner)
            return foreign(plain, recognition.language, self.aligner)
        except (InvalidScript, UnsupportedLanguage):
            return None

    def _recognition(self, stretches: Sequence[Stretch]) -> Recognition:
        return self.recognizer.recognize(self.samples, stretches)

    def _placed(
        self, wording: Wording, phones: Sequence[HeardPhone], *, fits: float = FITS
    ) -> Placed:
        return placed(self.samples, wording.words, phones, self.aligner, fits=fits)

    def _heard(
        self, words: Sequence[Span], phones: Sequence[HeardPhone], findings: Findings
    ) -> Heard:
        every = sorted(phones, key=lambda phone: phone.span.start)
        more = murmured(self.samples, self.stretches, every)
        return Heard(
            tuple(tidy(words)),
            tuple(_apart([*every, *more])),
            findings,
        )


_NOTHING: Final = "Nobody is heard speaking in the recording, so the mouth rests."
_NO_WORDS: Final = (
    "The words in the recording were not understood, so there are no captions; the mouth follows "
    "the sound."
)
_NO_MARKUP: Final = {ord("["): "(", ord("]"): ")", ord("<"): "(", ord(">"): ")"}
"""A recognizer's marks are no markup."""


def _inside(phones: Sequence[HeardPhone], stretches: Sequence[Stretch]) -> list[HeardPhone]:
    return [
        phone
        for phone in phones
        if any(s.start <= (phone.span.start + phone.span.end) // 2 < s.end for s in stretches)
    ]


def _apart(phones: Sequence[HeardPhone]) -> Iterator[HeardPhone]:
    """In order, each ended where the next one starts; what nothing is left of goes."""
    ordered = sorted(phones, key=lambda phone: phone.span.start)
    for this, following in zip_longest(ordered, ordered[1:]):
        end = this.span.end if following is None else min(this.span.end, following.span.start)
        if end > this.span.start:
            yield HeardPhone(Span(this.span.start, end, this.span.name), this.phone, this.stress)
