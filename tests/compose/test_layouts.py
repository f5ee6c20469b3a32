"""Layouts and calls to action: everything is where the table says, on every canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lipwright.arrays import Plane
from lipwright.compose import card_for, seen_whole
from lipwright.compose.cards import ActionCard
from lipwright.compose.layouts import LAYOUTS, Pane
from lipwright.errors import InvalidRequest
from lipwright.mouth import PaintedMouth
from lipwright.narration import Narration, silence
from lipwright.request import LAYOUTS as NAMES
from lipwright.request import (
    Aspect,
    Background,
    CallToAction,
    Captions,
    Ending,
    Fit,
    Output,
    RenderRequest,
    Scene,
    Transition,
)
from lipwright.staging import Staged, Stages, drawn

STAGES = Stages(mouth=PaintedMouth())
GREEN = Background(color="#00ff00")


def first_luma(
    request: RenderRequest, frame: int = 0
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    said = [silence(scene.silence_s or 1) for scene in request.all_scenes]
    staged = Staged.of(request, Narration.of(request.all_scenes, said, request.output.fps))
    return next(drawn(staged, range(frame, frame + 1), STAGES)).y.copy()


def green_share(luma: Plane) -> float:
    return float((np.abs(luma.astype(int) - 173) <= 2).mean())


def test_every_layout_has_a_row_for_every_canvas() -> None:
    assert set(LAYOUTS) == set(NAMES)
    for rows in LAYOUTS.values():
        assert set(rows) == set(Aspect)
        for aspect, layout in rows.items():
            size = Output(aspect).size
            for pane in (layout.avatar, layout.media):
                if pane is not None:
                    box = pane.box(size)
                    assert all(edge % 2 == 0 for edge in box)
                    assert not box.is_empty
            assert -0.45 <= layout.captions_y <= 0.45


@pytest.mark.parametrize("name", ["side-by-side", "up-and-down"])
def test_halves_are_halves(name: str, avatar_folder: Path) -> None:
    scene = Scene(avatar_folder, silence_s=1, layout=name, background=GREEN)
    shape = Aspect.PORTRAIT if name == "up-and-down" else Aspect.SQUARE
    luma = first_luma(RenderRequest((scene,), output=Output(shape, 360)))
    half = luma[:320] if name == "up-and-down" else luma[:, :180]
    assert green_share(half) == 1
    assert green_share(luma) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("name", NAMES)
def test_every_layout_shows_what_it_is_made_of(name: str, avatar_folder: Path) -> None:
    scene = Scene(avatar_folder, silence_s=1, layout=name, background=GREEN)
    luma = first_luma(RenderRequest((scene,), output=Output(Aspect.PORTRAIT, 360)), 5)
    assert green_share(luma) > 0.02, "the media"
    if LAYOUTS[name][Aspect.PORTRAIT].avatar:
        assert luma.std() > 10, "the avatar"


def test_a_line_lies_around_its_pane_and_not_in_it() -> None:
    pane = Pane(0.5, 0.5, 0.5, round=True, border=0.02)
    outline = pane.outline((200, 200))
    assert outline is not None
    box, ring = outline
    assert ring[ring.shape[0] // 2, ring.shape[1] // 2] == 0
    assert ring[ring.shape[0] // 2, 2] == 255
    assert box.right - box.left == 100 + 2 * 4


def test_a_call_to_action_fits_or_is_refused() -> None:
    spans = (range(6), range(54, 60))
    for size in ((360, 640), (360, 360), (640, 360)):
        card = ActionCard(CallToAction(text="Order today, and save twenty percent."), size, spans)
        for sprite in card.sprites(30):
            assert sprite.left >= 0.03 * size[0]
            assert sprite.left + sprite.y.shape[1] <= 0.97 * size[0]
    endless = CallToAction(text="W" * 200, captions=Captions("neo", font_size_px=300))
    with pytest.raises(InvalidRequest, match="does not fit"):
        ActionCard(endless, (360, 640), spans)


@pytest.mark.parametrize("size", [(360, 640), (360, 360), (640, 360)])
def test_a_text_stays_clear_of_its_logo_and_leaves_no_word_alone(
    size: tuple[int, int], tmp_path: Path
) -> None:
    Image.new("RGBA", (400, 200), (255, 200, 0, 255)).save(tmp_path / "logo.png")
    call = CallToAction(tmp_path / "logo.png", text="Order today and save twenty percent")
    logo, *text = ActionCard(call, size, (range(6), range(54, 60))).sprites(30)
    assert min(line.top for line in text) >= logo.top + logo.y.shape[0]
    widths = [line.y.shape[1] for line in text]
    assert min(widths) > 0.4 * max(widths)


@pytest.mark.parametrize(("width", "height", "whole"), [(90, 160, True), (160, 100, False)])
def test_a_card_shows_all_of_a_product_of_another_shape(
    tmp_path: Path, width: int, height: int, whole: bool
) -> None:
    Image.new("RGB", (width, height), (0, 255, 0)).save(tmp_path / "product.png")
    shown = seen_whole(Background(image=tmp_path / "product.png"), (300, 170))
    assert (shown.fit is Fit.CONTAIN) == whole
    assert seen_whole(GREEN, (300, 170)) == GREEN


@pytest.mark.parametrize("canvas", [(1080, 1920), (1920, 1080)])
@pytest.mark.parametrize("shape", [(90, 160), (300, 100)])
def test_a_card_that_lies_over_the_avatar_has_the_shape_of_its_product(
    tmp_path: Path, shape: tuple[int, int], canvas: tuple[int, int]
) -> None:
    Image.new("RGB", shape, (0, 255, 0)).save(tmp_path / "product.png")
    product, pane = Background(image=tmp_path / "product.png"), Pane(0.1, 0.1, 0.4, 0.4)
    card, room = card_for(product, pane, canvas).box(canvas), pane.box(canvas)
    width, height = card.size
    is_alike = abs(room.size[0] / room.size[1] * shape[1] / shape[0] - 1) < 0.4
    assert is_alike or width / height == pytest.approx(shape[0] / shape[1], rel=0.02)
    assert room.left <= card.left < card.right <= room.right
    assert room.top == card.top < card.bottom <= room.bottom
    assert card_for(GREEN, pane, canvas) == pane


@pytest.mark.parametrize("kind", Transition)
def test_a_call_to_action_comes_and_goes(kind: Transition, tmp_path: Path) -> None:
    Image.new("RGBA", (40, 40), (255, 0, 0, 255)).save(tmp_path / "logo.png")
    call = CallToAction(tmp_path / "logo.png", transition_in=kind, transition_out=kind)
    card = ActionCard(call, (360, 360), (range(6), range(54, 60)))

    def seen(frame: int) -> float:
        return float(sum(sprite.alpha.sum() for sprite in card.sprites(frame)))

    assert seen(0) < seen(30)
    assert seen(59) < seen(30)
    assert seen(10) == seen(30) == seen(50)


def test_an_ending_is_a_scene_of_its_own(avatar_folder: Path) -> None:
    ending = Ending(GREEN, CallToAction(text="Bye"), 1.0)
    request = RenderRequest.single(
        avatar_folder, silence_s=1, ending=ending, output=Output(Aspect.SQUARE, 360)
    )
    assert len(request.all_scenes) == 2
    assert green_share(first_luma(request, 0)) < 0.1
    assert green_share(first_luma(request, 45)) > 0.5


@pytest.mark.parametrize(
    "fields",
    [{}, {"text": " "}, {"text": "x" * 201}, {"text": "x", "logo_scale": 0}],
)
def test_a_call_to_action_says_something(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        CallToAction(**fields)  # type: ignore[arg-type]


def test_a_lowered_avatar_has_no_upper_edge() -> None:
    pane = LAYOUTS["vlog"][Aspect.PORTRAIT].avatar
    assert pane is not None
    mask = pane.mask((360, 640))
    assert mask is not None
    assert mask[0].max() == 0
    assert mask[-1].min() == 255
    assert np.abs(np.diff(mask[:, 0].astype(int))).max() <= 8
