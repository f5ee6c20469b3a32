"""Words on the picture: the ``caption_setting`` of scenes."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from lipwright.errors import InvalidRequest
from lipwright.request import FONT_FAMILIES, Captions
from lipwright.service.wire.fields import LATER_STYLES, Body, CaptionStyle, Text, no_choice, wrong

_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")
_FAMILIES: Final = {family.casefold(): family for family in FONT_FAMILIES}


def _family(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.casefold() not in _FAMILIES:
        raise no_choice(value)
    return _FAMILIES[value.casefold()]  # clients write Mclaren


def _color(value: str) -> str:
    if not _COLOR.fullmatch(value):
        raise wrong("Enter a colour as #RRGGBB or #RRGGBBAA.")
    return value


def _shadow(value: str) -> str:
    try:
        Captions(text_shadow=value)
    except InvalidRequest as error:
        raise wrong("{reason}", reason=str(error)) from None
    return value


Color = Annotated[
    str, AfterValidator(_color), Field(json_schema_extra={"pattern": f"^{_COLOR.pattern}$"})
]
Family = Annotated[str, BeforeValidator(_family), Field(json_schema_extra={"enum": FONT_FAMILIES})]


class CaptionOffset(Body):
    """Where captions stand: shares of the canvas from its centre; positive is right and down."""

    x: Annotated[float, Field(ge=-0.5, le=0.5, allow_inf_nan=False)] = 0
    y: Annotated[float, Field(ge=-0.5, le=0.5, allow_inf_nan=False)] = 0.4


class CaptionSetting(Body):
    """Words on the picture; lengths are pixels at a short side of 1080."""

    style: CaptionStyle = "normal-black"
    offset: CaptionOffset = Field(default_factory=CaptionOffset)
    font_family: Family | None = None
    font_size: Annotated[int, Field(ge=12, le=400)] | None = None
    font_style: Literal["font-bold", "italic", "underline"] | None = None
    text_color: Color | None = None
    background_color: Color | None = None
    highlight_text_color: Color | None = None
    max_width: Annotated[float, Field(ge=100, le=10_000, allow_inf_nan=False)] | None = None
    line_height: Annotated[float, Field(ge=0.8, le=4, allow_inf_nan=False)] | None = None
    text_shadow: Annotated[Text, Field(max_length=100), AfterValidator(_shadow)] | None = None
    hidden: bool = False
    override_visual_style: bool = False

    def captions(self) -> Captions | None:
        """In our words."""
        if self.hidden:
            return None
        return Captions(
            style=LATER_STYLES.get(self.style, self.style),
            offset_x=self.offset.x,
            offset_y=self.offset.y,
            font_family=self.font_family,
            font_size_px=self.font_size,
            bold=self.font_style == "font-bold",
            italic=self.font_style == "italic",
            underline=self.font_style == "underline",
            text_color=self.text_color,
            background_color=self.background_color,
            highlight_color=self.highlight_text_color,
            max_width_px=self.max_width,
            line_height=self.line_height,
            text_shadow=self.text_shadow,
            over_layout=self.override_visual_style,
        )
