"""Commands about voices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from lipwright.cli_rows import Json, print_rows

if TYPE_CHECKING:
    from lipwright.gallery import VoiceShelf

voices_app = typer.Typer(no_args_is_help=True, help="List, add and remove voices.")


@voices_app.command("list")
def list_voices(as_json: Json = False) -> None:
    """List the voices by name, with language and gender."""
    rows = [
        {"name": v.name, "id": v.id, "language": v.language, "gender": v.gender}
        for _, v in _shelf().cards()
    ]
    print_rows(rows, as_json)


@voices_app.command("add")
def add_voice(
    file: Annotated[Path, typer.Argument(help="Piper's .onnx or Kokoro's .bin.")],
    name: Annotated[str, typer.Option(help="What to call it: a-z, 0-9, - and _.")],
    language: Annotated[str, typer.Option(help="Its language, such as en-US or fr-FR.")],
    gender: Annotated[str, typer.Option(help="female or male.")] = "female",
    as_json: Json = False,
) -> None:
    """Add a Piper or Kokoro voice of your own, and let it say a sentence."""
    from lipwright.speech.voice import Gender, VoiceCard

    display_name = name.replace("_", " ").replace("-", " ").title()
    card = VoiceCard(name, display_name, cast(Gender, gender), language, "piper")
    folder = _shelf().add(file, card)
    print_rows([{"name": name, "id": card.id, "folder": str(folder)}], as_json)


@voices_app.command("remove")
def remove_voice(voice: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Delete one of your own voices."""
    print(f"removed {_shelf().remove(voice)}")


def find_voice(wanted: str) -> str:
    """What to write as a scene's voice for a name or id."""
    return _shelf().find(wanted)


def _shelf() -> VoiceShelf:
    from lipwright.gallery import VoiceShelf
    from lipwright.service.settings import Settings

    return VoiceShelf(Settings.model_validate({}).data_dir / "voices")
