"""Every language: words as they are known to sound, figures in words, and lips that close."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipwright.arrays import RIG
from lipwright.errors import UnsupportedLanguage
from lipwright.speech import letters, voices
from lipwright.speech.acoustic import Sound
from lipwright.speech.languages import Language, front_end_of
from lipwright.speech.languages.japanese import KANA, kana_sounds
from lipwright.speech.passages import Passage, passages
from lipwright.speech.recital import joined
from lipwright.speech.script import read_script
from lipwright.speech.speech import Speech
from lipwright.speech.timing import recital
from lipwright.timeline import SAMPLE_RATE, FrameGrid
from lipwright.viseme import mouth_shapes
from lipwright.viseme.table import targets

SCRIPTS: dict[Language, str] = {
    "en-US": "Bob maybe bought a map from my mother. Please bring up the problem.",
    "en-GB": "Bob maybe bought a map from my mother. Please bring up the problem.",
    "es-ES": "Mi padre compró un mapa para la abuela. También bebió vino con Pablo, ¿verdad?",
    "fr-FR": "Ma mère a beaucoup parlé du problème. Un bon pain blanc, s'il vous plaît.",
    "it-IT": "Mamma mia, che bella pizza! Il bambino compra un libro per il papà.",
    "pt-BR": "Minha mãe comprou um bom pão para o bebê. O problema é o tempo.",
    "ja-JP": "パパはバナナを毎日食べます。図書館の本を三本のペンで読みました。",
    "zh-CN": "爸爸妈妈把面包放在桌边。明天不必跑步，我们慢慢吧。",
}


def read(language: Language, script: str) -> list[Passage]:
    front_end = front_end_of(language)
    return list(passages(read_script(script, front_end), front_end.pronounce))


def spoken(language: Language, script: str) -> str:
    sentences = read_script(script, front_end_of(language))
    return " ".join(token.spoken for sentence in sentences for token in sentence.tokens)


def steadily_said(language: Language, script: str) -> Speech:
    """The script with every letter 75 ms long: all of its timing, none of a model's time."""
    said = read(language, script)
    recitals = []
    for passage in said:
        durations = np.full(len(passage.letters) + 2, 3, np.int64)
        noise = np.random.default_rng(0).normal(0, 0.1, int(durations.sum()) * 600)
        recitals.append(recital(passage, Sound(noise.astype(np.float32), durations)))
    sentences = read_script(script, front_end_of(language))
    return joined(said, recitals, [t.text for s in sentences for t in s.tokens])


WORDS: list[tuple[Language, str, str]] = [
    ("es-ES", "ciudad", "θjuðˈad"),
    ("es-ES", "guerra", "ɡˈera"),
    ("es-ES", "queso", "kˈeso"),
    ("es-ES", "niño", "nˈiɲo"),
    ("es-ES", "llave", "ʎˈaβe"),
    ("es-ES", "gente", "xˈente"),
    ("es-ES", "también", "tambjˈen"),
    ("es-ES", "país", "paˈis"),
    ("es-ES", "fácilmente", "fˈaθilmˈente"),
    ("es-ES", "chico", "ʧˈiko"),
    ("it-IT", "ciao", "ʧˈao"),
    ("it-IT", "chiesa", "kjˈɛza"),
    ("it-IT", "famiglia", "famˈiʎa"),
    ("it-IT", "scuola", "skwˈɔla"),
    ("it-IT", "tavolo", "tˈavolo"),
    ("it-IT", "prendere", "prˈɛndere"),
    ("it-IT", "vedere", "vedˈere"),
    ("it-IT", "città", "ʧitːˈa"),
    ("it-IT", "farmacia", "farmaʧˈia"),
    ("it-IT", "gelato", "ʤelˈato"),
    ("pt-BR", "cidade", "sidˈaʤy"),
    ("pt-BR", "gente", "ʒˈAŋʧy"),
    ("pt-BR", "canção", "kɐ̃ŋsˈɐ̃ʊ̃"),
    ("pt-BR", "avô", "avˈo"),
    ("pt-BR", "avó", "avˈɔ"),
    ("pt-BR", "carro", "kˈaxʊ"),
    ("pt-BR", "filho", "fˈiljʊ"),
    ("pt-BR", "próximo", "prˈɔsimʊ"),
    ("it-IT", "fiume", "fjˈume"),
    ("it-IT", "guida", "ɡwˈida"),
    ("it-IT", "dell'acqua", "dellˈakːwa"),
    ("it-IT", "basilico", "bazˈiliko"),
    ("it-IT", "una", "ˌʊna"),
    ("it-IT", "scrivimi", "skrˈivimɪ"),
    ("it-IT", "prenderlo", "prˈɛnderlo"),
    ("it-IT", "vederlo", "vedˈerlo"),
    ("it-IT", "amici", "amˈiʧɪ"),
    ("fr-FR", "femme", "fˈam"),
    ("fr-FR", "monsieur", "məsjˈø"),
    ("fr-FR", "bonjour", "bɔ̃ʒˈuʁ"),
    ("fr-FR", "travail", "tʁavˈaj"),
    ("fr-FR", "enfant", "ɑ̃fˈɑ̃"),
    ("fr-FR", "parlaient", "paʁlˈɛ"),
    ("fr-FR", "eau", "ˈo"),
    ("fr-FR", "question", "kɛstjˈɔ̃"),
]


