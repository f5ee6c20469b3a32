"""What stands behind the avatar, and how a scene begins and ends."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, ValidationInfo, field_validator

from lipwright.request import Fit, Transition
from lipwright.service.scene_orders import BackgroundOrder
from lipwright.service.wire.fields import REQUIRED, Body, Color, MediaUrl, wrong

_EFFECTS: Final = {
    "imageSlideLeft": "slide-left",
    "imageZoomIn": "zoom-in",
    "imageZoomOut": "zoom-out",
    "imageWobbling": "wobble",
    "imageThrob": "throb",
}
_TRANSITIONS: Final = {
    "fade": Transition.FADE,
    "leftSwipe": Transition.SWIPE_LEFT,
    "rightSwipe": Transition.SWIPE_RIGHT,
    "topSwipe": Transition.SWIPE_UP,
    "bottomSwipe": Transition.SWIPE_DOWN,
}
Effect = Literal["imageSlideLeft", "imageZoomIn", "imageZoomOut", "imageWobbling", "imageThrob"]
TransitionName = Literal["fade", "leftSwipe", "rightSwipe", "topSwipe", "bottomSwipe"]


class Background(Body):
    """What stands behind the avatar."""

    type: Literal["image", "video", "color"]
    url: MediaUrl | None = Field(None, validate_default=True)
    color: Color | None = Field(None, validate_default=True)
    fit: Literal["crop", "contain", "cover"] = "crop"
    effect: Effect | None = None

    @field_validator("url", "color")
    @classmethod
    def _needed(cls, value: object, info: ValidationInfo) -> object:
        needed = {"image": "url", "video": "url", "color": "color"}
        if value is None and needed.get(info.data.get("type", "")) == info.field_name:
            raise wrong(REQUIRED)
        return value

    def order(self) -> BackgroundOrder:
        """In our words."""
        return BackgroundOrder(
            url=self.url if self.type != "color" else None,
            is_video=self.type == "video",
            color=self.color if self.type == "color" else None,
            fit=Fit.CONTAIN if self.fit == "contain" else Fit.CROP,
            effect=_EFFECTS[self.effect] if self.effect else None,
        )


class TransitionEffect(Body):
    """How the scene begins and ends."""

    transition_in: TransitionName | None = None
    transition_out: TransitionName | None = None


def transition(name: str | None) -> Transition | None:
    """In our words."""
    return _TRANSITIONS[name] if name else None
