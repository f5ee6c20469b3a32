"""What things cost, in credits, from their length; every started block counts."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Final

from lipwright.service.jobs import BLOCK_S, Goal
from lipwright.service.orders import Tariff
from lipwright.service.settings import Settings

PORTRAITS_2: Final = (
    Tariff.PORTRAIT_2_480P,
    Tariff.PORTRAIT_2_720P,
    Tariff.PORTRAIT_2_1080P,
    Tariff.PORTRAIT_2_2K,
)
"""In the order of the setting."""


def price(
    settings: Settings, tariff: Tariff, goal: Goal, duration_s: float | Fraction, *, drafted: bool
) -> int:
    """Credits for reaching `goal`.

    Args:
        settings: The prices.
        tariff: How it is charged.
        goal: A preview, or the finished file.
        duration_s: Of the finished file, in seconds.
        drafted: There was a preview, which the finished file costs less.
    """
    match tariff:
        case Tariff.FREE:
            return 0
        case Tariff.SPEECH:
            return settings.speech_price * blocks(duration_s)
        case _:
            preview = settings.preview_price * blocks(duration_s)
            if goal is Goal.PREVIEW:
                return preview
            return max(0, _video(settings, tariff, duration_s) - (preview if drafted else 0))


def _video(settings: Settings, tariff: Tariff, duration_s: float | Fraction) -> int:
    seconds = max(1, ceil(duration_s))
    by_second = {
        Tariff.PORTRAIT: settings.aurora_price,
        Tariff.PORTRAIT_FAST: settings.aurora_fast_price,
        **dict(zip(PORTRAITS_2, settings.aurora_v2_prices, strict=True)),
    }
    if tariff in by_second:
        # as it is written: seconds times the binary fraction next to 0.4 would round up too far
        return ceil(Fraction(str(by_second[tariff])) * seconds)
    return settings.video_price * blocks(duration_s)


def blocks(duration_s: float | Fraction) -> int:
    """Started 30 s blocks; at least one."""
    return max(1, -int(-duration_s // BLOCK_S))
