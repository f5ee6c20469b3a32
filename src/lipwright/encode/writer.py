"""Frames to a video file, with the encoder in its own thread."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Final

import av
import numpy as np
from av.container import OutputContainer

from lipwright.arrays import YuvFrame
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

    A frame is copied at once, so the caller may reuse its planes for the next one.

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


class _EncoderThread:
    """Encodes frames pushed to it while the caller draws the next."""

    def __init__(self, fps: Fraction, output: Output, path: Path) -> None:
        self._output = output
        self._path = path
        self._time_base = 1 / fps
        self._error: Exception | None = None
        self._complete = False
        self._free: SimpleQueue[av.VideoFrame | None] = SimpleQueue()
        self._full: SimpleQueue[av.VideoFrame | None] = SimpleQueue()
        self._pushed = 0
        self._thread = Thread(target=self._run, name="encoder", daemon=True)

    def __enter__(self) -> _EncoderThread:
        # whatever else the codec wants, the encoder makes of it
        pixel_format = "yuva420p" if self._output.is_transparent else "yuv420p"
        for _ in range(_SLOTS):
            self._free.put(av.VideoFrame(*self._output.size, pixel_format))
        self._thread.start()
        return self

    def push(self, frame: YuvFrame) -> None:
        """Queue a copy of `frame`; waits while all slots are taken."""
        slot = self._free.get()
        if slot is None:
            raise EncoderFailed("The encoder stopped.") from self._error
        _fill(slot, frame)
        slot.pts, slot.time_base = self._pushed, self._time_base
        self._pushed += 1
        self._full.put(slot)

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
            container.mux(stream.encode(slot))
            self._free.put(slot)
        if self._complete:
            container.mux(stream.encode(None))


def _fill(slot: av.VideoFrame, frame: YuvFrame) -> None:
    planes = [plane for plane in frame if plane is not None]
    if len(planes) != len(slot.planes) or planes[0].shape != (slot.height, slot.width):
        raise EncoderFailed(
            f"A frame of {len(planes)} planes and {planes[0].shape[::-1]} pixels does not fit a "
            f"video of {len(slot.planes)} planes and {(slot.width, slot.height)} pixels."
        )
    for target, source in zip(slot.planes, planes, strict=True):
        np.copyto(pixels(target), source)
