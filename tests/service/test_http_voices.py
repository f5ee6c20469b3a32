"""What the account has said about words, and voices that the operator added."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import numpy as np
import pytest
from service_world import AVATAR, Api, a_body, http_api

from lipwright.gallery import VoiceShelf
from lipwright.pipeline import VoiceCard
from lipwright.service.catalogue import Catalogue
from lipwright.service.library import PipelineRenderer
from lipwright.service.orders import SpeechOrder, VideoOrder
from lipwright.speech import write_own_voice
from lipwright.speech.kokoro import STYLE_SHAPE

NIKE = {"word": "Nike", "say": "/ˈnaɪki/"}
GIF = {"word": "GIF", "say": "jiff"}


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with http_api(tmp_path) as api:
        yield api


def put(api: Api, *entries: dict[str, Any]) -> httpx.Response:
    return api.client.put("/api/pronunciations/", json={"pronunciations": list(entries)})


def test_a_dictionary_is_kept_for_the_account(api: Api) -> None:
    assert api.client.get("/api/pronunciations/").json() == {"pronunciations": []}
    answer = put(api, NIKE, GIF)
    assert (answer.status_code, answer.json()) == (200, {"pronunciations": [NIKE, GIF]})
    assert api.client.get("/api/pronunciations").json() == {"pronunciations": [NIKE, GIF]}
    assert put(api).json() == {"pronunciations": []}
    assert api.client.get("/api/pronunciations/").json() == {"pronunciations": []}


@pytest.mark.parametrize(
    ("entries", "refusal"),
    [
        ([{"word": "gif"}], [{"say": ["This field is required."]}]),
        ([GIF, {"word": "gif", "say": "giff"}], ['"gif" is there twice.']),
        (
            [{"word": "Xi", "say": "/ǂi/"}],
            ['The pronunciation of "Xi" has "ǂ", which the voice cannot say.'],
        ),
        (
            [{"word": "!", "say": "bang"}],
            ['The pronunciation of "!" is "bang"; write a word, and how it is said.'],
        ),
    ],
)
def test_a_dictionary_that_cannot_be_said_is_refused(
    api: Api, entries: list[dict[str, Any]], refusal: Any
) -> None:
    put(api, NIKE)
    answer = put(api, *entries)
    assert (answer.status_code, answer.json()) == (400, {"pronunciations": refusal})
    assert api.client.get("/api/pronunciations/").json() == {"pronunciations": [NIKE]}


def test_a_task_is_said_as_the_dictionary_says_and_its_own_words_win(api: Api) -> None:
    put(api, NIKE, GIF)
    own = [{"word": "gif", "say": "giff"}]
    video = api.job(api.client.post("/api/lipsyncs/", json=a_body(pronunciations=own)))
    spoken = api.job(api.client.post("/api/text_to_speech/", json={"script": "A GIF."}))
    put(api)
    scene = cast(VideoOrder, video.order).scenes[0]
    assert scene.pronunciations == (("gif", "giff"), ("Nike", "/ˈnaɪki/"))
    assert cast(SpeechOrder, spoken.order).pronunciations == (
        ("Nike", "/ˈnaɪki/"),
        ("GIF", "jiff"),
    )
    later = api.job(api.client.post("/api/text_to_speech/", json={"script": "A GIF."}))
    assert cast(SpeechOrder, later.order).pronunciations == ()


def test_a_transcript_may_be_as_long_as_a_recording(api: Api) -> None:
    words = "word " * 9000
    recording = {"audio": "https://a.com/talk.mp3"}
    assert (
        api.client.post("/api/lipsyncs/", json=a_body(text=words, **recording)).status_code == 201
    )
    too_long = api.client.post("/api/lipsyncs/", json=a_body(text=words * 2, **recording))
    assert too_long.json() == {"text": ["Ensure this field has no more than 60000 characters."]}
    voice = {"type": "audio", "url": recording["audio"], "input_text": words}
    scene = {"character": {"avatar_id": AVATAR}, "voice": voice}
    path = "/api/lipsyncs_v2/"
    assert api.client.post(path, json={"video_inputs": [scene]}).status_code == 201


def a_voice(folder: Path) -> VoiceCard:
    folder.parent.mkdir(parents=True, exist_ok=True)
    styles = folder.with_suffix(".bin")
    styles.write_bytes(np.zeros(STYLE_SHAPE, "<f4").tobytes())
    card = VoiceCard("mine", "Mine", "female", "en-GB", "kokoro")
    return write_own_voice(styles, card, folder)


def test_a_voice_that_the_operator_added_is_listed_chosen_and_found(
    api: Api, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    card = a_voice(own / "voices" / "mine")
    (own / "voices" / "mine" / "clip.mp3").write_bytes(b"ID3")
    object.__setattr__(api.service, "catalogue", Catalogue.of(PipelineRenderer(), own))
    voices = api.client.get("/api/voices/").json()
    (accent,) = next(voice for voice in voices if voice["name"] == "Mine")["accents"]
    assert (accent["id"], accent["accent_name"]) == (card.id, "British English")
    clip = api.client.get(f"/voices/{card.id}.mp3")
    assert (clip.status_code, clip.content) == (200, b"ID3")
    body = {"script": "Hello.", "accent": card.id}
    assert api.client.post("/api/text_to_speech/", json=body).status_code == 201
    assert api.service.catalogue.voice_name(card.id) == str(own / "voices" / "mine")


def test_a_broken_voice_of_the_operators_takes_no_other_away(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    card = a_voice(folder)
    shelf = VoiceShelf(tmp_path)
    assert (str(folder), card) in shelf.cards()
    (folder / "voice.json").write_text(json.dumps({"name": "mine"}))
    renderer = PipelineRenderer()
    assert len(renderer.voices(tmp_path)) == len(shelf.bundled())
    shutil.rmtree(folder)
    assert replace(card, name="other") not in [card for _, card in renderer.voices(tmp_path)]
