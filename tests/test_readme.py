"""The README's commands run, word for word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text()
BLOCKS: list[tuple[str, str]] = re.findall(
    r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL
)


def block(language: str, containing: str) -> str:
    return next(text for name, text in BLOCKS if name == language and containing in text)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, portrait_path: Path) -> Path:
    home = tmp_path_factory.mktemp("readme")
    shutil.copy(portrait_path, home / "portrait.png")
    return home


def run(home: Path, command: list[str]) -> str:
    environ = os.environ | {
        "LIPWRIGHT_DATA_DIR": str(home / "data"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(command, cwd=home, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_command_line_and_the_python_of_the_readme_make_videos(home: Path) -> None:
    run(home, ["bash", "-e", "-c", block("sh", "avatars add")])
    assert (home / "hello.mp4").stat().st_size > 100_000
    assert (home / "me.mp4").stat().st_size > 100_000
    (home / "hello.mp4").unlink()
    (home / "hello.py").write_text(block("python", "render("))
    offset_ms, lufs = map(float, run(home, [sys.executable, "hello.py"]).split())
    assert abs(offset_ms) <= 20
    assert abs(lufs + 14) <= 0.5
    assert (home / "hello.mp4").stat().st_size > 100_000


def test_the_addresses_of_the_readme_are_routes() -> None:
    from lipwright.service.routes import ROUTES

    paths = {re.sub(r"\{\w+\}", "X", route.path).rstrip("/") for route in ROUTES}
    for path in re.findall(r"127\.0\.0\.1:8000(/\S+)", block("sh", "curl")):
        assert re.sub(r"\$\w+", "X", path).rstrip("/") in paths
