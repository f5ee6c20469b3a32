"""A few seconds of a video, taken apart: what was drawn of the person, and the finished frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import av
import numpy as np

from lipwright import compose, encode
from lipwright.arrays import YuvFrame
from lipwright.avatar import Patch, Plate
from lipwright.colour import yuv_of
from lipwright.compose import CaptionTrack, Figure, Layers
from lipwright.compose.yuv import box_at
from lipwright.encode.formats import add_video
from lipwright.errors import InvalidRequest
from lipwright.staging import Staged, Stages, layers_of
from lipwright.timeline import FrameGrid

FRAMES: Final = 120
"""4 s; the finished frames of a 1080p video take 373 MB."""
_FILM_PICTURES: Final = 40
"""Pictures of the film that plays to and fro: 250 MB at 1080p."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The first frames of a video, whose moving person is already drawn."""

    staged: Staged
    layers: Layers
    figure: Figure
    patches: Sequence[Patch]

    @classmethod
    def of(cls, staged: Staged, count: int = FRAMES) -> Sample:
        """Draw the person of the first frames."""
        count = min(count, staged.grid.frame_count)
        layers = layers_of(staged.shots[0], range(count), Stages())
        if layers.figure is None:
            raise InvalidRequest("There is nobody to measure with.")
        return cls(staged, layers, layers.figure, list(layers.figure.patches))

    def as_film(self) -> Sample:
        """The same where each picture is whole, as an avatar of footage gives it."""
        pictures = [_whole(self.figure.plate, patch) for patch in self.patches[:_FILM_PICTURES]]
        there_and_back = [*pictures, *pictures[::-1]]
        count = len(self.patches)
        film = [there_and_back[k % len(there_and_back)] for k in range(count)]
        return replace(self, patches=film)

    def composed(self) -> Iterator[YuvFrame]:
        """Ground, person and captions, put together again, and letters painted anew."""
        shot, figure = self.staged.shots[0], replace(self.figure, patches=iter(self.patches))
        captions, grid = shot.scene.captions, FrameGrid(shot.output.fps, len(shot.frames))
        overlays: tuple[CaptionTrack, ...] = ()
        if captions is not None:
            overlays = (CaptionTrack(shot.words, captions, shot.output.size, grid),)
        layers = replace(self.layers, figure=figure, overlays=overlays)
        return compose.compose(layers, range(len(self.patches)))

    def finished(self) -> list[YuvFrame]:
        """The frames themselves, for an encoder that has nothing to wait for."""
        return [compose.copied(frame) for frame in self.composed()]

    def encode(self, frames: Iterable[YuvFrame], path: Path) -> None:
        """As the pipeline does for a segment."""
        output = self.staged.request.output
        encode.write_video(frames, self.staged.grid, output, path, in_turn=True)

    def packed(self) -> list[av.VideoFrame]:
        """The frames as PyAV takes them, so that nothing is left to do but to encode."""
        packed = []
        for index, frame in enumerate(self.composed()):
            planes = [plane for plane in frame if plane is not None]
            rows = np.concatenate([plane.reshape(-1) for plane in planes])
            packed.append(
                av.VideoFrame.from_ndarray(rows.reshape(-1, planes[0].shape[1]), "yuv420p")
            )
            packed[-1].pts, packed[-1].time_base = index, 1 / self.staged.grid.fps
        return packed

    def encode_by_two_threads(self, packed: Iterable[av.VideoFrame], path: Path) -> None:
        """As fast as x264 gets on two cores, with nothing else to do."""
        with av.open(str(path), "w") as container:
            stream = add_video(container, self.staged.request.output)
            stream.codec_context.thread_count = 2
            for frame in packed:
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))


class KeptFrames:
    """Finished frames in a file, for an encoder that has nothing to wait for."""

    def __init__(self, planes: np.memmap[tuple[int, int], np.dtype[np.uint8]], width: int) -> None:
        self._planes, self._width = planes, width

    @classmethod
    def of(cls, frames: Iterable[YuvFrame], path: Path) -> KeptFrames:
        """Write them there: 3 MB a frame at 1080p, which memory may hold or not."""
        size, width, count = 0, 0, 0
        with path.open("wb") as file:
            for frame in frames:
                planes = [np.ascontiguousarray(plane) for plane in frame[:3]]
                file.writelines(plane.data for plane in planes)
                size, width = sum(plane.size for plane in planes), frame.y.shape[1]
                count += 1
        return cls(np.memmap(path, np.uint8, "r", shape=(count, size)), width)

    def __iter__(self) -> Iterator[YuvFrame]:
        for planes in self._planes:
            y, u, v = np.split(planes, [len(planes) * 2 // 3, len(planes) * 5 // 6])
            half = self._width // 2
            yield YuvFrame(y.reshape(-1, self._width), u.reshape(-1, half), v.reshape(-1, half))


def _whole(plate: Plate, patch: Patch) -> Patch:
    picture = yuv_of(plate.frame)
    box = box_at(patch.left, patch.top, patch.pixels.y)
    compose.overwrite(compose.within(picture, box), patch.pixels)
    return Patch(0, 0, picture)
