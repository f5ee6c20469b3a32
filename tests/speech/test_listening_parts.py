"""The parts of listening, each alone, on sounds whose truth is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from lipwright.arrays import Samples
from lipwright.bench.labelled import labelled
from lipwright.errors import ModelUnavailable
from lipwright.speech.arpabet import PHONES
from lipwright.speech.listening.activity import speech_stretches
from lipwright.speech.listening.alignment import AlignedWord, Aligner, SpokenWord
from lipwright.speech.listening.matching import partners, similarity
from lipwright.speech.listening.murmur import murmured
from lipwright.speech.listening.nearest import base, nearest
from lipwright.speech.listening.packaged import PackagedModel
from lipwright.speech.listening.phones import HeardPhone, heard_phones
from lipwright.speech.listening.sound_file import read_sound_file
from lipwright.speech.listening.sounds import (
    HEARING_RATE_HZ,
    PER_SAMPLE,
    Span,
    Stretch,
    as_heard,
    pieces_of,
)
from lipwright.speech.listening.transcript import FITS, in_order, placed
from lipwright.timeline import SAMPLE_RATE
from lipwright.viseme.table import targets

phone_lists = st.lists(st.sampled_from(PHONES), max_size=40)


@pytest.fixture(scope="module")
def mary() -> Samples:
    return as_heard(read_sound_file(labelled()["mary"].path))


def test_resampling_in_pieces_is_resampling_at_once() -> None:
    samples = np.random.default_rng(0).standard_normal(25 * SAMPLE_RATE + 7).astype(np.float32)
    whole = resample_poly(samples, 1, PER_SAMPLE)
    pieces = as_heard(samples)
    assert len(pieces) == len(whole)
    np.testing.assert_allclose(pieces, whole, atol=1e-5)


@given(phone_lists, phone_lists)
@settings(max_examples=60, deadline=None)
def test_partners_are_in_order_and_no_phone_has_two(first: list[str], second: list[str]) -> None:
    found = partners(first, second)
    assert len(found) == len(first)
    indices = [index for index in found if index is not None]
    assert indices == sorted(set(indices))
    assert all(0 <= index < len(second) for index in indices)


@given(phone_lists)
@settings(max_examples=30, deadline=None)
def test_a_run_of_phones_is_its_own_partner(phones: list[str]) -> None:
    assert partners(phones, phones) == list(range(len(phones)))


def test_vowels_are_never_taken_for_consonants() -> None:
    assert partners(["P"], ["AA"]) == [None]
    assert similarity("P", "AA") == 0
    assert similarity("B", "P") > similarity("S", "P")


@pytest.mark.parametrize(
    ("symbol", "phone"),
    [("t͡ɕʰ", "CH"), ("ã", "AA"), ("ː", None), ("p͈", "P"), ("ç", "SH"), ("aɪ", "AY"), ("ɲ", "N")],
)
def test_sounds_of_other_languages_have_a_nearest_phone(symbol: str, phone: str | None) -> None:
    assert nearest(symbol) == phone


def test_every_phone_that_the_recognizer_names_has_a_mouth_shape() -> None:
    from hama import ASRModel

    named = [token for token in ASRModel().decoder_tokens if nearest(token)]
    assert len(named) > 80
    for token in named:
        assert targets(base(token))


def test_speech_is_found_and_noise_is_not(mary: Samples) -> None:
    quiet = np.zeros(HEARING_RATE_HZ, np.float32)
    noise = 0.03 * np.random.default_rng(0).standard_normal(HEARING_RATE_HZ).astype(np.float32)
    found = speech_stretches(np.concatenate([quiet, mary, quiet, noise, mary, noise]))
    assert len(found) == 2
    truth = labelled()["mary"]
    start = HEARING_RATE_HZ + truth.phonemes[0].start // PER_SAMPLE
    end = HEARING_RATE_HZ + truth.phonemes[-1].end // PER_SAMPLE
    assert abs(found[0].start - start) < HEARING_RATE_HZ // 5
    assert abs(found[0].end - end) < HEARING_RATE_HZ // 5
    assert speech_stretches(np.zeros(0, np.float32)) == ()


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_pieces_hold_every_stretch_and_none_is_too_long(lengths: list[tuple[int, int]]) -> None:
    stretches, cursor = [], 0
    for gap, length in lengths:
        stretches.append(Stretch(cursor + gap * 1000, cursor + (gap + length) * 1000))
        cursor = stretches[-1].end
    samples = np.random.default_rng(0).standard_normal(cursor).astype(np.float32)
    pieces = pieces_of(samples, stretches, 40_000)
    assert all(len(piece) <= 40_000 for piece in pieces)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    covered = np.zeros(cursor, bool)
    for piece in pieces:
        covered[piece.start : piece.end] = True
    assert all(covered[s.start : s.end].all() for s in stretches)


def test_loudness_moves_the_mouth_where_no_phone_is_heard() -> None:
    t = np.arange(2 * HEARING_RATE_HZ) / HEARING_RATE_HZ
    swells = (np.sin(2 * np.pi * 2 * t) ** 2 * np.sin(2 * np.pi * 150 * t)).astype(np.float32)
    heard = HeardPhone(Span(0, HEARING_RATE_HZ // 2, "s"), "S")
    found = list(murmured(swells, [Stretch(0, len(swells))], [heard]))
    assert 5 <= len(found) <= 7  # four swells a second in the second and a half that is left
    assert all(phone.span.start >= heard.span.end for phone in found)
    assert list(murmured(np.zeros_like(swells), [Stretch(0, len(swells))], [])) == []


def test_a_right_text_fits_and_a_wrong_one_does_not(mary: Samples) -> None:
    aligner = Aligner()
    phones = heard_phones(mary, speech_stretches(mary))

    def said(text: str) -> list[SpokenWord]:
        return [SpokenWord(w, aligner.known_phones(w), True) for w in text.split()]

    right = placed(mary, said("mary rolled the barrel"), phones, aligner)
    assert right.match > FITS
    assert all(right.words)
    assert right.other == ()
    wrong = placed(mary, said("seventeen quick foxes"), phones, aligner)
    assert wrong.match < FITS
    assert not any(wrong.words)
    assert len(wrong.other) == 1


def test_words_that_cannot_be_said_so_fast_are_not_aligned() -> None:
    aligner = Aligner()
    word = SpokenWord("seventeen", aligner.known_phones("seventeen"), is_in_dictionary=True)
    assert aligner.align(np.zeros(400, np.float32), [word] * 9) == ()
    assert aligner.align(np.zeros(400, np.float32), []) == ()


def test_a_model_that_is_missing_or_changed_is_named() -> None:
    with pytest.raises(ModelUnavailable, match="Nobody's model is not installed"):
        PackagedModel("Nobody's model", (("no_such_package", "model.bin"),), "0" * 64).read()
    with pytest.raises(ModelUnavailable, match="is not installed"):
        PackagedModel("hama's model", (("hama", "g2p_vocab.json"),), "0" * 64).read()
    with pytest.raises(ModelUnavailable, match="does not match"):
        PackagedModel("A model", (("hama", "assets/g2p_vocab.json"),), "0" * 64).read()


def test_words_found_after_the_next_one_are_not_said() -> None:
    a, b, late, c = (
        AlignedWord(Span(s, s + 5, n), ()) for s, n in zip((0, 6, 30, 20), "abxc", strict=True)
    )
    assert in_order([a, None, b, late, c]) == [a, None, b, None, c]
    assert in_order([]) == []
