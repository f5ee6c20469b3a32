"""The whole video: its scenes, its music, its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lipwright.errors import InvalidRequest
from lipwright.request.layout import Ending
from lipwright.request.music import Music
from lipwright.request.output import Output
from lipwright.request.scene import Scene

SCENES_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """Everything that decides the frames and the sound of one video."""

    scenes: tuple[Scene, ...]
    """In order, one after the other."""
    music: Music | None = None
    output: Output = field(default_factory=Output)
    ending: Ending | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.scenes) <= SCENES_MAX:
            raise InvalidRequest(f"A video has from 1 to {SCENES_MAX} scenes.")

    @property
    def all_scenes(self) -> tuple[Scene, ...]:
        """The scenes, and the ending as one more."""
        if self.ending is None:
            return self.scenes
        last = Scene(
            silence_s=self.ending.duration_s,
            background=self.ending.background,
            call_to_action=self.ending.call_to_action,
        )
        return (*self.scenes, last)

    @classmethod
    def single(
        cls,
        avatar: Path,
        script: str | None = None,
        *,
        music: Music | None = None,
        output: Output | None = None,
        ending: Ending | None = None,
        **scene: Any,  # noqa: ANN401 - the fields of `Scene`, which checks them
    ) -> RenderRequest:
        """A video of one scene; other arguments are the fields of its `Scene`."""
        return cls((Scene(avatar, script, **scene),), music, output or Output(), ending)
