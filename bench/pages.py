"""What the first page of each face weighs on the wire, with everything that it needs."""

import gzip
import http.client
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from bench.installations import Server

OFFICE = "office-1"
ASSET = re.compile(r"""(?:src|href)=["']([^"'#]+\.(?:css|js|svg|woff2|png|webp|json)[^"']*)["']""")
IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s*["']([^"']+)["']""")
IN_SCRIPT = re.compile(r"""^(?:import|export)[^"';]*["']([^"'\s]+)["']()""", re.MULTILINE)


def addresses(ticket: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Face -> path of its first page."""
    yield "kiosk", f"/kiosk/{OFFICE}"
    yield "hall", f"/hall/{OFFICE}"
    yield "console", "/console"
    yield "phone", urlsplit(ticket["status_url"]).path


def take_turn(server: Server) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    client.request("POST", f"/api/v1/offices/{OFFICE}/tickets", b'{"service":"rentas"}', headers)
    ticket: dict[str, Any] = json.loads(client.getresponse().read())
    client.close()
    return ticket


def weigh(server: Server, face: str, path: str) -> dict[str, Any]:
    """Fetch a page as a browser would for the first time, with what it names; sizes in bytes."""
    seen: dict[str, tuple[int, int]] = {}
    status, page = _fetch(server, path, seen)
    if status != 200:
        return {"what": f"first page, {face}", "note": f"{path} answered {status}"}
    waiting = [urljoin(path, found) for found in ASSET.findall(page)]
    while waiting:
        # A part of a file (an icon of the sprite) is the same file.
        address = urldefrag(waiting.pop()).url
        if address in seen or not address.startswith("/"):
            continue
        _, text = _fetch(server, address, seen)
        named = {".css": IN_STYLE, ".js": IN_SCRIPT}.get(PurePath(urlsplit(address).path).suffix)
        if named:
            waiting += [urljoin(address, one or two) for one, two in named.findall(text)]
    return {
        "what": f"first page, {face}",
        "files": len(seen),
        "bytes_sent": sum(sent for sent, _ in seen.values()),
        "bytes_plain": sum(plain for _, plain in seen.values()),
    }


def _fetch(server: Server, path: str, seen: dict[str, tuple[int, int]]) -> tuple[int, str]:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    where = path
    for _ in range(4):
        client.request("GET", where, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
        answer = client.getresponse()
        body = answer.read()
        if answer.status not in (301, 302, 303, 307, 308):
            break
        where = urljoin(where, answer.headers["Location"])
    client.close()
    plain = _unpacked(body, answer.headers.get("Content-Encoding"))
    seen[path] = (len(body), len(plain))
    return answer.status, plain.decode("utf-8", "replace")


def _unpacked(body: bytes, encoding: str | None) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if encoding == "deflate" else body
