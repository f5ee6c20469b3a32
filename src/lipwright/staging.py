"""A scene's pictures: who stands where in front of what, and what lies over it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lipwright import compose, face, mouth, speech, viseme
from lipwright.arrays import IdleMotion, Matte, MouthShapes, Samples, YuvFrame
from lipwright.avatar import Excerpt, Patch, Plate
from lipwright.narration import Narration
from lipwright.request import Background, Output, Placement, RenderRequest, Scene
from lipwright.speech import Speech
from lipwright.timeline import FrameGrid, Timed

_NOWHERE = Background(studio="studio-dark")
"""Behind nobody, where no background was asked for."""
_PAPER = Background(color="#F1F4F7")
"""Behind a post."""
_CALL_BLUR = 0.022
"""Behind a call to action: letters on it are read, and the picture is still known."""
_MOTION = "motion.npz"
_EYE_LINE = 0.4
"""Where a framed face has its eyes, down the canvas; a larger avatar keeps them there."""
_OWN_SCENE_BLUR = 0.2
"""Of what an avatar's own scene becomes where the avatar does not fill the canvas: only its
colours are left, and nobody is seen twice."""
_AROUND_BLUR = 0.06
"""Of media around their own pane: colours and large shapes."""
_CLOSE = 1.4
"""A round window shows head and shoulders; this much more of the avatar lies around it."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The replaceable parts."""

    open_voice: Callable[[str], speech.Voice] = speech.open_voice
    open_landmarker: Callable[[], face.Landmarker] = face.open_landmarker
    mouth: mouth.MouthModel = field(default_factory=mouth.BuiltInMouth)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One scene, with everything that moves in it decided."""

    scene: Scene
    output: Output
    frames: range
    """Where it lies in the video."""
    words: tuple[Timed[str], ...]
    """In time from the start of the scene."""
    samples: Samples
    """``(N,)`` the sound of the scene; kept on disk where the narration was read from there."""
    shapes: MouthShapes
    idle: IdleMotion

    @property
    def clock(self) -> compose.Clock:
        """The scene's own time."""
        return compose.Clock(self.output.fps, len(self.frames))

    @property
    def background(self) -> Background | None:
        """What stands behind the person; None is the plate's own scene, or nothing."""
        chroma = self.output.chroma_color
        if self.scene.background is None and chroma and not self.output.is_transparent:
            return Background(color=chroma)
        return self.scene.background

    @property
    def layout(self) -> compose.Layout | None:
        """How avatar and media share the canvas, where the scene says so."""
        name = self.scene.layout
        return compose.layout_of(name, self.output.aspect) if name else None

    @property
    def shows_avatar(self) -> bool:
        """Whether anybody is seen."""
        return self.scene.shows_avatar and (self.layout is None or self.layout.avatar is not None)

    @property
    def cuts_out(self) -> bool:
        """Whether the person stands on something else than the plate's own scene."""
        elsewhere = self.background is not None or self.output.is_transparent
        if self.layout is not None:
            return elsewhere and self.layout.cut_out
        return elsewhere and not self.scene.placement.circle


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """Everything that is decided before the first frame is drawn."""

    request: RenderRequest
    speech: Speech
    grid: FrameGrid
    shots: tuple[Shot, ...]

    @classmethod
    def of(cls, request: RenderRequest, narration: Narration) -> Staged:
        """Decide mouth and head for every frame of every scene."""
        shots = tuple(
            _shot(scene, request.output, frames, narration.of_scene(number))
            for number, (scene, frames) in enumerate(
                zip(request.all_scenes, narration.frames, strict=True)
            )
        )
        return cls(request, narration.speech, narration.grid, shots)

    def write_motion(self, folder: Path) -> None:
        """Keep what was decided; deciding it again takes long in a long video."""
        idle = np.concatenate([shot.idle for shot in self.shots])
        np.savez(folder / _MOTION, shapes=self.shapes, idle=idle)

    @classmethod
    def read(cls, request: RenderRequest, folder: Path) -> Staged:
        """The video whose narration, and perhaps motion, are kept in a folder."""
        narration = Narration.read(folder)
        if not (folder / _MOTION).exists():
            return cls.of(request, narration)
        with np.load(folder / _MOTION) as kept:
            shapes, idle = kept["shapes"], kept["idle"]
        said = [narration.of_scene(number) for number in range(len(narration.frames))]
        shots = tuple(
            Shot(
                scene,
                request.output,
                frames,
                part.words,
                part.samples,
                shapes[frames.start : frames.stop],
                idle[frames.start : frames.stop],
            )
            for scene, frames, part in zip(request.all_scenes, narration.frames, said, strict=True)
        )
        return cls(request, narration.speech, narration.grid, shots)

    @property
    def shapes(self) -> MouthShapes:
        """The mouth of the whole video, at rest where nobody is seen."""
        return np.concatenate([shot.shapes for shot in self.shots])


