"""What commands print: a table for people, JSON for programs."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

_WHOLE: Final = 10_000
"""Columns: a table is never cut, as an API key is shown once; a narrow terminal wraps lines."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def print_rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print rows that all have the same columns."""
    if as_json:
        print(json.dumps(rows))
        return
    table = Table(*(rows[0] if rows else ("nothing here yet",)), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console(width=_WHOLE).print(table, highlight=False, soft_wrap=True)
