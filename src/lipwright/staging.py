"""A scene's pictures: who stands where in front of what, and what lies over it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from lipwright import compose, face, mouth, speech, viseme
from lipwright.arrays import IdleMotion, Matte, MouthShapes, YuvFrame
from lipwright.avatar import Excerpt, Patch, Plate
from lipwright.narration import Narration
from lipwright.request import Background, Output, Placement, RenderRequest, Scene
from lipwright.speech import Speech
from lipwright.timeline import FrameGrid

_NOWHERE = Background(studio="studio-dark")
"""Behind nobody, where no background was asked for."""
_EYE_LINE = 0.4
"""Where a framed face has its eyes, down the canvas; a larger avatar keeps them there."""
_OWN_SCENE_BLUR = 0.2
"""Of what an avatar's own scene becomes where the avatar does not fill the canvas: only its
colours are left, and nobody is seen twice."""
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
    speech: Speech
    """In time from the start of the scene."""
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
    def cuts_out(self) -> bool:
        """Whether the person stands on something else than the plate's own scene."""
        elsewhere = self.background is not None or self.output.is_transparent
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
                zip(request.scenes, narration.frames, strict=True)
            )
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
        said,
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
    return compose.Layers(
        ground=_ground(shot, plate),
        figure=_figure(shot, plate, frames, stages) if plate and shot.scene.shows_avatar else None,
        overlays=_overlays(shot),
        with_alpha=shot.output.is_transparent,
    )


def _ground(shot: Shot, plate: Plate | None) -> compose.Ground:
    scene, output = shot.scene, shot.output
    if shot.background is not None:
        return compose.open_ground(shot.background, output.size, shot.clock)
    if output.is_transparent:
        return compose.Still(compose.clear_frame(output.size))
    if plate is None:
        return compose.open_ground(_NOWHERE, output.size, shot.clock)
    own = face.framed(plate, output.size, cut_out=False).frame
    seen_whole = scene.shows_avatar and scene.placement.is_usual
    return compose.Still.of(own) if seen_whole else compose.soft(own, _OWN_SCENE_BLUR)


def _figure(shot: Shot, plate: Plate, frames: range, stages: Stages) -> compose.Figure:
    pane = _pane(shot.scene.placement, shot.output.size, cut_out=shot.cuts_out)
    framed = face.framed(plate, pane.size, cut_out=shot.cuts_out)
    framed = compose.without_fringe(framed) if shot.cuts_out else framed
    patches = patches_of(shot, framed, frames, stages)
    return compose.Figure(framed, patches, pane.left, pane.top, shot.cuts_out, pane.mask)


def patches_of(shot: Shot, framed: Plate, frames: range, stages: Stages) -> Iterator[Patch]:
    """The moving part of the picture, one patch for each of the frames of a scene."""
    during = slice(frames.start, frames.stop)
    shapes, idle = shot.shapes[during], shot.idle[during]
    excerpt = Excerpt(frames, FrameGrid(shot.output.fps, len(shot.frames)), shot.speech.samples)
    return stages.mouth.patches(framed, shapes, idle, cut_out=shot.cuts_out, excerpt=excerpt)


def _overlays(shot: Shot) -> tuple[compose.Overlay, ...]:
    captions, output = shot.scene.captions, shot.output
    burnt = not output.is_transparent or output.captions_with_alpha
    if captions is None or captions.hidden or not burnt or not shot.speech.words:
        return ()
    grid = FrameGrid(shot.output.fps, len(shot.frames))
    return (compose.CaptionTrack(shot.speech.words, captions, shot.output.size, grid),)


@dataclass(frozen=True, slots=True, eq=False)
class _Pane:
    """A part of the canvas, or what reaches beyond it, in pixels."""

    left: int
    top: int
    size: tuple[int, int]
    mask: Matte | None = None


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
