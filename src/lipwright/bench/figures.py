"""One measured number, the bound that it has to keep, and how it is printed."""

from __future__ import annotations

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
        return bounds | {"value": round(self.value, 3), "ok": self.ok}


Figures = dict[str, Figure]
"""By name, in the order in which they are printed."""
