"""Nothing that is made here is reported to anybody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import os
import {first}
import onnxruntime
names = (f"/proc/self/fd/{{number}}" for number in os.listdir("/proc/self/fd"))
print(*(os.readlink(name) for name in names if os.path.exists(name)), sep="\\n")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
@pytest.mark.parametrize(("first", "silent"), [("lipwright", True), ("onnxruntime", False)])
def test_the_runtime_of_the_models_reports_nothing(
    tmp_path: Path, first: str, *, silent: bool
) -> None:
    # the second case shows that the first one would notice
    environ = {"HOME": str(tmp_path), "PATH": "", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    code = [sys.executable, "-c", LOOK.format(first=first)]
    seen = subprocess.run(code, env=environ, capture_output=True, text=True, check=True)
    assert seen.stdout
    assert (str(tmp_path) not in seen.stdout) is silent
    assert (not list(tmp_path.rglob("*"))) is silent
