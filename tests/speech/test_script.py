from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.errors import InvalidScript, UnsupportedLanguage
from lipwright.request import SCRIPT_LIMIT
from lipwright.speech.languages.english import English
from lipwright.speech.script import read_script


def said(script: str, *, british: bool = False) -> str:
    sentences = read_script(script, English(british=british))
    return " ".join(token.spoken for sentence in sentences for token in sentence.tokens)


def texts(script: str) -> list[list[str]]:
    return [[token.text for token in sentence.tokens] for sentence in read_script(script)]


def sentence_count(script: str) -> int:
    return len(read_script(script))


@pytest.mark.parametrize(
    ("script", "spoken"),
    [
        # money
        ("It costs $3.50, today", "It costs three dollars and fifty cents, today"),
        ("$1", "one dollar"),
        ("$1.01", "one dollar and one cent"),
        ("$0.99", "ninety nine cents"),
        ("$3.00", "three dollars"),
        ("€20", "twenty euros"),
        ("20€", "twenty euros"),
        ("£5m", "five million pounds"),
        ("US$1,000", "one thousand US dollars"),
        ("$3.5 million", "three point five million dollars"),
        ("$1.5bn", "one point five billion dollars"),
        ("-$5", "minus five dollars"),
        ("$5-10", "five to ten dollars"),
        ("$5/month", "five dollars per month"),
        ("$20+", "twenty dollars plus"),
        # times
        ("at 9:30am", "at nine thirty AM"),
        ("9am", "nine AM"),
        ("9 a.m. sharp", "nine AM sharp"),
        ("at 9:00", "at nine o'clock"),
        ("9:00 PM", "nine PM"),
        ("17:05", "seventeen oh five"),
        ("10.30pm", "ten thirty PM"),
        # dates
        ("2024-03-15", "March fifteenth, twenty twenty four"),
        ("3/15/2024", "March fifteenth, twenty twenty four"),
        ("March 5th, 2024", "March fifth, twenty twenty four"),
        ("May 5", "May fifth"),
        ("5 March 2021", "the fifth of March twenty twenty one"),
        ("on Jan. 5", "on January fifth"),
        ("in 1999", "in nineteen ninety nine"),
        ("the 1990s", "the nineteen nineties"),
        ("the '80s", "the eighties"),
        ("2010–2015", "twenty ten to twenty fifteen"),
        # numbers
        ("3.14", "three point one four"),
        (".5", "zero point five"),
        ("1,234", "one thousand two hundred thirty four"),
        ("-5", "minus five"),
        ("21st", "twenty first"),
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("½", "one half"),
        ("2½ hours", "two and a half hours"),
        ("8/10", "eight out of ten"),
        ("10-15", "ten to fifteen"),
        ("16:9", "sixteen to nine"),
        ("24/7", "twenty four seven"),
        ("#1", "number one"),
        ("1,000s of fans", "thousands of fans"),
        ("2nd-gen", "second gen"),
        ("No. 5", "number five"),
        ("v2.0.1", "version two point zero point one"),
        ("1920x1080", "nineteen twenty by ten eighty"),
        # units
        ("50%", "fifty percent"),
        ("12.5 %", "twelve point five percent"),
        ("5km", "five kilometers"),
        ("1 km", "one kilometer"),
        ("1500 km", "one thousand five hundred kilometers"),
        ("-5°C", "minus five degrees celsius"),
        ("60fps", "sixty frames per second"),
        ("1080p", "ten eighty p"),
        ("4K", "four K"),
        ("5 km/h", "five kilometers per hour"),
        # abbreviations
        ("Dr. Smith", "doctor Smith"),
        ("Mr. and Mrs. Hill", "mister and missus Hill"),
        ("St. John", "saint John"),
        ("on Main St. today", "on Main street today"),
        ("apples, e.g. red", "apples, for example red"),
        ("cats vs. dogs", "cats versus dogs"),
        ("cats etc.", "cats et cetera."),
        ("the U.S. economy", "the US economy"),
        ("w/o sugar", "without sugar"),
        ("Henry VIII", "Henry the eighth"),
        ("Chapter IV", "Chapter four"),
        ("World War II", "World War two"),
        # addresses
        ("see lipwright.dev/docs.", "see lipwright dot dev slash docs."),
        ("https://www.example.com/", "example dot com"),
        ("jo@mail.co.uk", "jo at mail dot co dot UK"),
        ("@lip_wright", "at lip underscore wright"),
        ("#LipSyncFTW", "hashtag Lip Sync FTW"),
        ("call 555-123-4567", "call five five five, one two three, four five six seven"),
        (
            "+44 20 7946 0958.",
            "plus four four, two zero, seven nine four six, zero nine five eight.",
        ),
        # signs and shouting
        ("you & me", "you and me"),
        ("R&D", "R and D"),
        ("C++", "C plus plus"),
        ("BUY IT NOW", "buy it now"),
        ("the NASA API", "the NASA API"),
        ("COVID-19", "COVID nineteen"),
        ("well-known", "well-known"),
        ("don\u2019t", "don't"),
        ('"Quoted," (he) said', "Quoted, (he) said"),
        ("word\u2014word", "word — word"),
        ("end.Next", "end… Next"),
        ("𝐁𝐨𝐥𝐝 text", "Bold text"),
    ],
)
def test_a_script_is_said_as_a_reader_would_say_it(script: str, spoken: str) -> None:
    assert said(script) == spoken


