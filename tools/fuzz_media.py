"""Feed damaged media to every reader of strangers' files: `fuzz_media.py --count 1000`.

Each file is read in a process of its own under the limits of a render process.  It must be read or
refused with one of our errors; a native crash is contained and counted; an error of another kind,
or a reader that does not end, is a fault and makes the exit status 1.  Seed and number make the
file, so a fault can be made again, and `--start` continues where a run was stopped.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import random
import select
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from lipwright.compose import footage
from lipwright.compose.backgrounds import read_picture
from lipwright.encode.music import read_track
from lipwright.errors import LipwrightError, UnreadableMedia
from lipwright.face.footage import pictures
from lipwright.face.photo import decoded
from lipwright.service.confinement import limit
from lipwright.speech.listening import decoder

MEMORY_MB = 4096
STEP_S = 5
"""Processor time is four times this."""
LONGEST_S = 300
"""By the clock; a busy machine may take long for little."""
READ, REFUSED, FAULT = 0, 10, 20

SOUNDS = {"wav": "pcm_s16le", "mp3": "mp3", "m4a": "aac", "ogg": "libopus", "flac": "flac"}
CLIPS = {"mp4": "libx264", "mov": "mpeg4", "webm": "libvpx", "mkv": "libx264", "avi": "mpeg4"}
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}


def sound(kind: str) -> bytes:
    """Two seconds of noise."""
    out = io.BytesIO()
    form = {"m4a": "mp4"}.get(kind, kind)
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(SOUNDS[kind], rate=48_000)
        stream.layout = "mono"
        noise = np.random.default_rng(1).integers(-9999, 9999, (1, 96_000), np.int16)
        resampler = av.AudioResampler(
            stream.format.name, "mono", 48_000, frame_size=stream.frame_size or 1024
        )
        frame = av.AudioFrame.from_ndarray(noise, "s16", "mono")
        frame.sample_rate = 48_000
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return out.getvalue()


def clip(kind: str) -> bytes:
    """Ten small pictures."""
    out = io.BytesIO()
    form = {"mkv": "matroska"}.get(kind, kind)
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(CLIPS[kind], rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        noise = np.random.default_rng(2).integers(0, 255, (10, 64, 96, 3), np.uint8)
        for pixels in noise:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode(None))
    return out.getvalue()


def picture(kind: str) -> bytes:
    """Noise, with Exif where there is any."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    noise = np.random.default_rng(3).integers(0, 255, (64, 96, 3), np.uint8)
    Image.fromarray(noise).save(out, PICTURES[kind], exif=exif)
    return out.getvalue()


def damaged(content: bytes, dice: random.Random) -> bytes:
    """The file with one kind of damage or several."""
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        where = dice.randrange(len(changed) + 1) if dice.random() < 0.5 else dice.randrange(64)
        length = dice.choice((1, 2, 4, 16, 256))
        end = where + length
        match dice.randrange(6):
            case 0:
                changed = changed[: max(1, where)]
            case 1:
                changed[where:end] = dice.randbytes(length)
            case 2:
                changed[where:where] = dice.randbytes(length)
            case 3:
                del changed[where:end]
            case 4:
                changed[where : where + 4] = dice.choice(
                    (b"\xff" * 4, b"\x7f\xff\xff\xff", bytes(4))
                )
            case 5:
                changed[where:where] = changed[:end]
    return bytes(changed)


def read_clip(path: Path) -> None:
    """Every picture of a clip."""
    for _ in pictures(path):
        pass


def read_sound(path: Path) -> None:
    """The sound of a file, as the decoding process reads it."""
    if decoder.main(path, Path(os.devnull), 60, decoder.MIXED):
        raise UnreadableMedia


def read_behind(path: Path) -> None:
    """Every picture of a clip that is to stand behind the avatar."""
    for _ in footage._decoded(path, Fraction(0)):
        pass


def readers(kind: str) -> list[Callable[[Path], object]]:
    """Everything that reads a file of this kind."""
    if kind in PICTURES:
        return [decoded, read_picture]
    sounds: list[Callable[[Path], object]] = [read_sound, read_track]
    return sounds if kind in SOUNDS else [read_clip, read_behind, read_sound]


def attempt(read: Callable[[Path], object], path: Path) -> str:
    """What became of reading the file in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(judged(read, path))
    handle = os.pidfd_open(child)
    ended = select.select([handle], [], [], LONGEST_S)[0]
    os.close(handle)
    if not ended:
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if not ended:
        return "endless"
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return {READ: "read", REFUSED: "refused"}.get(os.WEXITSTATUS(status), "fault")


def judged(read: Callable[[Path], object], path: Path) -> int:
    """Read it, in the child."""
    limit(MEMORY_MB, STEP_S)
    try:
        read(path)
    except LipwrightError:
        return REFUSED
    except MemoryError:
        return REFUSED
    except BaseException as error:
        print(f"{path.name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return FAULT
    return READ


def main() -> None:
    """Count what becomes of the files of every kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30, help="files of each kind")
    parser.add_argument("--start", type=int, default=0, help="number of the first file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", default=[*SOUNDS, *CLIPS, *PICTURES])
    given = parser.parse_args()
    gc.freeze()
    found: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind in given.kinds:
            found[kind] = dict(tried(kind, given, Path(folder)))
            print(json.dumps({kind: found[kind]}), flush=True)
    bad = sum(counts.get(what, 0) for counts in found.values() for what in ("fault", "endless"))
    raise SystemExit(1 if bad else 0)


def tried(kind: str, given: argparse.Namespace, folder: Path) -> Counter[str]:
    """Outcomes of the files of one kind."""
    make = sound if kind in SOUNDS else clip if kind in CLIPS else picture
    whole, counts = make(kind), Counter[str]()
    for number in range(given.start, given.start + given.count):
        dice = random.Random(f"{given.seed}.{kind}.{number}")
        path = folder / f"{number}.{kind}"
        path.write_bytes(damaged(whole, dice) if number else whole)
        for read in readers(kind):
            counts[attempt(read, path)] += 1
        path.unlink()
    return counts


if __name__ == "__main__":
    main()
