from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.errors import InvalidScript
from lipwright.speech import open_voice
from lipwright.speech.markup import read_markup
from lipwright.speech.passages import passages
from lipwright.speech.pronunciation import Pronouncer
from lipwright.speech.script import Token, read_script
from lipwright.timeline import SAMPLE_RATE


def tokens(script: str) -> list[Token]:
    return [token for sentence in read_script(script) for token in sentence.tokens]


def pause_ms(script: str) -> int:
    first, *_ = read_script(script)
    return round((first.pause or 0) * 1000 / SAMPLE_RATE)


@pytest.mark.parametrize(
    ("mark", "expected_ms"),
    [
        ("[PAUSE]", 500),
        ("[pause]", 500),
        ('<break time="750ms"/>', 750),
        ("<break time='1.5s' />", 1500),
        ('<break strength="strong"/>', 700),
        ("<break/>", 400),
        ("[PAUSE][PAUSE]", 1000),
    ],
)
def test_a_pause_is_as_long_as_it_says(mark: str, expected_ms: int) -> None:
    assert pause_ms(f"Wait {mark} go.") == expected_ms
    assert pause_ms(f"Wait.{mark}Go.") == expected_ms


def test_a_pause_is_heard() -> None:
    voice = open_voice("humming")
    plain, paused = (voice.speak(f"Wait. {mark} Go.") for mark in ("", '<break time="3s"/>'))
    before, after = paused.words
    assert after.start - before.end == 3 * SAMPLE_RATE
    assert [word.value for word in paused.words] == [word.value for word in plain.words]


def test_an_alias_is_said_and_the_spelling_is_kept() -> None:
    assert tokens('Ask <sub alias="World Wide Web">W3C</sub>, then go.') == [
        Token("Ask", "Ask"),
        Token("W3C,", "World Wide Web,"),
        Token("then", "then"),
        Token("go.", "go."),
    ]


def test_several_words_with_one_alias_are_one_caption_word() -> None:
    first, second, third = tokens('Dear <sub alias="Bob">Mister Robert Smith</sub>! Hello.')
    assert (second.text, second.spoken) == ("Mister Robert Smith!", "Bob!")
    assert (first.text, third.text) == ("Dear", "Hello.")


def test_phonemes_are_said_as_written() -> None:
    script = 'A <phoneme alphabet="ipa" ph="təˈmɑːtoʊ">tomato</phoneme>, please.'
    (passage,) = passages(read_script(script), Pronouncer(british=False))
    assert " təˈmɑːtO, " in passage.letters
    assert tokens(script)[1].text == "tomato,"


@pytest.mark.parametrize("text", ["I <3 you", "a < b > c", "5<6", "x <y and z", "[Pausanias]"])
def test_signs_of_a_plain_text_are_no_markup(text: str) -> None:
    assert read_markup(text).text == text


def test_entities_are_the_signs_that_they_name() -> None:
    assert read_markup("AT&amp;T &lt;b&gt; &amp;lt;").text == "AT&T <b> &lt;"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("Hi\nyou <b>there</b>.", "Line 2, character 5"),
        ("<!DOCTYPE x><p>", "is not understood"),
        ("Hi <!-- no --> you", "is not understood"),
        ("a <break time=500ms/> b", "well formed"),
        ('a <break time="11s"/> b', "at most"),
        ('a <break time="-1s"/> b', "at most"),
        ('a <break time="1s" size="2"/> b', '"size"'),
        ('a <break strength="huge"/> b', "x-strong"),
        ('a <break time="1s" b', "does not end"),
        ('a <sub alias="b">c', "never closed"),
        ('a <sub alias="b"/> c', "no words"),
        ('a <sub alias="">c</sub>', "alias"),
        ('a <sub alias="b"></sub> c', "must enclose"),
        ("a </sub> c", "not opened"),
        ('a <sub alias="b"><sub alias="c">d</sub></sub>', "inside"),
        ('a <sub alias="b">c [PAUSE] d</sub>', "outside"),
        ('a <phoneme ph="漢">b</phoneme>', "漢"),
        ('a <phoneme alphabet="x-sampa" ph="b">b</phoneme>', "alphabet"),
        ('a ' + '<break time="10s"/>' * 7 + " b", "60 s"),
    ],
)  # fmt: skip
def test_wrong_marks_are_refused_with_the_place_and_what_is_right(
    script: str, message: str
) -> None:
    with pytest.raises(InvalidScript, match=r"^Line \d+, character ") as refusal:
        read_script(script)
    assert message in str(refusal.value)


@given(st.text("<>/[]&;=\"'ab PAUSEsubrek\n", max_size=60))
def test_any_text_is_read_or_refused(script: str) -> None:
    try:
        marked = read_markup(script)
    except InvalidScript:
        return
    assert all(0 <= this.start < this.end <= len(marked.text) for this in marked.said)
    assert all(0 <= position <= len(marked.text) for position, _ in marked.pauses)
