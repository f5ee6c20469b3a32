"""One contract for every `Recognizer`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lipwright.arrays import Samples
from lipwright.bench.labelled import labelled
from lipwright.speech.listening.activity import speech_stretches
from lipwright.speech.listening.recognition import FixedRecognizer, Recognizer, Whisper, _in_order
from lipwright.speech.listening.sound_file import read_sound_file
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Span, as_heard

RECOGNIZERS = [
    pytest.param(FixedRecognizer("Bobby ripped the ledger."), id="fixed"),
    pytest.param(Whisper(), id="whisper", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module")
def bobby() -> Samples:
    quiet = np.zeros(HEARING_RATE_HZ // 2, np.float32)
    return np.concatenate([quiet, as_heard(read_sound_file(labelled()["bobby"].path)), quiet])


@pytest.mark.parametrize("recognizer", RECOGNIZERS)
def test_words_are_spelled_timed_and_in_order(recognizer: Recognizer, bobby: Samples) -> None:
    found = recognizer.recognize(bobby, speech_stretches(bobby))
    assert found.language == "en"
    assert [word.name for word in found.words] == ["Bobby", "ripped", "the", "ledger."]
    assert all(word.start < word.end <= len(bobby) for word in found.words)
    assert all(a.end <= b.start for a, b in pairwise(found.words))
    assert recognizer.recognize(bobby, speech_stretches(bobby)) == found


@pytest.mark.parametrize("recognizer", RECOGNIZERS)
def test_where_nobody_speaks_there_are_no_words(recognizer: Recognizer, bobby: Samples) -> None:
    found = recognizer.recognize(bobby, ())
    assert found.words == ()
    assert found.language == "und"


def test_pieces_of_a_word_are_joined_and_words_of_unspaced_scripts_are_not() -> None:
    words = [Span(0, 5, " well"), Span(5, 9, "-known"), Span(8, 12, " fact")]
    assert list(_in_order(words)) == [Span(0, 8, "well-known"), Span(8, 12, "fact")]
    japanese = [Span(0, 5, "今日"), Span(5, 9, "は")]
    assert list(_in_order(japanese)) == japanese
