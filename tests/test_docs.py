"""Docs cannot drift: commands, settings, endpoints, errors and stages stand where they should."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import typer

import lipwright
from lipwright import errors
from lipwright.cli import app
from lipwright.errors import LipwrightError
from lipwright.service.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
DOCS = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
STAGES = ("speech", "viseme", "face", "mouth", "compose", "encode", "quality")


def commands(group: typer.Typer, prefix: str = "lipwright") -> list[str]:
    found = [
        f"{prefix} {command.name or (command.callback.__name__ if command.callback else '')}"
        for command in group.registered_commands
    ]
    for sub in group.registered_groups:
        assert sub.typer_instance is not None
        found += commands(sub.typer_instance, f"{prefix} {sub.name}")
    return found


@pytest.mark.parametrize("command", commands(app))
def test_every_command_has_a_heading(command: str) -> None:
    assert f"## `{command}`" in DOCS["cli.md"]


def test_every_option_of_render_stands_in_the_docs() -> None:
    import typer.main

    render = typer.main.get_command(app).commands["render"]  # type: ignore[attr-defined]
    for parameter in render.params:
        assert any(f"`{option}" in DOCS["cli.md"] for option in parameter.opts), parameter.opts


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_docs(name: str) -> None:
    assert f"`LIPWRIGHT_{name.upper()}`" in DOCS["settings.md"]


def error_names() -> list[str]:
    classes = inspect.getmembers(errors, inspect.isclass)
    return [name for name, cls in classes if issubclass(cls, LipwrightError)]


@pytest.mark.parametrize("name", error_names())
def test_every_error_stands_in_the_docs(name: str) -> None:
    assert f"`{name}`" in DOCS["cli.md"]


def test_the_stages_are_the_same_in_the_readme_and_the_architecture() -> None:
    for text in (README, DOCS["architecture.md"]):
        assert tuple(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))[: len(STAGES)] == STAGES


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) <= 120
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_changelog_starts_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == lipwright.__version__


def test_every_make_target_that_the_docs_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    for target in set(re.findall(r"`?make (\w+)[`\s]", README + contributing)) - {"sets"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
