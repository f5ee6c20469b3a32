from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.speech import numerals


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0", "zero"),
        ("13", "thirteen"),
        ("40", "forty"),
        ("105", "one hundred five"),
        ("1,000", "one thousand"),
        ("1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"),
        ("1000000", "one million"),
        ("007", "zero zero seven"),
        ("1" * 30, " ".join(["one"] * 30)),
    ],
)
def test_a_cardinal_is_said_in_words(text: str, words: str) -> None:
    assert numerals.cardinal(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("205", "two hundred and five"),
        ("1,005", "one thousand and five"),
        ("1,250", "one thousand two hundred and fifty"),
    ],
)
def test_a_british_cardinal_has_an_and(text: str, words: str) -> None:
    assert numerals.cardinal(text, british=True) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"),
        (12, "twelfth"),
        (20, "twentieth"),
        (21, "twenty first"),
        (33, "thirty third"),
        (100, "one hundredth"),
    ],
)
def test_an_ordinal_is_said_in_words(number: int, words: str) -> None:
    assert numerals.ordinal(number) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1900", "nineteen hundred"),
        ("1905", "nineteen oh five"),
        ("1999", "nineteen ninety nine"),
        ("2000", "two thousand"),
        ("2008", "two thousand eight"),
        ("2024", "twenty twenty four"),
    ],
)
def test_a_year_is_said_in_pairs(text: str, words: str) -> None:
    assert numerals.year(text) == words


@given(st.integers(min_value=0, max_value=10**18))
def test_two_numbers_are_never_said_alike(number: int) -> None:
    assert numerals.cardinal(str(number)) != numerals.cardinal(str(number + 1))


@given(st.integers(min_value=0, max_value=10**40))
def test_a_cardinal_is_only_letters_and_spaces(number: int) -> None:
    assert numerals.cardinal(str(number), british=True).replace(" ", "").isalpha()
