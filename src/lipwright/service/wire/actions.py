"""Calls to act: the ``cta`` of scenes and the ``cta_end`` of videos."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lipwright.request import Captions
from lipwright.service.scene_orders import CallOrder, EndingOrder
from lipwright.service.wire.backgrounds import Background, TransitionEffect, transition
from lipwright.service.wire.captions import CaptionOffset, CaptionSetting, Color, Family
from lipwright.service.wire.fields import Body, CaptionStyle, MediaUrl, Text, whole_wrong


class MiddleOffset(CaptionOffset):
    """Of a text from the middle of the canvas."""

    y: Annotated[float, Field(ge=-0.5, le=0.5, allow_inf_nan=False)] = 0


class LogoOffset(CaptionOffset):
    """Of a logo from the middle of the canvas."""

    y: Annotated[float, Field(ge=-0.5, le=0.5, allow_inf_nan=False)] = -0.3


class CtaLogo(Body):
    """A picture."""

    url: MediaUrl
    scale: Annotated[float, Field(ge=0.01, le=1, allow_inf_nan=False)] = 0.25
    offset: LogoOffset = Field(default_factory=LogoOffset)


class CtaCaptionSetting(CaptionSetting):
    """How the text looks."""

    style: CaptionStyle = "normal-white"
    offset: MiddleOffset = Field(default_factory=MiddleOffset)
    font_family: Family | None = "Montserrat"
    font_size: Annotated[int, Field(ge=12, le=400)] | None = 80
    text_color: Color | None = "#FFFFFF"
    background_color: Color | None = "#00000066"
    line_height: Annotated[float, Field(ge=0.8, le=4, allow_inf_nan=False)] | None = 1.9


class CtaCaption(Body):
    """A text."""

    caption: Annotated[Text, Field(max_length=200)]
    caption_setting: CtaCaptionSetting = Field(default_factory=CtaCaptionSetting)


class _Call(Body):
    cta_logo: CtaLogo | None = None
    cta_caption: CtaCaption | None = None
    transition_effect: TransitionEffect | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything to show."""
        text = self.cta_caption.caption if self.cta_caption else ""
        return self.cta_logo is not None or bool(text.strip())

    def call(self, *, blur_behind: bool) -> CallOrder:
        """In our words."""
        logo, text = self.cta_logo, self.cta_caption
        effect = self.transition_effect or TransitionEffect()
        place = logo.offset if logo else LogoOffset()
        return CallOrder(
            logo_url=logo.url if logo else None,
            logo_scale=logo.scale if logo else 0.25,
            logo_offset=(place.x, place.y),
            text=text.caption if text else None,
            captions=_shown(text),
            blur_behind=blur_behind,
            transition_in=transition(effect.transition_in),
            transition_out=transition(effect.transition_out),
        )


def _shown(text: CtaCaption | None) -> Captions:
    setting = text.caption_setting if text else CtaCaptionSetting()
    return setting.captions() or Captions(hidden=True)


class Cta(_Call):
    """What the viewer of a scene is asked to do."""

    cta_background_blur: bool = False

    @model_validator(mode="after")
    def _something(self) -> Cta:
        if not self.says_something:
            raise whole_wrong("Either cta_logo or cta_caption is required.")
        return self

    def order(self) -> CallOrder:
        """In our words."""
        return self.call(blur_behind=self.cta_background_blur)


class CtaBackground(Background):
    """What the end of a video shows."""

    type: Literal["image", "video", "color"] = "image"


class CtaEnd(_Call):
    """The last seconds of a video, without anybody."""

    cta_background: CtaBackground
    cta_duration: Annotated[float, Field(ge=0.5, le=30, allow_inf_nan=False)] = 2

    def order(self) -> EndingOrder:
        """In our words."""
        return EndingOrder(
            background=self.cta_background.order(),
            call=self.call(blur_behind=False) if self.says_something else None,
            duration_s=self.cta_duration,
        )
