"""The library stays usable alone, and stages do not know each other.

A failure here means that an import points the wrong way.  Move the shared thing down
(`timeline`, `arrays`, `avatar`, `errors`, `request`, `models`, `loudness`) or the wiring up
(`pipeline`).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "lipwright"
CORE = {
    "memory",
    "arrays", "avatar", "colour", "errors", "headpose", "loudness", "media", "models", "request",
    "timeline",
}  # fmt: skip
WIRING = {
    "checking", "filming", "narration", "originals", "pipeline", "revoicing", "side_by_side",
    "staging", "steps",
}  # fmt: skip
STAGES = {"speech", "viseme", "face", "mouth", "compose", "encode", "quality"}
SERVICE_MAY_USE = CORE | {"gallery", "pipeline", "service", "steps", "__version__"}
OUTSIDE_THE_LIBRARY = {
    "alembic", "dbos", "fastapi", "fsspec", "http", "httpx", "platformdirs", "prometheus_client",
    "pydantic", "pydantic_settings", "requests", "rich", "socket", "sqlalchemy", "sqlite3",
    "starlette", "structlog", "typer", "urllib", "uvicorn",
}  # fmt: skip
TIMELESS = {"time", "datetime", "secrets", "random"}
LINES_MAX = 400
FUNCTION_LINES_MAX = 40


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Absolute dotted names imported anywhere in a file, relative imports resolved."""
    package = ("lipwright", *path.relative_to(PACKAGE).with_suffix("").parts[:-1])
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            stem = ".".join(base + ([node.module] if node.module else []))
            found |= {f"{stem}.{alias.name}" for alias in node.names}
    return found


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", modules(), ids=named)
def test_imports_point_downwards(path: Path) -> None:
    here = path.relative_to(PACKAGE).with_suffix("").parts[0]
    for name in imports(path):
        top, *rest = name.split(".")
        if here in CORE | STAGES | WIRING:
            assert top not in OUTSIDE_THE_LIBRARY, f"the library must not import {name}"
        if top != "lipwright" or not rest:
            continue
        if here in STAGES:
            assert rest[0] in CORE | {here}, f"stage {here!r} must not import {name}"
        elif here in CORE:
            assert rest[0] in CORE, f"core module {here!r} must not import {name}"
        elif here == "service":
            assert rest[0] in SERVICE_MAY_USE, f"the service must not reach into {name}"


@pytest.mark.parametrize("path", modules(), ids=named)
def test_the_library_knows_no_clock_and_no_chance(path: Path) -> None:
    here = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if here in CORE | STAGES | WIRING:
        for name in imports(path):
            assert name.split(".")[0] not in TIMELESS, f"{named(path)} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=named)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text()))
    assert doc, f"{named(path)} has no docstring"
    assert len(doc.splitlines()[0]) <= 100


@pytest.mark.parametrize("path", modules(), ids=named)
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LINES_MAX
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{named(path)}: {node.name} has {length} lines"


def test_the_pipeline_stays_on_one_screen() -> None:
    path = PACKAGE / "pipeline.py"
    function = next(
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "render"
    )
    assert (function.end_lineno or 0) - function.lineno < 60
