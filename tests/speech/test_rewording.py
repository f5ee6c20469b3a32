from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lipwright.speech import reworded
from lipwright.timeline import SAMPLE_RATE, Timed

S = SAMPLE_RATE
HEARD = (Timed(0, S, "lip"), Timed(S, 2 * S, "right"), Timed(3 * S, 4 * S, "works"))


def rows(texts: str) -> list[tuple[float, float, str]]:
    return [(w.start / S, w.end / S, w.value) for w in reworded(HEARD, texts.split())]


def test_spelling_case_and_marks_change_no_time() -> None:
    assert rows("Lip right, WORKS!") == [(0, 1, "Lip"), (1, 2, "right,"), (3, 4, "WORKS!")]


def test_two_words_become_one_over_their_whole_time() -> None:
    assert rows("Lipwright works") == [(0, 2, "Lipwright"), (3, 4, "works")]


def test_one_word_becomes_two_by_their_length() -> None:
    assert rows("lip right is done")[2:] == [(3, 3.375, "is"), (3.375, 4, "done")]


def test_a_word_put_in_takes_the_pause_that_it_stands_in() -> None:
    assert rows("lip right really works")[2] == (2, 3, "really")


def test_a_word_put_in_without_a_pause_shares_the_one_before() -> None:
    assert rows("lip gloss right works")[:2] == [(0, 0.4, "lip"), (0.4, 1, "gloss")]


def test_words_left_out_move_nothing() -> None:
    assert rows("lip works") == [(0, 1, "lip"), (3, 4, "works")]
    assert rows("") == []


texts = st.lists(st.sampled_from(["lip", "right", "works", "well", "!", "now"]), max_size=8)


@given(texts)
def test_edited_words_are_in_order_inside_and_stay_so(words: list[str]) -> None:
    once = reworded(HEARD, words)
    assert [word.value for word in once] == words
    assert all(a.end <= b.start for a, b in pairwise(once))
    assert all(0 <= word.start <= word.end <= 4 * S for word in once)
    assert reworded(once, words) == once
