"""A few damaged files of every kind; `tools/fuzz_media.py --count 1000` does it at length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parent.parent / "tools" / "fuzz_media.py"


@pytest.mark.slow
def test_every_damaged_file_is_read_or_refused() -> None:
    run = subprocess.run(
        [sys.executable, str(TOOL), "--count", "3", "--seed", "7"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert len(run.stdout.splitlines()) == 14
