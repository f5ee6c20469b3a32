"""Files that pretend to be media: lists of other files, programs, and other tricks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from lipwright.compose.footage import Reel
from lipwright.encode.music import read_track
from lipwright.errors import UnreadableMedia
from lipwright.face.footage import pictures
from lipwright.face.reel import Reel as FilmReel
from lipwright.media import STREAMS_LIMIT, open_media
from lipwright.speech.listening.sound_file import read_sound_file

TRICKS = {
    "HLS": "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n",
    "HLS to the network": "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile {secret}\n",
    "DASH": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period>'
    "<BaseURL>file://{secret}</BaseURL></Period></MPD>",
    "SDP": "v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    "subtitles": "1\n00:00:00,000 --> 00:00:05,000\nHello.\n",
    "WebVTT": "WEBVTT\n\n00:00.000 --> 00:05.000\nHello.\n",
    "ASS": "[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:05.00,,,0,0,0,,Hello.\n",
    "metadata": ";FFMETADATA1\ntitle=x\n",
    "SVG": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{secret}"/></svg>',
    "nothing": "",
}
NAMES = ("a.mp4", "a.wav", "a.m3u8", "%03d.png", "a.webm", "concat:a|b.mp3", "file:a.mp4")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A real recording that no trick may reach."""
    path = tmp_path / "secret.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000)
        frame = av.AudioFrame(format="s16", layout="mono", samples=4800)
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
    return path


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trick", TRICKS)
def test_no_list_or_text_is_opened(trick: str, name: str, secret: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(TRICKS[trick].format(secret=secret))
    with pytest.raises(av.FFmpegError):
        open_media(path)
    with pytest.raises(UnreadableMedia):
        next(pictures(path))


def test_a_playlist_is_no_recording(secret: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_text(TRICKS["HLS"].format(secret=secret))
    with pytest.raises(UnreadableMedia):
        read_sound_file(path)


def test_a_real_file_is_opened_whatever_its_name(secret: Path, tmp_path: Path) -> None:
    for name in ("a.m3u8", "a.mp4", "a"):
        path = tmp_path / name
        path.write_bytes(secret.read_bytes())
        assert len(read_sound_file(path)) == 4800


def test_of_many_streams_a_few_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "streams.mkv"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=8000) for _ in range(60)]
        for stream in streams:
            frame = av.AudioFrame(format="s16", layout="mono", samples=80)
            frame.sample_rate = 8000
            container.mux(stream.encode(frame))
    with open_media(path) as opened:
        assert len(opened.streams) <= STREAMS_LIMIT


def _read_picture_reel(path: Path) -> None:
    with FilmReel(path, np.arange(3, dtype=np.int64)):
        pass


UNKNOWN: dict[str, Callable[[Path], object]] = {
    "recording": read_sound_file,
    "music": read_track,
    "clip": lambda path: next(pictures(path)),
    "film": _read_picture_reel,
    "background": Reel.of,
}


@pytest.mark.parametrize("reader", UNKNOWN)
def test_a_codec_that_nobody_knows_is_refused(reader: str, secret: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    if reader in ("recording", "music"):
        content, known, other = secret.read_bytes(), b"fmt \x10\x00\x00\x00\x01\x00", b"\x99\x99"
        path.write_bytes(content.replace(known, known[:-2] + other))
    else:
        with av.open(str(path), "w", format="avi") as container:
            stream = container.add_stream("mpeg4", rate=25)
            stream.width = stream.height = 64
            container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
            container.mux(stream.encode(None))
        path.write_bytes(path.read_bytes().replace(b"FMP4", b"zzzz"))
    with pytest.raises(UnreadableMedia):
        UNKNOWN[reader](path)