@pytest.mark.parametrize(("language", "word", "sounds"), WORDS)
def test_a_word_sounds_as_it_is_known_to(language: Language, word: str, sounds: str) -> None:
    assert front_end_of(language).pronounce(word) == (sounds,)


@pytest.mark.parametrize(
    ("phrase", "sounds"),
    [
        ("les enfants", ("lez", "ɑ̃fˈɑ̃")),
        ("les haricots", ("le", "aʁikˈo")),
        ("un ami", ("œ̃n", "amˈi")),
        ("les, amis", ("le,", "amˈi")),
        ("l'homme", ("lˈɔm",)),
    ],
)
def test_french_words_are_bound_before_a_vowel(phrase: str, sounds: tuple[str, ...]) -> None:
    assert front_end_of("fr-FR").pronounce(phrase) == sounds


@pytest.mark.parametrize(
    ("kana", "sounds"),
    [
        ("キョー", "kʲoː"),
        ("シンブン", "ɕimbɯɴ"),
        ("ガッコー", "ɡaʔkoː"),
        ("ファン", "ɸaɴ"),
        ("テンキ", "teŋkʲi"),
    ],
)
def test_kana_sound_as_they_are_known_to(kana: str, sounds: str) -> None:
    assert kana_sounds(kana) == sounds


def test_a_japanese_particle_is_heard_as_it_is_said() -> None:
    (passage,) = read("ja-JP", "今日は学校へ行きます。")
    assert passage.letters == "kʲoː βa ɡaʔkoː e ikʲimasɨ."


@pytest.mark.parametrize(
    ("spelled", "sounds"),
    [
        ("银行", "i↗nxa↗ŋ"),  # the row of money, not the walk
        ("行不行", "ɕi↗ŋpu↘ɕi↗ŋ"),
        ("时间", "ʂɨ↗ʨjɛ→n"),
        ("绿色", "ly↘sɤ↘"),
        ("儿子", "ɚ↗ʦɨ"),
        ("学生", "ɕɥe↗ʂə→ŋ"),
    ],
)
def test_mandarin_is_said_with_its_tones(spelled: str, sounds: str) -> None:
    assert front_end_of("zh-CN").pronounce(spelled) == (sounds,)


def test_teaching_somebody_is_another_sound_than_a_teaching() -> None:
    (passage,) = read("zh-CN", "他教我中文，教室很大。")
    assert "ʨjau→" in passage.letters
    assert "ʨjau↘ʂɨ↘" in passage.letters


def test_latin_words_in_mandarin_are_said_as_in_english() -> None:
    (passage,) = read("zh-CN", "我们用 Python 写程序。")
    assert "pˈIθ" in passage.letters


