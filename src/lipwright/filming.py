"""An avatar is made of the user's own footage; stands beside `pipeline` and knows all stages."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lipwright import encode, face
from lipwright.arrays import Frame
from lipwright.avatar import AvatarCard
from lipwright.colour import yuv_of
from lipwright.memory import large_blocks_apart
from lipwright.pipeline import Progress, one_thread
from lipwright.request import FootageOutput
from lipwright.timeline import FrameGrid

_PLATE_CRF: Final = 14
"""The plate is encoded again in every video: twice at 20 would show."""


def made_of_footage(
    footage: Path,
    card: AvatarCard,
    folder: Path,
    *,
    near: tuple[float, float] | None,
    notes: Path | None,
    progress: Progress,
) -> None:
    """See `pipeline.add_footage_avatar`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=".lipwright-", dir=folder.parent) as work,
        one_thread(),
        large_blocks_apart(),
    ):
        maker = face.FootageMaker(
            face.open_landmarker(), face.open_matter(), write_clip, Path(work), notes, progress
        )
        maker.avatar(footage, card, folder, near)


def write_clip(frames: Iterator[Frame], fps: Fraction, path: Path) -> None:
    """Encode RGB pictures of one even size; a key picture every two seconds."""
    first = next(frames)
    output = FootageOutput(fps=fps, crf=_PLATE_CRF, frame_size=(first.shape[1], first.shape[0]))
    planes = (yuv_of(frame) for frame in chain([first], frames))
    encode.write_video(planes, FrameGrid(fps, 0), output, path)
