"""Callers' URLs reach the internet and nothing else."""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from service_world import receiver

from lipwright.service import fetch
from lipwright.service.fetch import Fetcher, Refused, Unreachable, is_public

LOOPBACK = ("127.0.0.1",)

FORBIDDEN = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001:db8::1", "2001::1", "2002:7f00:1::1", "fc00::1", "fd12::1",
    "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip


REGISTRIES = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
    "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "::/128", "::1/128", "::/96",
    "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
    "2001::/32", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "2002::/16",
    "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2620:4f:8000::/48",
]  # fmt: skip
"""Every range of the special-purpose registries of IANA, and those older ones still in use."""


def download(url: str, path: Path, fetcher: Fetcher | None = None) -> bytes:
    asyncio.run((fetcher or Fetcher()).download(url, path / "file"))
    return (path / "file").read_bytes()


@pytest.mark.parametrize("address", FORBIDDEN)
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("range_", REGISTRIES)
@settings(max_examples=5)
@given(data=st.data())
def test_no_address_of_a_special_range_is_public(range_: str, data: st.DataObject) -> None:
    network = ipaddress.ip_network(range_)
    for address in (network[0], network[-1], data.draw(st.ip_addresses(network=network))):
        assert not is_public(address)
        if isinstance(address, ipaddress.IPv4Address):
            assert not is_public(ipaddress.ip_address(f"::ffff:{address}"))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4, network="127.0.0.0/8") | st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_no_disguise_makes_a_private_address_public(address: ipaddress.IPv4Address) -> None:
    for disguise in (f"::ffff:{address}", f"64:ff9b::{address}", f"::{address}"):
        assert not is_public(ipaddress.ip_address(disguise))


@pytest.mark.parametrize("host", [
    "127.0.0.1", "localhost", "LOCALHOST", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0",
    "[::1]", "[::ffff:127.0.0.1]", "user:pw@127.0.0.1",
])  # fmt: skip
def test_no_spelling_of_loopback_is_followed(host: str, tmp_path: Path) -> None:
    with pytest.raises((Refused, Unreachable)):
        download(f"http://{host}:9/", tmp_path)
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a/b", "gopher://a", "//a", "", "http://"]
)
def test_other_schemes_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        download(url, tmp_path)


