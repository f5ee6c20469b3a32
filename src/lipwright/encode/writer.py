"""Frames to a video file: the encoder in a thread of its own, or in turn with the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Final

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from lipwright.arrays import YuvFrame
from lipwright.encode.formats import FORMATS, add_video, muxer_options
from lipwright.encode.partial import written_beside
from lipwright.errors import EncoderFailed
from lipwright.media import pixels
from lipwright.request import Output
from lipwright.timeline import FrameGrid

_SLOTS: Final = 3
"""One frame being encoded, one waiting, one being filled; more only take memory."""


_BATCH_BYTES: Final = 25_000_000
"""Drawn before they are encoded: eight frames of 1080p; more save no time that can be measured."""
_BATCH_MOST: Final = 8


def write_video(
    frames: Iterable[YuvFrame],
    grid: FrameGrid,
    output: Output,
    path: Path,
    *,
    in_turn: bool = False,
) -> None:
    """Encode frames, without sound; `path` appears when the last one is in it.

    A frame is copied at once, so the caller may reuse its planes for the next one.

    Args:
        frames: Some or all frames of the grid, in order, of the output's size; with alpha
            for a transparent container.
        grid: Its frame rate is the video's.
        output: Size, quality and container.
        path: Where the file goes; its folder exists.
        in_turn: Draw some frames, then encode them, where other processes have the other cores:
            4 to 5 % less CPU than two threads that drive each other's data out of the caches.
            Otherwise they are encoded while the next ones are drawn.

    Raises:
        EncoderFailed: The encoder or the disk refused.
    """
    with written_beside(path) as partial:
        if in_turn:
            _write_in_turn(frames, 1 / grid.fps, output, partial)
            return
        with _EncoderThread(grid.fps, output, partial) as encoder:
            for frame in frames:
                encoder.push(frame)


def _write_in_turn(
    frames: Iterable[YuvFrame], time_base: Fraction, output: Output, path: Path
) -> None:
    width, height = output.size
    count = min(_BATCH_MOST, max(1, _BATCH_BYTES // (width * height * 3 // 2)))
    slots = [_slot(output) for _ in range(count)]
    with ExitStack() as stack:
        with _refusals():
            container = stack.enter_context(_opened(output, path))
            stream = add_video(container, output)
        filled = 0
        for pts, frame in enumerate(frames):
            slot = slots[filled]
            _fill(slot, frame)
            slot.pts, slot.time_base = pts, time_base
            filled += 1
            if filled == count:
                _mux(container, stream, slots)
                filled = 0
        _mux(container, stream, [*slots[:filled], None])
        with _refusals():
            stack.close()


def _mux(
    container: OutputContainer, stream: VideoStream, slots: Iterable[av.VideoFrame | None]
) -> None:
    with _refusals():
        for slot in slots:
            container.mux(stream.encode(slot))


@contextmanager
def _refusals() -> Iterator[None]:
    """What the encoder or the disk refuses, as one kind of error."""
    try:
        yield
    except Exception as error:
        raise EncoderFailed(f"The video could not be encoded: {error}") from error


def _opened(output: Output, path: Path) -> OutputContainer:
    fmt = FORMATS[output.container]
    options = muxer_options(output, final=False)
    return av.open(str(path), "w", format=fmt.muxer, options=options)


def _slot(output: Output) -> av.VideoFrame:
    # whatever else the codec wants, the encoder makes of it
    pixel_format = "yuva420p" if output.is_transparent else "yuv420p"
    return av.VideoFrame(*output.size, pixel_format)


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
        for _ in range(_SLOTS):
            self._free.put(_slot(self._output))
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
            with _refusals():
                raise self._error

    def _run(self) -> None:
        try:
            with _opened(self._output, self._path) as container:
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
