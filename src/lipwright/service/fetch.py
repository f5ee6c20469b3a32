"""Callers' URLs, followed without letting them reach what only this machine can reach.

Every address a name resolves to is checked, and the connection goes to the checked address, so
that a second look-up cannot answer something else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from lipwright.errors import RenderFailed, UnreadableMedia

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

REDIRECTS_LIMIT: Final = 3
CHUNK: Final = 1 << 20
"""Bytes of a file that are sent at once."""
TUNNELS: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96"),
        "192.88.99.0/24",
    )
)
"""NAT64, 6to4, Teredo, IPv4-compatible, IPv4-translated, and the relays of 6to4: what is inside
or behind them is another address."""
SPECIAL: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"),
        *("100::/64", "100:0:0:1::/64", "2001::/23", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"),
    )
)
"""Of the special-purpose registries, where versions of Python's own table differ: protocol
assignments, AS112, AMT, discard, documentation, segment routing.  No caller's file is there."""


class Refused(UnreadableMedia):
    """The URL may not be followed."""


class Unreachable(RenderFailed):
    """The URL could not be followed just now."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Downloads from and posts to URLs that somebody else chose."""

    trusted: tuple[str, ...] = ()
    """Host names, addresses and networks that may be private."""
    limit: int = 50 << 20
    """Bytes."""
    timeout_s: float = 30
    """For everything together: looking up, connecting, redirects, the body."""

    async def download(self, url: str, path: Path) -> None:
        """Write what is at `url` to `path`.

        Raises:
            Refused: Asking again will not help.
            Unreachable: It might.
        """
        try:
            async with asyncio.timeout(self.timeout_s):
                await self._download(url, path)
        except TimeoutError:
            message = f"The file was not received within {self.timeout_s:g} s."
            raise Unreachable(message) from None

    async def _download(self, url: str, path: Path) -> None:
        for _ in range(REDIRECTS_LIMIT + 1):
            async with self._sent("GET", url) as response:
                if response.is_redirect:
                    url = str(httpx.URL(url).join(response.headers["location"]))
                    continue
                _check_status(response)
                return await self._write(response, path)
        raise Refused(f"The URL redirects more than {REDIRECTS_LIMIT} times.")

    async def _write(self, response: httpx.Response, path: Path) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Refused("The file was sent compressed although that was not asked for.")
        written = 0
        with path.open("wb") as file:
            async for chunk in response.aiter_raw():
                written += len(chunk)
                if written > self.limit:
                    raise Refused(f"The file is larger than {self.limit >> 20} MB.")
                file.write(chunk)

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Send `body`; the status of the answer.  A redirect is an answer, not followed.

        Raises:
            Refused: The address may not be called.
            Unreachable: Nobody answered in time.
        """
        try:
            async with (
                asyncio.timeout(self.timeout_s),
                self._sent("POST", url, body, headers) as response,
            ):
                return response.status_code
        except TimeoutError:
            raise Unreachable(f"No answer within {self.timeout_s:g} s.") from None

    async def upload(self, url: str, path: Path, content_type: str) -> None:
        """Put a file at `url`.  A redirect is a refusal, not followed.

        Raises:
            Refused: The address may not be called, or takes no file.
            Unreachable: Nobody answered in time.
        """
        # with its length known, as the addresses that buckets sign demand
        headers = {"Content-Type": content_type, "Content-Length": str(path.stat().st_size)}
        try:
            async with (
                asyncio.timeout(self.timeout_s),
                self._sent("PUT", url, _content(path), headers) as response,
            ):
                _check_taken(response)
        except TimeoutError:
            raise Unreachable(f"The file was not taken within {self.timeout_s:g} s.") from None

    @asynccontextmanager
    async def _sent(
        self,
        method: str,
        url: str,
        body: bytes | AsyncIterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> AsyncIterator[httpx.Response]:
        target = _parsed(url)
        address = await self._address(target)
        request = httpx.Request(
            method,
            target.copy_with(host=str(address)),
            content=body,
            headers={
                **(headers or {}),
                "Host": target.netloc.decode("ascii"),
                "Accept-Encoding": "identity",
                "User-Agent": "Lipwright",
            },
            extensions={
                "sni_hostname": target.raw_host.decode("ascii"),
                "timeout": httpx.Timeout(self.timeout_s).as_dict(),
            },
        )
        # no proxies and no netrc from the environment: the checked address is the one to call
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                response = await client.send(request, stream=True)
            except httpx.HTTPError as error:
                raise Unreachable(f"The host {target.host} did not answer properly.") from error
            try:
                _check_peer(response, address)
                yield response
            except httpx.HTTPError as error:
                raise Unreachable(f"The host {target.host} broke off.") from error
            finally:
                await response.aclose()

    async def _address(self, url: httpx.URL) -> Address:
        """The address to connect to.

        Raises:
            Refused: One of the host's addresses is not for callers.
        """
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                url.host, port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"The host {url.host} was not found.") from error
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        for address in addresses:
            if not (self._trusts(url.host, address) or is_public(address)):
                raise Refused(f"The host {url.host} is at a private address; that is not allowed.")
        return addresses[0]

    def _trusts(self, host: str, address: Address) -> bool:
        if host.casefold() in (entry.casefold() for entry in self.trusted):
            return True
        return any(address in network for network in map(_network, self.trusted) if network)


def _check_peer(response: httpx.Response, address: Address) -> None:
    """Look at the socket itself: whatever happened on the way, it goes to the checked address.

    Raises:
        Refused: It does not.
    """
    if _connected(response) != address:
        raise Refused("The connection went to another address than the one that was checked.")


def _connected(response: httpx.Response) -> Address:
    address = response.extensions["network_stream"].get_extra_info("server_addr")[0]
    return ipaddress.ip_address(str(address).partition("%")[0])


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could reach this address too."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.is_site_local:
            return False
    if any(address in network for network in (*TUNNELS, *SPECIAL)):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry)
    except ValueError:
        return None


def _parsed(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused("The URL is not valid.") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise Refused("The URL must start with http:// or https://.")
    return target


async def _content(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def _check_taken(response: httpx.Response) -> None:
    _check_able(response)
    if not response.is_success:
        raise Refused(f"The host answered {response.status_code} and did not take it.")


def _check_able(response: httpx.Response) -> None:
    """Whether asking again might help."""
    if response.status_code >= 500 or response.status_code == 429:
        raise Unreachable(f"The host answered {response.status_code}.")


def _check_status(response: httpx.Response) -> None:
    _check_able(response)
    if response.status_code != 200:
        raise Refused(f"The host answered {response.status_code} instead of a file.")
