"""What can be known to be wrong with a request before anything is said, and before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lipwright import compose, encode
from lipwright.errors import InvalidRequest
from lipwright.request import Background, Captions, Output, RenderRequest, Scene
from lipwright.speech import Speech

_NAMED_MAX = 5
"""Characters named in a message; more of them do not help."""


def check(request: RenderRequest) -> None:
    """Open every file, look for every letter, and lay out every text that must fit.

    Raises:
        InvalidRequest: The video could not be drawn as asked; the message says which scene.
    """
    for number, scene in enumerate(request.all_scenes, start=1):
        try:
            _check_scene(scene, request.output)
        except InvalidRequest as error:
            if len(request.all_scenes) == 1:
                raise
            raise type(error)(f"Scene {number}: {error}") from error
    if request.music is not None and request.music.volume:
        encode.check_track(encode.music_path(request.music, seed=0))


def _check_scene(scene: Scene, output: Output) -> None:
    if scene.background is not None:
        _check_background(scene.background)
    if scene.captions is not None and not scene.captions.hidden and scene.script:
        _check_letters(scene.script, scene.captions)
    call = scene.call_to_action
    if call is not None:
        _check_letters(call.text or "", call.captions)
        compose.ActionCard(call, output.size, (range(0), range(0)))


def _check_background(background: Background) -> None:
    if background.image is not None:
        compose.read_picture(background.image)
    if background.video is not None:
        compose.Reel.of(background.video)


def _check_letters(text: str, captions: Captions) -> None:
    if named := _undrawable(text.split(), captions):
        raise InvalidRequest(f"No font has a letter for {named}; leave it out of the captions.")


def _undrawable(words: Sequence[str], captions: Captions) -> str:
    """The characters that no font draws, named; empty where there are none."""
    missing = sorted(compose.missing_glyphs(words, captions))
    return ", ".join(f"{char!r} (U+{ord(char):04X})" for char in missing[:_NAMED_MAX])


def with_letters_checked(said: Speech, scene: Scene) -> Speech:
    """What was heard in a recording, with a warning where captions cannot show all of it.

    Nobody has typed these words, so nobody can be asked to change them: they are drawn without
    those letters.
    """
    captions = scene.captions
    if scene.recording is None or captions is None or captions.hidden:
        return said
    named = _undrawable([word.value for word in said.words], captions)
    if not named:
        return said
    warning = f"No font has a letter for {named}; captions leave it out."
    findings = replace(said.findings, warnings=(*said.findings.warnings, warning))
    return replace(said, findings=findings)
