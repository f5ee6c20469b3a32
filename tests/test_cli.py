"""The command line as a user runs it: a real process, its output, its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress, TaskID

from lipwright.cli_making import finishing, progress_bar

LIPWRIGHT = Path(sys.executable).parent / "lipwright"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "LIPWRIGHT_DATA_DIR": str(home / "data"), "COLUMNS": "60"}
    command = [str(LIPWRIGHT), *map(str, arguments)]
    return subprocess.run(command, cwd=home, env=environ, capture_output=True, text=True)


def add_portrait(home: Path, portrait: Path, *more: str) -> subprocess.CompletedProcess[str]:
    consent = ("--consent", "Public-domain portrait by NASA.")
    options = ("--photo", str(portrait), "--name", "Portrait", "--gender", "f", *consent, *more)
    return run(home, "avatars", "add", *options)


def test_version_is_printed(home: Path) -> None:
    from lipwright import __version__

    assert run(home, "--version").stdout.strip() == __version__


def test_voices_are_listed_with_women_and_men(home: Path) -> None:
    found = json.loads(run(home, "voices", "list", "--json").stdout)
    english = [voice["gender"] for voice in found if voice["language"].startswith("en")]
    assert english.count("female") >= 4
    assert english.count("male") >= 4


@pytest.mark.slow
def test_an_avatar_is_added_listed_used_and_removed(home: Path, portrait_path: Path) -> None:
    added = add_portrait(home, portrait_path, "--json")
    assert added.returncode == 0, added.stderr
    [avatar] = json.loads(added.stdout)
    listed = json.loads(run(home, "avatars", "list", "--json").stdout)
    assert avatar["id"] in [other["id"] for other in listed]
    rendered = run(
        home, "render", "--avatar", "Portrait", "--text", "Hello.", "--height", "360",
        "--captions", "neo", "--aspect", "9x16", "-o", "hello.mp4", "--json",
    )  # fmt: skip
    assert rendered.returncode == 0, rendered.stderr
    assert json.loads(rendered.stdout)["report"]["file"]["frame_count"] > 15
    assert (home / "hello.mp4").stat().st_size > 10_000
    again = add_portrait(home, portrait_path)
    assert again.returncode == 2
    assert "already" in again.stderr
    assert run(home, "avatars", "remove", "Portrait").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--avatar", "nobody", "--text", "Hi."), 'no avatar "nobody"'),
        (("--avatar", "nobody", "--text", "Hi.", "--script", "x.txt"), "not both"),
        (("--avatar", "Ada"), "script or a recording"),
    ],
)
def test_a_wrong_render_ends_with_status_2_and_one_clear_line(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run(home, "render", *arguments, "-o", "wrong.mp4")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "wrong.mp4").exists()


def test_a_file_that_is_no_picture_makes_no_avatar(home: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("not a picture")
    done = add_portrait(home, tmp_path / "notes.png", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["type"] == "UnreadableMedia"
    assert not list((home / "data").glob("avatars/*"))


def test_an_avatar_needs_consent(home: Path, portrait_path: Path) -> None:
    done = run(
        home, "avatars", "add", "--photo", portrait_path, "--name", "X", "--consent", " "
    )  # fmt: skip
    assert done.returncode == 2
    assert "consent" in done.stderr


def test_a_usage_error_ends_with_status_2(home: Path) -> None:
    assert run(home, "render", "--no-such-option").returncode == 2


def test_a_key_is_created_listed_and_revoked(home: Path) -> None:
    [key] = json.loads(run(home, "keys", "create", "--name", "me", "--json").stdout)
    assert key["X-API-KEY"] not in run(home, "keys", "list").stdout
    assert run(home, "keys", "revoke", key["X-API-ID"]).returncode == 0


def test_a_key_is_printed_whole_in_a_narrow_terminal(home: Path) -> None:
    printed = run(home, "keys", "create", "--name", "me").stdout.splitlines()[1].split()
    [listed] = json.loads(run(home, "keys", "rotate", printed[0], "--json").stdout)
    assert printed[0] == listed["X-API-ID"]
    assert len(printed[1]) == len(listed["X-API-KEY"])


def test_the_doctor_finds_nothing_wrong_here(home: Path) -> None:
    done = run(home, "doctor", "--json")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("-o", "out.mov", "--video", "clip.mp4"), "must end in .mp4"),
        (("-o", "out.mp4", "--video", "clip.mp4", "--face", "left"), "0.7,0.4"),
        (("-o", "out.mp4", "--video", "clip.mp4", "--face", "2,0.5"), "from 0 to 1"),
        (("-o", "out.mp4", "--video", "nothing.mp4"), "cannot be read"),
    ],
)
def test_a_wrong_revoicing_is_told_in_words(
    home: Path, options: tuple[str, ...], told: str
) -> None:
    ran = run(home, "revoice", *options, "--text", "Hello.")
    assert ran.returncode == 2
    assert told in ran.stderr


def test_an_avatar_is_made_of_a_photo_or_a_clip(home: Path) -> None:
    ran = run(home, "avatars", "add", "--name", "Me", "--consent", "I agree.")
    assert ran.returncode == 2
    assert "--photo or --video" in ran.stderr


def test_the_bar_is_full_only_when_the_file_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[float, float]] = []
    update = Progress.update

    def noted(bar: Progress, task: TaskID, **values: Any) -> None:
        update(bar, task, **values)
        shown.append((bar.tasks[task].completed, bar.tasks[task].total or 0))

    monkeypatch.setattr(Progress, "update", noted)
    with progress_bar(quiet=True) as advance:
        for done in (1, 50, 100):
            advance(done, 100)
        assert all(done < total for done, total in shown)
    assert shown[-1][0] == shown[-1][1] == 100 + finishing(100)
