"""Every style and every script still looks as it did when someone looked at it."""

from __future__ import annotations

import runpy
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.request import CAPTION_STYLES

GOLDEN = Path(__file__).parent / "golden"
TOOL = Path(__file__).parents[2] / "tools" / "golden_captions.py"


_DRAWN = runpy.run_path(str(TOOL))


@pytest.mark.parametrize("style", CAPTION_STYLES)
def test_a_style_looks_as_its_reference(style: str) -> None:
    assert_alike(_DRAWN["picture"](style), style)


@pytest.mark.parametrize("script", _DRAWN["SCRIPTS"])
def test_a_script_looks_as_its_reference(script: str) -> None:
    assert_alike(_DRAWN["script_picture"](script), f"script-{script}")


def assert_alike(picture: NDArray[np.uint8], name: str) -> None:
    bgr = cv2.imread(str(GOLDEN / f"{name}.png"))
    assert bgr is not None
    reference = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.float32)
    difference = np.abs(picture.astype(np.float32) - reference)
    # Another rasteriser moves edges by a grey level or two; another glyph, colour or place
    # changes hundreds of whole pixels, which these bounds do not let through.
    assert difference.mean() < 0.6
    assert (difference.max(axis=2) > 64).mean() < 0.004


def test_the_references_are_small() -> None:
    assert sum(path.stat().st_size for path in GOLDEN.iterdir()) < 1_000_000
