"""Every bundled file stands in assets/NOTICE with its own hash, and nothing else does."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).parent.parent / "src" / "lipwright" / "assets"
NOTICE = (ASSETS / "NOTICE").read_text()
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def bundled() -> list[Path]:
    return sorted(
        path
        for path in ASSETS.rglob("*")
        if path.is_file() and path.name != "NOTICE" and path.suffix not in {".py", ".pyc"}
    )


@pytest.mark.parametrize("path", bundled(), ids=lambda path: str(path.relative_to(ASSETS)))
def test_a_bundled_file_stands_in_the_notice(path: Path) -> None:
    name = str(path.relative_to(ASSETS))
    line = next((line for line in NOTICE.splitlines() if name in line), None)
    assert line, f"{name} is not in assets/NOTICE"
    assert HASH.findall(line) == [hashlib.sha256(path.read_bytes()).hexdigest()]


def test_the_notice_names_no_file_that_is_gone() -> None:
    named = [
        line.split()[0]
        for line in NOTICE.splitlines()
        if line.startswith(("models/", "voices/", "avatars/", "fonts/", "words/", "labelled/"))
    ]
    assert named
    assert [name for name in named if not (ASSETS / name).is_file()] == []