@pytest.mark.parametrize(
    ("script", "spoken"),
    [
        ("3/4/2024", "the third of April, twenty twenty four"),
        ("£205", "two hundred and five pounds"),
    ],
)
def test_a_british_script_is_said_the_british_way(script: str, spoken: str) -> None:
    assert said(script, british=True) == spoken


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("🔥 Wow 🎉 yes", [["🔥 Wow 🎉", "yes"]]),
        ("Hi 👋🏽 there", [["Hi 👋🏽", "there"]]),
        ("one — two", [["one —", "two"]]),
        ("nice :) day", [["nice :)", "day"]]),
        ("Pick 1️⃣ now", [["Pick 1️⃣", "now"]]),
        ("It's $3.50!", [["It's", "$3.50!"]]),
        ("End. 🎉 Next", [["End. 🎉"], ["Next"]]),
        ("- one\n- two", [["- one"], ["- two"]]),
    ],
)
def test_captions_keep_the_spelling_of_the_user(script: str, expected: list[list[str]]) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("Dr. Smith met Mr. J. K. Hill at 3.5 p.m. today.", 1),
        ("It is 5 p.m. Then we go.", 2),
        ("We live on Main St. He does too.", 2),
        ("Choose plan B. Then go.", 2),
        ("You and I. They too.", 2),
        ("He said: “Wait...” and left.", 1),
        ("1. First\n2. Second", 2),
        ("a line\nthat goes on", 1),
        ("A title\nA text", 2),
    ],
)
def test_sentences_end_where_a_reader_would_pause(script: str, count: int) -> None:
    assert sentence_count(script) == count


def test_only_an_empty_line_ends_a_paragraph() -> None:
    ends = [sentence.ends_paragraph for sentence in read_script("One.\nTwo.\n\nThree.")]
    assert ends == [False, True, False]


@pytest.mark.parametrize("script", ["", "  \n", "🎉🎉", "... — !", "\u200b", ":) <3", ">>> ==="])
def test_a_script_without_words_is_refused(script: str) -> None:
    with pytest.raises(InvalidScript, match="nothing to say"):
        read_script(script)


def test_a_script_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert read_script("a " * (SCRIPT_LIMIT // 2))
    with pytest.raises(InvalidScript, match=r"8001 characters; at most 8000"):
        read_script("a" * (SCRIPT_LIMIT + 1))
    assert read_script("a" * (SCRIPT_LIMIT + 1), limit=9000)


@pytest.mark.parametrize(
    ("script", "letters"), [("Hello 世界", "世 界"), ("Привет", "П р и в е т"), ("שלום", "ש ל ו ם")]
)
def test_letters_of_other_scripts_are_refused_by_name(script: str, letters: str) -> None:
    with pytest.raises(UnsupportedLanguage, match=letters):
        read_script(script)


def test_accented_latin_and_named_greek_letters_are_read() -> None:
    assert said("café π") == "café pi"


@given(st.text(st.characters(max_codepoint=0x24F), max_size=80))
def test_every_mark_of_the_user_is_kept_in_order(script: str) -> None:
    try:
        sentences = read_script(script)
    except InvalidScript:
        return
    kept = " ".join(token.text for sentence in sentences for token in sentence.tokens)
    assert kept.split() == script.split()


@given(st.text("aB1.,$%/-: @#'+5", max_size=40))
def test_whatever_is_spoken_holds_no_digit(script: str) -> None:
    try:
        spoken = said(script)
    except InvalidScript:
        return
    assert not any(character.isdigit() for character in spoken)
    assert all(any(map(str.isalpha, t.spoken)) for s in read_script(script) for t in s.tokens)
