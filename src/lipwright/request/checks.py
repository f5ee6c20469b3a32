"""Checks that several parts of a request share."""

from __future__ import annotations

import re

from lipwright.errors import InvalidRequest


def check_choice(value: str, choices: tuple[str, ...], what: str) -> None:
    """Refuse a name that is not one of `choices`, naming them all."""
    if value not in choices:
        raise InvalidRequest(f'"{value}" is not {what}; choose one of {", ".join(choices)}.')


def check_range(value: float, low: float, high: float, what: str) -> None:
    """Refuse a number outside ``[low, high]``; not a number is outside."""
    if not low <= value <= high:
        raise InvalidRequest(f"{what} must be from {low:g} to {high:g}.")


def check_color(value: str) -> None:
    """Refuse anything but ``#RRGGBB``."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise InvalidRequest(f'"{value}" is not a colour; write it as #RRGGBB.')


def check_color_with_alpha(value: str) -> None:
    """Refuse anything but ``#RRGGBB`` and ``#RRGGBBAA``."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", value):
        raise InvalidRequest(f'"{value}" is not a colour; write it as #RRGGBB or #RRGGBBAA.')