def test_a_name_that_resolves_to_one_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def both(*_: object, **__: object) -> list[object]:
        found = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*found, ("8.8.8.8", 80)), (*found, ("127.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Refused, match="private"):
        download("http://two-faced.example/", tmp_path)


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looked_up = []

    def rebinding(host: str, port: int, *_: object, **__: object) -> list[object]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with receiver((200, {}, b"content")) as here:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        url = here.url.replace("127.0.0.1", "rebinding.example")
        assert download(url, tmp_path, Fetcher(LOOPBACK)) == b"content"
        assert looked_up.count("rebinding.example") == 1
        assert here.received[0].headers["host"] == url.removeprefix("http://")


@pytest.mark.parametrize("trusted", ["127.0.0.1", "127.0.0.0/8"])
def test_trusted_hosts_may_be_private(trusted: str, tmp_path: Path) -> None:
    with receiver((200, {}, b"content")) as here:
        assert download(here.url, tmp_path, Fetcher((trusted,))) == b"content"


def test_redirects_are_followed_three_times_and_checked_each_time(tmp_path: Path) -> None:
    def to(url: str) -> tuple[int, dict[str, str], bytes]:
        return 302, {"Location": url}, b""

    with receiver(to("/b"), to("/c"), to("/d"), (200, {}, b"found")) as here:
        assert download(here.url, tmp_path, Fetcher(LOOPBACK)) == b"found"
    with receiver(to("/b"), to("/c"), to("/d"), to("/e")) as here, pytest.raises(Refused):
        download(here.url, tmp_path, Fetcher(LOOPBACK))
    for elsewhere in ("http://127.0.0.2/", "http://[::1]/", "file:///etc/passwd"):
        with receiver(to(elsewhere)) as here, pytest.raises(Refused):
            download(here.url, tmp_path, Fetcher(LOOPBACK))


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    with receiver((200, {}, b"x" * 101)) as here, pytest.raises(Refused, match="larger"):
        download(here.url, tmp_path, Fetcher(LOOPBACK, limit=100))


def test_a_compressed_answer_is_refused(tmp_path: Path) -> None:
    answer = (200, {"Content-Encoding": "gzip"}, b"bomb")
    with receiver(answer) as here, pytest.raises(Refused, match="compressed"):
        download(here.url, tmp_path, Fetcher(LOOPBACK))


def test_a_host_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(Unreachable):
            download(url, tmp_path, Fetcher(LOOPBACK, timeout_s=0.3))


@contextmanager
def talking(*pieces: bytes, pause_s: float = 0) -> Iterator[str]:
    """A server that accepts one connection and sends these, the last of them for ever."""
    stop = threading.Event()

    def talk(server: socket.socket) -> None:
        with suppress(OSError):
            connection = server.accept()[0]
            with connection:
                for piece in itertools.chain(pieces, itertools.repeat(pieces[-1])):
                    connection.sendall(piece)
                    if stop.wait(pause_s):
                        return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=talk, args=(server,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            stop.set()
            with suppress(OSError):  # in case nobody connected
                socket.create_connection(server.getsockname(), timeout=1).close()
            thread.join()


ENDLESS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_an_endless_body_is_cut_off(tmp_path: Path) -> None:
    piece = b"400\r\n" + bytes(1024) + b"\r\n"
    with talking(ENDLESS, piece) as url, pytest.raises(Refused, match="larger"):
        download(url, tmp_path, Fetcher(LOOPBACK, limit=100_000))
    assert (tmp_path / "file").stat().st_size <= 200_000


def test_a_body_that_drips_is_given_up(tmp_path: Path) -> None:
    with talking(ENDLESS, b"1\r\nx\r\n", pause_s=0.05) as url, pytest.raises(Unreachable):
        download(url, tmp_path, Fetcher(LOOPBACK, timeout_s=0.5))


@pytest.mark.parametrize("piece", [b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 1000 + b"\r\n"])
def test_endless_headers_are_given_up(piece: bytes, tmp_path: Path) -> None:
    with talking(b"HTTP/1.1 200 OK\r\n", piece) as url, pytest.raises(Unreachable):
        download(url, tmp_path, Fetcher(LOOPBACK, timeout_s=5))


def test_an_endless_answer_to_a_webhook_is_not_read() -> None:
    with talking(ENDLESS, b"400\r\n" + bytes(1024) + b"\r\n") as url:
        assert asyncio.run(Fetcher(LOOPBACK, timeout_s=5).post(url, b"{}", {})) == 200


def test_a_socket_that_went_elsewhere_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = ipaddress.ip_address("127.0.0.3")
    monkeypatch.setattr(fetch, "_connected", lambda response: elsewhere)
    with receiver((200, {}, b"secret")) as here, pytest.raises(Refused, match="another address"):
        download(here.url, tmp_path, Fetcher(LOOPBACK))
    assert not (tmp_path / "file").exists()


def test_a_missing_file_is_final_and_a_server_error_is_not(tmp_path: Path) -> None:
    with receiver((404, {}, b"")) as here, pytest.raises(Refused, match="404"):
        download(here.url, tmp_path, Fetcher(LOOPBACK))
    with receiver((503, {}, b"")) as here, pytest.raises(Unreachable, match="503"):
        download(here.url, tmp_path, Fetcher(LOOPBACK))


def test_a_post_does_not_follow_redirects() -> None:
    with receiver((307, {"Location": "/elsewhere"}, b"")) as here:
        assert asyncio.run(Fetcher(LOOPBACK).post(here.url, b"{}", {})) == 307
        assert len(here.received) == 1
