"""The command line: render, serve, worker, avatars, voices, keys, bench, doctor.

Exit status: 0 done, 1 our fault or the machine's, 2 the caller can fix it, 130 interrupted.
"""

from __future__ import annotations

import getpass
import json
import sys
import uuid
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast

import typer
from rich.console import Console

from lipwright import __version__
from lipwright import render_options as options
from lipwright.avatar import AvatarCard, Consent, Gender
from lipwright.cli_accounts import add_account_commands
from lipwright.cli_making import (
    FacePlace,
    MouthModelFile,
    place_of,
    print_report,
    progress_bar,
    read_script,
    stages_of,
)
from lipwright.cli_revoice import revoice
from lipwright.cli_rows import Json, print_rows
from lipwright.cli_voices import find_voice, voices_app
from lipwright.errors import InvalidRequest, LipwrightError
from lipwright.request import (
    MUSIC_CATEGORIES,
    STUDIOS,
    Aspect,
    Background,
    Captions,
    Container,
    Fit,
    Music,
    Output,
    RenderRequest,
)

if TYPE_CHECKING:  # the service takes a second to import; `render` does not need it
    from lipwright.gallery import Gallery
    from lipwright.service.settings import Settings

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
avatars_app = typer.Typer(no_args_is_help=True, help="List, add and remove avatars.")
app.add_typer(avatars_app, name="avatars")
app.add_typer(voices_app, name="voices")
add_account_commands(app)
app.command()(revoice)

_VIDEO_SUFFIXES = (".mp4", ".mov", ".webm", ".mkv", ".gif")
_RATES = (24, 25, 30, 50, 60)
EXIT_FAILED, EXIT_INVALID, EXIT_INTERRUPTED = 1, 2, 130

GENDERS = {"f": "af_heart", "m": "am_michael", "nb": "af_kore"}
"""Genders an avatar may have, and the voice it gets unless the user chooses one."""


def main() -> None:
    """Run the command line; turn every error into one clear line and an exit status."""
    as_json = "--json" in sys.argv
    try:
        app(standalone_mode=False)
    except LipwrightError as error:
        _fail(error, as_json, EXIT_INVALID if isinstance(error, InvalidRequest) else EXIT_FAILED)
    except typer.Exit as stop:
        raise SystemExit(stop.exit_code) from None
    except (typer.Abort, KeyboardInterrupt):
        raise SystemExit(EXIT_INTERRUPTED) from None
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a usage error of click's
            error.show()
            raise SystemExit(EXIT_INVALID) from None
        raise


