"""The clips of a stock presenter reach whoever lists the personas."""

from __future__ import annotations

from pathlib import Path

from lipwright import pipeline
from lipwright.gallery import STOCK
from lipwright.request import Aspect


def test_every_stock_presenter_ships_a_clip_of_each_shape(tmp_path: Path) -> None:
    for card in STOCK.glob("*/avatar.json"):
        folder = tmp_path / card.parent.name
        pipeline.preview_pictures(card.parent, folder)
        names = {path.name for path in folder.iterdir()}
        assert names == {f"{aspect}.{kind}" for aspect in Aspect for kind in ("jpg", "mp4")}