def _shot(scene: Scene, output: Output, frames: range, said: Speech) -> Shot:
    grid = FrameGrid(output.fps, len(frames))
    return Shot(
        scene,
        output,
        frames,
        said.words,
        said.samples,
        viseme.mouth_shapes(said.phonemes, said.samples, grid),
        viseme.idle_motion(said.phonemes, grid, seed=_seed(scene, said)),
    )


def _seed(scene: Scene, said: Speech) -> int:
    """Blinks and sway differ from script to script, and are the same for the same one."""
    who = face.load_card(scene.avatar).id if scene.avatar else ""
    words = " ".join(word.value for word in said.words)
    return zlib.crc32(f"{who} {words} {len(said.samples)}".encode())


def drawn(staged: Staged, frames: range, stages: Stages) -> Iterator[YuvFrame]:
    """The finished pictures, each valid until the next."""
    for number, shot in enumerate(staged.shots):
        start, stop = (
            min(max(frame, shot.frames.start), shot.frames.stop) - shot.frames.start
            for frame in (frames.start, frames.stop)
        )
        if start < stop:
            yield from _passing(staged, number, range(start, stop), stages)


def _passing(staged: Staged, number: int, inside: range, stages: Stages) -> Iterator[YuvFrame]:
    """Some frames of a scene, with its transitions."""
    shot = staged.shots[number]
    pictures = compose.compose(layers_of(shot, inside, stages), inside)
    count = len(shot.frames)
    length = compose.transition_frames(shot.output.fps, count)
    arriving, going = range(length), range(count - length, count)
    coming, leaving = shot.scene.transition_in, shot.scene.transition_out
    if not (coming and inside.start < length) and not (leaving and inside.stop > going.start):
        return pictures
    entry = exit_ = None
    if coming and inside.start < length:
        entry = compose.Passage(coming, _neighbour(staged, number, -1, stages))
    if leaving and inside.stop > going.start:
        exit_ = compose.Passage(leaving, _neighbour(staged, number, 1, stages))
    return compose.passing(pictures, inside, (arriving, going), entry, exit_)


def _neighbour(staged: Staged, number: int, step: int, stages: Stages) -> YuvFrame:
    """The last picture of the scene before, or the first one of the scene after.

    Nothing, where there is no such scene, or where its own transition already makes room.
    """
    output, other = staged.request.output, number + step
    if 0 <= other < len(staged.shots):
        shot = staged.shots[other]
        made = shot.scene.transition_out if step < 0 else shot.scene.transition_in
        if made is None:
            frame = len(shot.frames) - 1 if step < 0 else 0
            inside = range(frame, frame + 1)
            bare = replace(layers_of(shot, inside, stages), overlays=())  # half words are no words
            return compose.copied(next(compose.compose(bare, inside)))
    empty = compose.clear_frame if output.is_transparent else compose.black_frame
    return empty(output.size)


