from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.errors import InvalidRequest, InvalidScript
from lipwright.speech import open_voice
from lipwright.speech.delivery import Delivery
from lipwright.speech.languages.english import English
from lipwright.speech.markup import read_markup
from lipwright.speech.passages import passages
from lipwright.speech.pronunciation import Pronouncer
from lipwright.speech.script import Token, read_script
from lipwright.timeline import SAMPLE_RATE

PRONOUNCE = Pronouncer(british=False)


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
    (passage,) = passages(read_script(script), PRONOUNCE)
    assert " təˈmɑːtO, " in passage.letters
    assert tokens(script)[1].text == "tomato,"


@pytest.mark.parametrize(
    ("kind", "text", "spoken"),
    [
        ("characters", "W3C", "W, three, C"),
        ("cardinal", "1,024", "one thousand twenty four"),
        ("ordinal", "21", "twenty first"),
        ("digits", "2024", "two zero two four"),
        ("telephone", "555-0100", "five five five, zero one zero zero"),
    ],
)
def test_a_word_is_said_as_what_it_is(kind: str, text: str, spoken: str) -> None:
    (token,) = tokens(f'<say-as interpret-as="{kind}">{text}</say-as>')
    assert (token.text, token.spoken) == (text, spoken)


def test_rates_multiply_and_end_with_their_element() -> None:
    script = 'One <prosody rate="fast">two <prosody rate="80%">three</prosody></prosody> four.'
    assert [token.rate for token in tokens(script)] == [1.0, 1.25, 1.0, 1.0]


def test_a_passage_has_one_rate_within_the_bounds_of_the_voice() -> None:
    script = 'One two <prosody rate="200%">three four</prosody> five.'
    said = list(passages(read_script(script), PRONOUNCE, 1.5))
    assert [passage.rate for passage in said] == [1.5, 2.0, 1.5]
    assert {owner for passage in said for owner in passage.owners} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("level", "said"),
    [("strong", "bˈæːd"), ("moderate", "bˈæd"), ("none", "bˈæd"), ("reduced", "bˌæd")],
)
def test_emphasis_changes_the_stress(level: str, said: str) -> None:
    (passage,) = passages(
        read_script(f'A very <emphasis level="{level}">bad</emphasis> idea.'), PRONOUNCE
    )
    assert said in passage.letters


def test_elements_of_sentences_and_paragraphs_end_them() -> None:
    sentences = read_script("<speak><p><s>one</s><s>two three</s></p><p>four</p></speak>")
    assert [len(sentence.tokens) for sentence in sentences] == [1, 2, 1]
    assert [sentence.ends_paragraph for sentence in sentences] == [False, True, True]


class TestDictionary:
    def test_words_are_said_as_it_says_and_written_as_they_are(self) -> None:
        entries = (("Nike", "/ˈnaɪki/"), ("acme corp", "the company"))
        first, second, third = read_script("Nike, ACME Corp. snike.", pronunciations=entries)[
            0
        ].tokens
        assert (first.text, first.letters) == ("Nike,", "ˈnIki")
        assert (second.text, second.spoken) == ("ACME Corp.", "the company")
        assert (third.text, third.letters) == ("snike.", None)

    def test_marks_in_the_script_win(self) -> None:
        script = '<sub alias="victory">Nike</sub> won.'
        first, _ = read_script(script, pronunciations=(("nike", "shoes"),))[0].tokens
        assert first.spoken == "victory"

    @pytest.mark.parametrize("entry", [("", "a"), ("a", ""), ("a", "/漢字/")])
    def test_what_cannot_be_said_is_refused(self, entry: tuple[str, str]) -> None:
        with pytest.raises(InvalidRequest, match="pronunciation of"):
            read_script("a b", pronunciations=(entry,))


def test_a_faster_delivery_is_shorter() -> None:
    voice = open_voice("hibari")
    script = "This sentence is said at three different rates, one after the other."
    slow, plain, fast = (len(voice.speak(script, Delivery(rate)).samples) for rate in (0.7, 1, 1.5))
    assert slow > 1.25 * plain
    assert fast < 0.8 * plain
    with pytest.raises(InvalidRequest, match="rate"):
        Delivery(3)


@pytest.mark.parametrize("text", ["I <3 you", "a < b > c", "5<6", "x <y and z", "[Pausanias]"])
def test_signs_of_a_plain_text_are_no_markup(text: str) -> None:
    assert read_markup(text, English()).text == text


def test_entities_are_the_signs_that_they_name() -> None:
    assert read_markup("AT&amp;T &lt;b&gt; &amp;lt;", English()).text == "AT&T <b> &lt;"


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
        ('<prosody pitch="high">a</prosody>', '"pitch"'),
        ('<prosody rate="9">a</prosody>', "50%"),
        ('<prosody rate="fast">a', "never closed"),
        ('<prosody rate="fast"><s>a</prosody></s>', "close that first"),
        ('<emphasis level="huge">a</emphasis>', "moderate"),
        ('<say-as interpret-as="song">a</say-as>', "ordinal"),
        ('<say-as interpret-as="ordinal">blue</say-as>', "blue"),
        ('<voice name="x">a</voice>', "is not understood"),
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
        marked = read_markup(script, English())
    except InvalidScript:
        return
    assert all(0 <= this.start < this.end <= len(marked.text) for this in marked.said)
    assert all(0 <= position <= len(marked.text) for position, _ in marked.pauses)
