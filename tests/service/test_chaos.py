"""A few kills of everything; `tools/chaos.py` makes hundreds of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHAOS = Path(__file__).parent.parent.parent / "tools" / "chaos.py"


@pytest.mark.slow
@pytest.mark.parametrize(("database", "workers"), [("sqlite", 1), ("postgres", 3)])
def test_nothing_is_lost_when_anything_is_killed(database: str, workers: int) -> None:
    command = [sys.executable, "-W", "ignore", str(CHAOS), "--database", database]
    given = ["--workers", str(workers), "--kills", "4", "--seed", "7", "--pause-s", "3"]
    run = subprocess.run([*command, *given], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout)
    assert sum(found["kills"].values()) == 4
    assert sum(found["jobs"].values()) > 0
    assert found["wrong"] == []
