"""The table of sounds: complete, in range, and forgiving of marks."""

from __future__ import annotations

import pytest

from lipwright.arrays import RIG
from lipwright.errors import UnsupportedLanguage
from lipwright.viseme.table import SYMBOLS, targets

IPA_CONSONANTS = list(
    "pbtdʈɖcɟkɡqɢʔmɱnɳɲŋɴʙrʀⱱɾɽɸβfvθðszʃʒʂʐçʝxɣχʁħʕhɦɬɮʋɹɻjɰlɭʎʟʘǀǃǂǁɓɗʄɠʛʍwɥʜʢʡɕʑɺɧ"
)
IPA_VOWELS = list("iyɨʉɯuɪʏʊeøɘɵɤoəɛœɜɞʌɔæɐaɶɑɒɚɝ")


@pytest.mark.parametrize("symbol", IPA_CONSONANTS + IPA_VOWELS)
def test_every_letter_of_the_ipa_chart_has_a_mouth(symbol: str) -> None:
    (target,) = targets(symbol)
    assert target.is_vowel == (symbol in IPA_VOWELS)


@pytest.mark.parametrize("symbol", sorted(SYMBOLS))
def test_targets_are_in_range(symbol: str) -> None:
    for target in targets(symbol):
        for name, value, dominance in zip(RIG, target.shape, target.dominance, strict=True):
            assert (-1 if name == "width" else 0) <= value <= 1
            assert dominance >= 0
        # contacts are drawn, never blended
        assert target.shape[RIG.index("press")] == target.shape[RIG.index("tuck")] == 0


@pytest.mark.parametrize(
    ("marked", "plain"),
    [("aː", "a"), ("pʰ", "p"), ("ɔ̃", "ɔ"), ("tʲ", "t"), ("n̩", "n"), ("a˥˩", "a"), ("ˈi", "i"),
     ("ç", "ɕ"), ("c\u0327", "ç"), ("g", "ɡ"), ("õ", "o"), ("ᵻ", "ɨ"), ("kʷ", "k")],
)  # fmt: skip
def test_marks_that_do_not_move_the_mouth_are_passed_over(marked: str, plain: str) -> None:
    assert targets(marked) == targets(plain)


@pytest.mark.parametrize(
    ("symbol", "parts"), [("aɪ", "aɪ"), ("tʃ", "tʃ"), ("t͡s", "ts"), ("eə", "eə"), ("k͡p", "kp")]
)
def test_a_sound_of_two_letters_passes_through_both(symbol: str, parts: str) -> None:
    assert targets(symbol) == tuple(target for part in parts for target in targets(part))


@pytest.mark.parametrize("symbol", ["", "ː", "好", "R", "aQ", "1"])
def test_anything_else_is_refused(symbol: str) -> None:
    with pytest.raises(UnsupportedLanguage):
        targets(symbol)