def _fail(error: LipwrightError, as_json: bool, status: int) -> NoReturn:
    if as_json:
        print(json.dumps({"error": {"type": type(error).__name__, "message": str(error)}}))
    else:
        Console(stderr=True).print(f"[red]error:[/] {error}", highlight=False, soft_wrap=True)
    raise SystemExit(status)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Lipwright: a script or a recording, plus an avatar, becomes a lip-synced talking video."""
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def render(  # noqa: PLR0913 - an option is an argument
    output: options.Output,
    avatar: options.Avatar = "",
    text: options.Text = None,
    script: options.Script = None,
    audio: options.Audio = None,
    scenes: options.Scenes = None,
    voice: options.Voice = None,
    rate: options.Rate = 1.0,
    say: options.Say = None,
    aspect: options.Shape = Aspect.LANDSCAPE,
    captions: options.CaptionStyle = None,
    background: options.Behind = None,
    fit: options.HowFit = Fit.CROP,
    effect: options.Effect = None,
    layout: options.Layout = None,
    music: options.Bed = None,
    fps: options.Rates = 30,
    height: options.Height = 1080,
    mouth_model: MouthModelFile = None,
    as_json: Json = False,
) -> None:
    """Render one video."""
    if scenes is not None:
        return _render(_from_file(scenes, output), output, mouth_model, as_json)
    said = read_script(text, script)
    request = RenderRequest.single(
        _gallery().find(avatar),
        said,
        recording=audio,
        voice=find_voice(voice) if voice else None,
        speaking_rate=rate,
        pronunciations=tuple(_pronunciation(entry) for entry in say or ()),
        captions=Captions(captions) if captions else None,
        background=_background(background, fit, effect),
        layout=layout,
        music=_music(music),
        output=Output(aspect, height, _fps(fps), _container(output)),
    )
    return _render(request, output, mouth_model, as_json)


def _from_file(scenes: Path, output: Path) -> RenderRequest:
    from lipwright.scenes_file import read_request

    return read_request(scenes, _container(output), _gallery().find)


def _render(request: RenderRequest, output: Path, mouth_model: Path | None, as_json: bool) -> None:
    from lipwright import pipeline

    with progress_bar(as_json) as advance:
        report = pipeline.render(request, output, stages=stages_of(mouth_model), progress=advance)
        print_report(output, report, as_json)


def _pronunciation(entry: str) -> tuple[str, str]:
    word, _, sounds = entry.partition("=")
    return word.strip(), sounds.strip()


def _background(value: str | None, fit: Fit, effect: str | None) -> Background | None:
    if value is None:
        return None
    if value in STUDIOS:
        return Background(studio=value, effect=effect)
    if value.startswith("#"):
        return Background(color=value, effect=effect)
    path = Path(value)
    if path.suffix.lower() in _VIDEO_SUFFIXES:
        return Background(video=path, fit=fit, effect=effect)
    return Background(image=path, fit=fit, effect=effect)


def _music(value: str | None) -> Music | None:
    if value is None:
        return None
    if value == "any":
        return Music()
    return Music(category=value) if value in MUSIC_CATEGORIES else Music(track=Path(value))


def _fps(value: int) -> Fraction:
    if value not in _RATES:
        raise InvalidRequest(f"--fps must be one of {', '.join(map(str, _RATES))}.")
    return Fraction(value)


def _container(output: Path) -> Container:
    try:
        return Container(output.suffix.lower().removeprefix("."))
    except ValueError:
        raise InvalidRequest(
            f"{output} must end in .mp4, or in .webm or .mov for a transparent background."
        ) from None


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address; default LIPWRIGHT_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; default LIPWRIGHT_PORT.")] = None,
) -> None:
    """Run API, studio page and worker in one process group."""
    from lipwright.service.serve import serve as run

    given = {"host": host, "port": port}
    run(_settings(**{name: value for name, value in given.items() if value is not None}))


@app.command()
def worker() -> None:
    """Run a worker alone, on the database of LIPWRIGHT_DATABASE_URL."""
    from lipwright.service.worker import work

    work(_settings())


def _settings(**given: str | int) -> Settings:
    from lipwright.service.settings import Settings

    return Settings.model_validate(given)


def _gallery() -> Gallery:
    from lipwright.gallery import Gallery

    return Gallery(_settings().data_dir / "avatars")


@avatars_app.command("list")
def list_avatars(as_json: Json = False) -> None:
    """List every avatar at hand."""
    rows = [
        {"id": card.id, "name": card.name, "gender": card.gender, "voice": card.default_voice}
        for _, card in _gallery().cards()
    ]
    print_rows(rows, as_json)


@avatars_app.command("add")
def add_avatar(  # noqa: PLR0913 - an option is an argument
    name: Annotated[str, typer.Option(help="What to call the avatar.")],
    consent: Annotated[str, typer.Option(help="Who allows this use, and that they do.")],
    photo: Annotated[
        Path | None, typer.Option(help="Picture of one face: JPEG, PNG or WebP.")
    ] = None,
    video: Annotated[
        Path | None, typer.Option(help="Clip of a person instead: 5 s to 5 minutes, at most 4K.")
    ] = None,
    face: FacePlace = None,
    gender: Annotated[str, typer.Option(help="f, m or nb.")] = "nb",
    voice: Annotated[str | None, typer.Option(help="Its default voice.")] = None,
    as_json: Json = False,
) -> None:
    """Make an avatar from a photo or a clip of a person who consented."""
    from lipwright import pipeline

    card = _card(name, consent, gender, voice)
    if (photo is None) == (video is None):
        raise InvalidRequest("Give --photo or --video.")
    if photo is not None:
        folder = _gallery().add_photo(photo, card)
    elif video is not None:
        with progress_bar(as_json) as advance:
            folder = _gallery().add_footage(video, card, place_of(face), progress=advance)
    kept = pipeline.read_card(folder)
    print_rows([{"id": kept.id, "name": kept.name, "folder": str(folder)}], as_json)
    for note in () if as_json else kept.notes:
        Console().print(f"  note: {note}", highlight=False)


def _card(name: str, consent: str, gender: str, voice: str | None) -> AvatarCard:
    from lipwright import pipeline

    if gender not in GENDERS:
        raise InvalidRequest(f'"{gender}" is not a gender here; write f, m or nb.')
    given = Consent(consent, getpass.getuser(), datetime.now(UTC).isoformat())
    return AvatarCard(
        id=str(uuid.uuid4()),
        name=name,
        gender=cast(Gender, gender),
        default_voice=pipeline.voice_card(voice or GENDERS[gender]).name,
        licence="the user's own",
        consent=given if consent.strip() else None,
        style="selfie",
    )


@avatars_app.command("remove")
def remove_avatar(avatar: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Delete one of your own avatars."""
    print(f"removed {_gallery().remove(avatar)}")


@app.command()
def bench(  # noqa: PLR0913 - an option is an argument
    what: Annotated[
        str, typer.Argument(help="long, mouth, render, service, speech, voices or words.")
    ] = "render",
    avatar: Annotated[str | None, typer.Option(help="Avatar to measure with.")] = None,
    voice: Annotated[str | None, typer.Option(help="Voice to measure; all of them.")] = None,
    footage: Annotated[
        Path | None, typer.Option(help="Clip to measure the mouth with, instead of an avatar.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="Of the long video.")] = 3.0,
    height: Annotated[int, typer.Option(help="Short side of the long video, in pixels.")] = 1080,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the long video here, and go on with one begun here.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure this machine; exit status 1 where a figure misses its bound."""
    from lipwright.bench import Asked, measured

    found = _gallery().find(avatar) if avatar else None
    result = measured(what, Asked(found, voice, footage, minutes, height, keep))
    if as_json:
        print(json.dumps(result))
    else:
        rows = [{"figure": name, **figure} for name, figure in result["figures"].items()]
        print_rows(rows, as_json=False)
    if not all(figure["ok"] for figure in result["figures"].values()):
        raise typer.Exit(EXIT_FAILED)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Find out what is wrong with this installation; exit status 1 if anything is."""
    from lipwright.doctor import checks

    found = checks(_settings())
    print_rows([{"check": c.name, "ok": c.ok, "found": c.found} for c in found], as_json)
    if not all(check.ok for check in found):
        raise typer.Exit(EXIT_FAILED)
