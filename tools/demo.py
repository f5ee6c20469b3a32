"""Make out/demo.mp4 the way a client does: key, avatar, preview, render, webhook, download."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

OUT = Path(__file__).parent.parent / "out"
LIPWRIGHT = str(Path(sys.executable).parent / "lipwright")
SCRIPT = (
    "Hello, and welcome to Lipwright! Everything that you see and hear was made on two CPU cores: "
    "my voice, my lips, and these captions. "
    "Peter Piper picked a peck of pickled peppers, for just $3.50."
)
PATIENCE_S = 300


def main() -> None:
    """Run the whole way and say where the video is."""
    began = time.monotonic()
    shutil.rmtree(OUT / "demo-data", ignore_errors=True)
    OUT.mkdir(exist_ok=True)
    port = free_port()
    environ = {
        **os.environ,
        "LIPWRIGHT_DATA_DIR": str(OUT / "demo-data"),
        "LIPWRIGHT_PORT": str(port),
        "LIPWRIGHT_TRUSTED_HOSTS": '["127.0.0.1"]',  # the webhook receiver of this demo
    }
    avatar = demo_avatar(environ)
    key = lipwright(environ, "keys", "create", "--name", "demo", "--json")[0]
    with server(environ, port) as url, webhook_receiver() as (hook, calls):
        job = made_by_api(httpx.Client(base_url=url, headers=key, timeout=30), avatar, hook, calls)
        (OUT / "demo.mp4").write_bytes(httpx.get(job["output"], timeout=60).content)
        (OUT / "demo-thumbnail.jpg").write_bytes(httpx.get(job["video_thumbnail"]).content)
    draw_strip(OUT / "demo.mp4", OUT / "demo.jpg")
    print(f"out/demo.mp4: {job['duration']} s of video in {time.monotonic() - began:.0f} s")


def demo_avatar(environ: dict[str, str]) -> str:
    """Id of a stock presenter, or of an avatar made from the portrait of scikit-image."""
    stock = lipwright(environ, "avatars", "list", "--json")
    if stock:
        return str(stock[0]["id"])
    from skimage import data

    photo = OUT / "portrait.png"
    Image.fromarray(data.astronaut()).save(photo)
    consent = "Public-domain portrait by NASA, as shipped by scikit-image."
    added = ("--photo", str(photo), "--name", "Portrait", "--gender", "f", "--consent", consent)
    return str(lipwright(environ, "avatars", "add", *added, "--json")[0]["id"])


def lipwright(environ: dict[str, str], *arguments: str) -> Any:
    """What a command prints, read as JSON."""
    done = subprocess.run([LIPWRIGHT, *arguments], env=environ, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def made_by_api(client: httpx.Client, avatar: str, hook: str, calls: queue.Queue[Any]) -> Any:
    """Preview, then render, then wait for the webhook; the finished task."""
    body = {
        "text": SCRIPT,
        "creator": avatar,
        "aspect_ratio": "16x9",
        "no_caption": False,
        "caption_style": "neo",
        "webhook_url": hook,
    }
    began = time.monotonic()
    job = answer(client.post("/api/lipsyncs/preview/", json=body))
    path = f"/api/lipsyncs/{job['id']}/"
    while not answer(client.get(path))["preview"]:
        if answer(client.get(path))["status"] == "failed" or time.monotonic() - began > PATIENCE_S:
            raise SystemExit(f"no preview: {answer(client.get(path))['failed_reason']}")
        time.sleep(0.2)
    print(f"preview ready after {time.monotonic() - began:.1f} s")
    answer(client.post(path + "render/"))
    call = calls.get(timeout=PATIENCE_S)
    print(f"webhook after {time.monotonic() - began:.1f} s: {call}")
    if call["status"] != "done":
        raise SystemExit(f"failed: {call['failed_reason']}")
    return answer(client.get(path))


def answer(response: httpx.Response) -> Any:
    """The JSON of a response, or an end with what the server said."""
    if response.is_error:
        raise SystemExit(f"{response.request.url}: {response.status_code} {response.text}")
    return response.json()


@contextmanager
def server(environ: dict[str, str], port: int) -> Iterator[str]:
    """`lipwright serve` in a process group of its own, ended with the block."""
    url = f"http://127.0.0.1:{port}"
    with (OUT / "demo-server.log").open("w") as log:
        child = subprocess.Popen(
            [LIPWRIGHT, "serve"], env=environ, start_new_session=True, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 60
        while not reachable(url):
            if child.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the server did not start; see out/demo-server.log")
            time.sleep(0.2)
        yield url
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=30)


def reachable(url: str) -> bool:
    """Whether the server answers."""
    try:
        return httpx.get(url + "/healthz").is_success
    except httpx.TransportError:
        return False


@contextmanager
def webhook_receiver() -> Iterator[tuple[str, queue.Queue[Any]]]:
    """An address for `webhook_url`, and the bodies posted to it."""
    calls: queue.Queue[Any] = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the terminal for the demo's own lines."""

    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{receiver.server_port}/done", calls
    receiver.shutdown()


def free_port() -> int:
    """A port on loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def draw_strip(video: Path, picture: Path) -> None:
    """Six moments of the video side by side, for the README."""
    import av

    with av.open(str(video)) as container:
        frames = list(container.decode(video=0))
    chosen = [frames[len(frames) * i // 7].to_image().resize((640, 360)) for i in range(1, 7)]
    strip = Image.new("RGB", (640 * 3, 360 * 2))
    for i, frame in enumerate(chosen):
        strip.paste(frame, (640 * (i % 3), 360 * (i // 3)))
    strip.save(picture, quality=85)


if __name__ == "__main__":
    main()
