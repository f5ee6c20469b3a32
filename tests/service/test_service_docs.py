"""docs/http.md says what the service does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from lipwright.request import CAPTION_STYLES
from lipwright.service.routes import ROUTES, Route
from lipwright.service.settings import Settings

DOCS = Path(__file__).parent.parent.parent / "docs"
TEXT = (DOCS / "http.md").read_text()


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if not route.is_alias], ids=lambda route: route.path
)
def test_every_endpoint_stands_in_the_docs(route: Route) -> None:
    assert f"| `{route.method}` | `{route.path}` |" in TEXT


def fields() -> set[str]:
    """Names of every field that goes in or out, at any depth."""
    schemas = [
        TypeAdapter(kind).json_schema()
        for route in ROUTES for kind in (route.takes, route.gives) if kind is not None
    ]  # fmt: skip
    nested = [inner for schema in schemas for inner in (schema, *schema.get("$defs", {}).values())]
    return {name for schema in nested for name in schema.get("properties", {})}


@pytest.mark.parametrize("name", sorted(fields()))
def test_every_field_stands_in_the_docs(name: str) -> None:
    assert re.search(rf"[`.]{name}[`.]", TEXT)


@pytest.mark.parametrize("style", CAPTION_STYLES)
def test_every_caption_style_stands_in_the_docs(style: str) -> None:
    assert f"`{style}`" in TEXT


@pytest.mark.parametrize(("name", "field"), Settings.model_fields.items())
def test_every_setting_stands_in_the_docs_with_its_description(name: str, field: object) -> None:
    description = getattr(field, "description", None)
    assert description
    line = next(
        line for line in (DOCS / "settings.md").read_text().splitlines()
        if f"`LIPWRIGHT_{name.upper()}`" in line
    )  # fmt: skip
    assert description in line


def test_settings_survive_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = Settings.model_validate(
        {"data_dir": tmp_path, "trusted_hosts": ["10.0.0.0/8"], "port": 9, "preview_webhooks": True}
    )
    for name, value in chosen.environ().items():
        monkeypatch.setenv(name, value)
    assert Settings() == chosen


def test_migrations_are_one_line_numbered_in_order() -> None:
    from lipwright.service.migrations import versions

    paths = sorted(Path(versions.__file__).parent.glob("m[0-9]*.py"))
    texts = [path.read_text() for path in paths]
    for number, (path, text) in enumerate(zip(paths, texts, strict=True), start=1):
        assert path.name.startswith(f"m{number:04}_")
        assert f'\nrevision = "{number:04}"\n' in text
        assert f'\ndown_revision = "{number - 1:04}"\n' in text or number == 1