def layers_of(shot: Shot, frames: range, stages: Stages) -> compose.Layers:
    """What some frames of a scene are made of."""
    plate = face.load_avatar(shot.scene.avatar).plate if shot.scene.avatar else None
    figure = _figure(shot, plate, frames, stages) if plate and shot.shows_avatar else None
    lens = _lens(shot)
    return compose.Layers(
        ground=_ground(shot, plate, figure),
        figure=figure,
        lens=lens,
        overlays=(*_media_over(shot, plate), *_captions(shot), *_action(shot)),
        with_alpha=shot.output.is_transparent,
    )


def _ground(shot: Shot, plate: Plate | None, figure: compose.Figure | None) -> compose.Ground:
    scene, output, layout = shot.scene, shot.output, shot.layout
    if layout is not None and layout.header and shot.background is None:
        return compose.open_ground(_PAPER, output.size, shot.clock)
    if shot.background is not None and (layout is None or not layout.media_over):
        return _media(shot, shot.background)
    if output.is_transparent:
        return compose.Still(compose.clear_frame(output.size))
    if plate is None:
        return compose.open_ground(_NOWHERE, output.size, shot.clock)
    if figure is not None and layout is None and scene.placement.is_usual:
        return compose.Still.of(figure.plate.frame)
    own = face.framed(plate, output.size, cut_out=False).frame
    return compose.soft(own, _OWN_SCENE_BLUR)


def _media(shot: Shot, background: Background) -> compose.Ground:
    """The background on the canvas, or in the pane that a layout gives it."""
    size, layout = shot.output.size, shot.layout
    if layout is None or layout.media is None:
        return compose.open_ground(background, size, shot.clock)
    if layout.media_blur:
        background = replace(background, blur=max(background.blur, layout.media_blur))
    if layout.media.is_whole:
        return compose.open_ground(background, size, shot.clock)
    box = layout.media.box(size)
    inner = compose.open_ground(compose.seen_whole(background, box.size), box.size, shot.clock)
    base = compose.black_frame(size)
    if layout.on_blur:
        soft = replace(background, blur=max(background.blur, _AROUND_BLUR), effect=None)
        base = compose.open_ground(soft, size, shot.clock).at(0)
    if layout.header:
        base = compose.open_ground(_PAPER, size, shot.clock).at(0)
    return compose.Inset(base, inner, box, layout.media.mask(size))


def _media_over(shot: Shot, plate: Plate | None) -> Iterator[compose.Overlay]:
    """Whatever a layout puts over the avatar, and the lines around its panes."""
    layout, size = shot.layout, shot.output.size
    if layout is None:
        return
    if layout.vignette or layout.bars:
        yield compose.Fixed(compose.shade(layout, size))
    panes = [layout.avatar if shot.shows_avatar else None]
    if layout.media_over and layout.media and shot.background:
        card = compose.card_for(shot.background, layout.media, size)
        box = card.box(size)
        media = compose.seen_whole(shot.background, box.size)
        inner = compose.open_ground(media, box.size, shot.clock)
        yield compose.MediaCard(inner, box, card.mask(size))
        panes.append(card)
    if layout.on_blur and shot.background:
        panes.append(layout.media)
    for pane in panes:
        if pane is not None and (outline := pane.outline(size)) is not None:
            yield compose.Fixed(compose.line_around(outline, size))
    if layout.header and plate is not None and shot.scene.avatar and layout.avatar:
        name = face.load_card(shot.scene.avatar).name
        portrait = face.framed(plate, (256, 256), cut_out=False).frame
        yield compose.Fixed(compose.post_header(name, portrait, layout.avatar.box(size), size))


def _lens(shot: Shot) -> compose.Lens | None:
    """Everything behind a call to action is out of focus; else the layout's camera moves."""
    call, layout = shot.scene.call_to_action, shot.layout
    if call is not None and call.blur_behind:
        return compose.Blurring(_CALL_BLUR)
    if layout is not None and layout.lens and not shot.output.is_transparent:
        return compose.Roaming(layout.lens, shot.clock, shot.output.size)
    return None