@pytest.mark.parametrize(
    ("language", "script", "said"),
    [
        ("es-ES", "21 km", "veintiún kilómetros"),
        ("es-ES", "1.250.000", "un millón doscientos cincuenta mil"),
        ("es-ES", "3/5/2024", "tres de mayo de dos mil veinticuatro"),
        ("es-ES", "3,50€", "tres euros con cincuenta céntimos"),
        ("es-ES", "El Sr. López", "El señor López"),
        ("es-ES", "-3 °C", "menos tres grados"),
        ("fr-FR", "91", "quatre-vingt-onze"),
        ("fr-FR", "9h30", "neuf heures trente"),
        ("fr-FR", "le 1er mai", "le premier mai"),
        ("fr-FR", "15%", "quinze pour cent"),
        ("fr-FR", "M. Dupont", "monsieur Dupont"),
        ("it-IT", "28", "ventotto"),
        ("it-IT", "1.000", "mille"),
        ("it-IT", "2,5 km", "due virgola cinque chilometri"),
        ("it-IT", "il PDF", "il pi di effe"),
        ("pt-BR", "R$3,50", "três reais e cinquenta centavos"),
        ("pt-BR", "1.100", "mil e cem"),
        ("pt-BR", "2024-03-05", "cinco de março de dois mil e vinte e quatro"),
        ("pt-BR", "10-15", "dez a quinze"),
        ("zh-CN", "2024年3月5日", "二零二四年 三月 五日"),
        ("zh-CN", "2024-03-05", "二零二四年三月五日"),
        ("zh-CN", "20%", "百分之二十"),
        ("zh-CN", "¥1,250.50", "一千二百五十点五零元"),
        ("zh-CN", "2个", "两 个"),
        ("zh-CN", "15:05", "十五点零五分"),
        ("zh-CN", "010-8888-6666", "零一零，八八八八，六六六六"),
        ("zh-CN", "-3°C", "负三摄氏度"),
    ],
)
def test_figures_are_said_in_words(language: Language, script: str, said: str) -> None:
    assert spoken(language, script) == said


@pytest.mark.parametrize("language", SCRIPTS)
class TestEveryLanguage:
    def test_words_keep_the_spelling_of_the_user(self, language: Language) -> None:
        script = SCRIPTS[language]
        kept = [t.text for s in read_script(script, front_end_of(language)) for t in s.tokens]
        assert "".join("".join(kept).split()) == "".join(script.split())
        assert len(kept) > 4

    def test_every_letter_is_one_that_the_model_knows(self, language: Language) -> None:
        for passage in read(language, SCRIPTS[language]):
            assert set(passage.letters) <= letters.ALL

    def test_every_word_is_heard(self, language: Language) -> None:
        speech = steadily_said(language, SCRIPTS[language])
        sentences = read_script(SCRIPTS[language], front_end_of(language))
        assert [w.value for w in speech.words] == [t.text for s in sentences for t in s.tokens]

    def test_lips_close_for_every_p_b_m(self, language: Language) -> None:
        speech = steadily_said(language, SCRIPTS[language])
        grid = FrameGrid.covering(len(speech.samples), fps=Fraction(30))
        press = mouth_shapes(speech.phonemes, speech.samples, grid)[:, RIG.index("press")]
        closures = [p for p in speech.phonemes if p.value.symbol in ("p", "b", "m")]
        closed = sum(
            press[grid.frame_at(p.start) : grid.frame_at(p.end) + 1].max() >= 0.9 for p in closures
        )
        assert len(closures) >= 5
        assert closed >= 0.98 * len(closures)

    def test_writing_of_another_language_is_refused(self, language: Language) -> None:
        with pytest.raises(UnsupportedLanguage, match="П р и в е т"):
            read_script(f"{SCRIPTS[language]} Привет.", front_end_of(language))

    def test_what_a_word_is_may_be_said(self, language: Language) -> None:
        front_end = front_end_of(language)
        for kind in ("characters", "cardinal", "ordinal", "digits"):
            said = front_end.said_as("12", kind)
            assert said
            assert front_end.pronounce(said)

    def test_there_is_a_voice_of_it(self, language: Language) -> None:
        assert language in {card.language for card in voices()}


def test_every_sound_that_a_voice_can_say_has_a_mouth() -> None:
    for letter in letters.ALL - letters.SILENT:
        assert targets(letters.ipa(letter)), letter


def test_every_kana_is_made_of_known_letters() -> None:
    assert set("".join(KANA.values())) <= letters.ALL


def test_marks_belong_to_the_sound_before_them() -> None:
    speech = steadily_said("fr-FR", "Un enfant blond.")
    assert [p.value.symbol for p in speech.phonemes[:3]] == ["œ", "n", "ɑ"]
    first = speech.phonemes[0]
    assert first.end - first.start > SAMPLE_RATE * 100 // 1000
