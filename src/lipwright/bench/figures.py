"""One measured number, the bound that it has to keep, and how it is printed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and the bound that it has to keep."""

    value: float
    unit: str
    ceiling: float | None = None
    floor: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the value keeps its bound; a value that is no number keeps none."""
        kept = (self.ceiling is None or self.value <= self.ceiling) and (
            self.floor is None or self.value >= self.floor
        )
        return bool(kept)  # values come from numpy, whose booleans JSON does not know

    def as_json(self) -> dict[str, Any]:
        """Only the bound that there is."""
        bounds = {name: value for name, value in asdict(self).items() if value is not None}
        value = round(self.value, 3) if math.isfinite(self.value) else None
        return bounds | {"value": value, "ok": self.ok}


def measured(value: float | None) -> float:
    """The value; where nothing could be measured, what is no number and so keeps no bound."""
    return float("nan") if value is None else value


Figures = dict[str, Figure]
"""By name, in the order in which they are printed."""
