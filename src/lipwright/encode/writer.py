"""Frames to a video file, with the encoder in its own thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Final, TypeAlias

import av
import numpy as np
from av.container import OutputContainer

from lipwright.arrays import Redrawn, YuvFrame
from lipwright.colour import within
from lipwright.encode.formats import FORMATS, add_video, muxer_options
from lipwright.encode.partial import written_beside
from lipwright.errors import EncoderFailed
from lipwright.media import pixels
from lipwright.request import Output
from lipwright.timeline import FrameGrid

_SLOTS: Final = 3
"""One frame being encoded, one waiting, one being filled; more only take memory."""


def write_video(frames: Iterable[YuvFrame], grid: FrameGrid, output: Output, path: Path) -> None:
    """Encode frames, without sound; `path` appears when the last one is in it.

    A frame is copied at once, so the caller may reuse its planes for the next one; of a `Redrawn`
    one that is pushed again and again, what changed since.

    Args:
        frames: Some or all frames of the grid, in order, of the output's size; with alpha
            for a transparent container.
        grid: Its frame rate is the video's.
        output: Size, quality and container.
        path: Where the file goes; its folder exists.

    Raises:
        EncoderFailed: The encoder or the disk refused.
    """
    with written_beside(path) as partial, _EncoderThread(grid.fps, output, partial) as encoder:
        for frame in frames:
            encoder.push(frame)


Boxes: TypeAlias = "set[tuple[int, int, int, int]]"


@dataclass(slots=True, eq=False)
class _Slot:
    """A frame of the encoder's, and where it is behind the picture that was pushed last."""

    frame: av.VideoFrame
    behind: Boxes | None = None
    """None is everywhere."""


class _EncoderThread:
    """Encodes frames pushed to it while the caller draws the next."""

    def __init__(self, fps: Fraction, output: Output, path: Path) -> None:
        self._output = output
        self._path = path
        self._time_base = 1 / fps
        self._error: Exception | None = None
        self._complete = False
        self._free: SimpleQueue[_Slot | None] = SimpleQueue()
        self._full: SimpleQueue[_Slot | None] = SimpleQueue()
        self._slots: list[_Slot] = []
        self._last: YuvFrame | None = None
        self._pushed = 0
        self._thread = Thread(target=self._run, name="encoder", daemon=True)

    def __enter__(self) -> _EncoderThread:
        # whatever else the codec wants, the encoder makes of it
        pixel_format = "yuva420p" if self._output.is_transparent else "yuv420p"
        for _ in range(_SLOTS):
            self._slots.append(_Slot(av.VideoFrame(*self._output.size, pixel_format)))
            self._free.put(self._slots[-1])
        self._thread.start()
        return self

    def push(self, frame: YuvFrame) -> None:
        """Queue a copy of `frame`; waits while all slots are taken."""
        slot = self._free.get()
        if slot is None:
            raise EncoderFailed("The encoder stopped.") from self._error
        self._note(frame)
        _fill(slot, frame)
        slot.frame.pts, slot.frame.time_base = self._pushed, self._time_base
        self._pushed += 1
        self._full.put(slot)

    def _note(self, frame: YuvFrame) -> None:
        """What this frame changed, every slot has to catch up with."""
        last, self._last = self._last, frame
        known = isinstance(frame, Redrawn) and last is frame
        for slot in self._slots:
            if not known:
                slot.behind = None
            elif slot.behind is not None and isinstance(frame, Redrawn):
                slot.behind.update(frame.changed)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._complete = error is None
        self._full.put(None)
        self._thread.join()
        if error is None and self._error is not None:
            raise EncoderFailed(f"The video could not be encoded: {self._error}") from self._error

    def _run(self) -> None:
        fmt = FORMATS[self._output.container]
        options = muxer_options(self._output, final=False)
        try:
            with av.open(str(self._path), "w", format=fmt.muxer, options=options) as container:
                self._encode(container)
        except Exception as error:  # of any kind: it is raised again in the caller's thread
            self._error = error
        finally:
            self._free.put(None)

    def _encode(self, container: OutputContainer) -> None:
        stream = add_video(container, self._output)
        while (slot := self._full.get()) is not None:
            container.mux(stream.encode(slot.frame))
            self._free.put(slot)
        if self._complete:
            container.mux(stream.encode(None))


def _fill(slot: _Slot, frame: YuvFrame) -> None:
    planes = [plane for plane in frame if plane is not None]
    size = slot.frame.width, slot.frame.height
    if len(planes) != len(slot.frame.planes) or planes[0].shape != size[::-1]:
        raise EncoderFailed(
            f"A frame of {len(planes)} planes and {planes[0].shape[::-1]} pixels does not fit a "
            f"video of {len(slot.frame.planes)} planes and {size} pixels."
        )
    target = YuvFrame(*map(pixels, slot.frame.planes))
    for box in {(0, 0, *size)} if slot.behind is None else slot.behind:
        for into, plane in zip(within(target, box), within(frame, box), strict=True):
            if into is not None and plane is not None:
                np.copyto(into, plane)
    slot.behind = set()
