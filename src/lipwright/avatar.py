"""The avatar as it crosses the stages: a plate to act on, and who it is.

`face` makes and loads avatars, `mouth` moves them, `compose` puts them on the canvas.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Landmarks, Matte, Samples, YuvFrame
from lipwright.colour import rgb_of, yuv_of
from lipwright.timeline import FrameGrid

Gender = Literal["m", "f", "nb"]
AgeRange = Literal["child", "teen", "adult", "senior"]
Style = Literal["selfie", "presenter", "other"]
Location = Literal["outdoor", "fantasy", "indoor", "other"]


@dataclass(frozen=True, slots=True)
class Consent:
    """Who allowed the use of this face, in which words, and when."""

    statement: str
    given_by: str
    recorded_at: str
    """ISO 8601 with offset; written by whoever adds the avatar, never by the library."""


@dataclass(frozen=True, slots=True)
class AvatarCard:
    """What is known of an avatar besides its pictures; ``avatar.json`` on disk."""

    id: str
    """UUID string."""
    name: str
    gender: Gender
    default_voice: str
    """A voice name, as in `speech.voices`."""
    licence: str
    consent: Consent | None
    """None only for stock avatars, which show nobody."""
    age_range: AgeRange | None = None
    style: Style | None = None
    location: Location | None = None
    notes: tuple[str, ...] = ()
    """What the maker measured and would improve, in words for the user."""


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Real pictures of one part of the face in known states, for parts that cannot be warped.

    Two kinds are used.  Mouths: the states are rig vectors, columns as in `arrays.RIG`.
    Eyes: the states are rows of ``blink, gaze_x, gaze_y`` as in `arrays.IDLE`.
    """

    pictures: NDArray[np.uint8]
    """``(P, H, W, 3)`` RGB, all cut by one box of the plate, in the plate's scale."""
    landmarks: NDArray[np.float32]
    """``(P, L, 2)`` or, of footage, whose head turns, ``(P, L, 3)``: the landmarks of each
    picture, in its own pixels; most lie outside it."""
    states: NDArray[np.float32]
    """``(P, R)`` or ``(P, 3)``: what each picture shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One picture of a film."""

    canvas: YuvFrame
    """The picture; whoever gets it may draw on it.  Its alpha, where it has one, is the matte."""
    landmarks: Landmarks
    """On the canvas; NaN where no face is in sight."""
    trust: float
    """1 the mouth is in full sight .. 0 hidden or without a face: left as it is."""
    left: int = 0
    """Where the picture's first pixel lies; even, as `top`, and 0 for a whole canvas."""
    top: int = 0


class Film(Protocol):
    """A plate that moves: pictures of the same person, with the face in each of them."""

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """``(F, L, 3)``: all faces it can show, on the canvas; NaN where none is in sight."""
        ...

    def during(self, frames: range, grid: FrameGrid) -> Iterator[Moment]:
        """What is seen during some frames of the output, one after the other."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """One picture of the avatar without speech, and where the face is in it."""

    frame: Frame
    matte: Matte
    """Same height and width as `frame`."""
    landmarks: Landmarks
    jaw_open: float
    """0 closed .. 1: how far the jaw hangs in this picture (blendshape)."""
    mouths: Atlas | None = None
    """Mouths of the same person in the same light; None where they must be drawn."""
    eyes: Atlas | None = None
    """The same for both eyes together."""
    film: Film | None = None
    """The person moving, for avatars from footage; `frame` is then its picture most at rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Avatar:
    """A loaded bundle."""

    card: AvatarCard
    plate: Plate


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """Which part of a video is drawn, and what is heard in all of it."""

    frames: range
    grid: FrameGrid
    samples: Samples
    """``(N,)`` the speech from the first frame of the grid on."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Pixels to put on the canvas, with their top-left corner at (`left`, `top`).

    With an alpha the patch replaces the person inside its box and is blended over the
    background; without one it replaces every pixel of its box.  Box edges are even, so
    that they fall on chroma samples.
    """

    left: int
    top: int
    pixels: YuvFrame
    """Both sides even, or none; with the alpha, where there is one."""

    @classmethod
    def of_rgb(
        cls,
        left: int,
        top: int,
        rgb: Frame,
        alpha: Matte | None = None,
    ) -> Patch:
        """The patch that shows an RGB picture."""
        return cls(left, top, yuv_of(rgb)._replace(alpha=alpha))

    @property
    def rgb(self) -> Frame:
        """What it shows, in RGB; made anew at each look."""
        return rgb_of(self.pixels)