def _figure(shot: Shot, plate: Plate, frames: range, stages: Stages) -> compose.Figure:
    pane = _pane_of(shot)
    framed = face.framed(plate, pane.size, cut_out=shot.cuts_out)
    framed = compose.without_fringe(framed) if shot.cuts_out else framed
    patches = patches_of(shot, framed, frames, stages)
    return compose.Figure(framed, patches, pane.left, pane.top, shot.cuts_out, pane.mask)


def patches_of(shot: Shot, framed: Plate, frames: range, stages: Stages) -> Iterator[Patch]:
    """The moving part of the picture, one patch for each of the frames of a scene."""
    during = slice(frames.start, frames.stop)
    shapes, idle = shot.shapes[during], shot.idle[during]
    excerpt = Excerpt(frames, FrameGrid(shot.output.fps, len(shot.frames)), shot.samples)
    return stages.mouth.patches(framed, shapes, idle, cut_out=shot.cuts_out, excerpt=excerpt)


def _captions(shot: Shot) -> tuple[compose.Overlay, ...]:
    captions, output = shot.scene.captions, shot.output
    burnt = not output.is_transparent or output.captions_with_alpha
    if captions is None or captions.hidden or not burnt or not shot.words:
        return ()
    if shot.layout is not None and not captions.over_layout:
        captions = replace(captions, offset_x=0.0, offset_y=shot.layout.captions_y)
    grid = FrameGrid(output.fps, len(shot.frames))
    return (compose.CaptionTrack(shot.words, captions, output.size, grid),)


def _action(shot: Shot) -> tuple[compose.Overlay, ...]:
    call, count = shot.scene.call_to_action, len(shot.frames)
    if call is None:
        return ()
    length = compose.transition_frames(shot.output.fps, count)
    spans = range(length), range(count - length, count)
    return (compose.ActionCard(call, shot.output.size, spans),)


@dataclass(frozen=True, slots=True, eq=False)
class _Pane:
    """A part of the canvas, or what reaches beyond it, in pixels."""

    left: int
    top: int
    size: tuple[int, int]
    mask: Matte | None = None


def _pane_of(shot: Shot) -> _Pane:
    """Where the avatar is framed."""
    size, layout = shot.output.size, shot.layout
    if layout is None or layout.avatar is None:
        return _pane(shot.scene.placement, size, cut_out=shot.cuts_out)
    box, mask = layout.avatar.box(size), layout.avatar.mask(size)
    if not layout.avatar.round:
        return _Pane(box.left, box.top, box.size, mask)
    window = box.size[0]
    side = _even(window * _CLOSE)
    left = box.left - (side - window) // 2
    top = box.top - round((_EYE_LINE + 0.06 / _CLOSE) * side) + window // 2
    return _Pane(2 * round(left / 2), 2 * round(top / 2), (side, side), _window(side, window))


def _pane(placement: Placement, size: tuple[int, int], *, cut_out: bool) -> _Pane:
    """Where an avatar of this placement is framed."""
    width, height = size
    if placement.circle:
        window = _even(min(size) * placement.scale)
        side = _even(window * _CLOSE)
        left, top = (width - side) / 2, height / 2 - _EYE_LINE * side - 0.06 * window
        pane, mask = (side, side), _window(side, window)
    else:
        pane = (_even(width * placement.scale), _even(height * placement.scale))
        mask, left = None, (width - pane[0]) / 2
        # A larger one keeps its eyes in place; a smaller one stands on the lower edge.
        anchor = _EYE_LINE if placement.scale > 1 else 1.0 if cut_out else 0.5
        top = anchor * (height - pane[1])
    left += placement.offset_x * width
    top += placement.offset_y * height
    return _Pane(2 * round(left / 2), 2 * round(top / 2), pane, mask)


def _window(side: int, across: int) -> Matte:
    """A round window in a square pane, around the face."""
    mask = np.zeros((side, side), np.uint8)
    left, top = (side - across) // 2, round((_EYE_LINE + 0.06 / _CLOSE) * side) - across // 2
    mask[top : top + across, left : left + across] = compose.disc(across)
    return mask


def _even(side: float) -> int:
    return max(2, 2 * round(side / 2))
