from __future__ import annotations

from lipwright.speech import letters
from lipwright.speech.passages import LETTERS_AT_ONCE, passages
from lipwright.speech.pronunciation import Pronouncer
from lipwright.speech.script import read_script

PRONOUNCE = Pronouncer(british=False)


def owners(script: str) -> set[int]:
    return {
        owner
        for passage in passages(read_script(script), PRONOUNCE)
        for owner, letter in zip(passage.owners, passage.letters, strict=True)
        if letter not in letters.SILENT
    }


def test_a_sentence_is_one_passage_and_each_letter_has_its_token() -> None:
    first, second = passages(
        read_script("Hello there, my old friend. How are you today?"), PRONOUNCE
    )
    assert first.letters.startswith("həlˈO ðˈɛɹ,")
    assert first.owners[:6] == (0,) * 6
    assert second.owners[0] == 5


def test_a_very_short_sentence_is_said_with_the_next() -> None:
    (passage,) = passages(read_script("No! Not like this, my friend."), PRONOUNCE)
    assert "!" in passage.letters


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    clause = "and the very long road went on over the hills and far away, "
    first, *_ = passages(read_script(clause * 6), PRONOUNCE)
    assert first.letters.endswith(",")
    assert len(first.letters) <= LETTERS_AT_ONCE


def test_an_endless_word_is_cut_and_still_owned() -> None:
    parts = list(passages(read_script("https://a.com/" + "word7" * 200), PRONOUNCE))
    assert len(parts) > 1
    assert all(len(part.letters) <= LETTERS_AT_ONCE for part in parts)
    assert {owner for part in parts for owner in part.owners} == {0}


def test_every_token_is_heard_even_if_it_cannot_be_read() -> None:
    assert owners("This ꜷ is j'L mute") == {0, 1, 2, 3, 4}


def test_an_accent_changes_the_pronunciation() -> None:
    british = Pronouncer(british=True)
    assert PRONOUNCE("the bath") == ("ðə", "bˈæθ")
    assert british("the bath") == ("ðə", "bˈɑːθ")
