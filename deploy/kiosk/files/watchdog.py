#!/usr/bin/python3
"""Tells systemd that the kiosk's page answers, and keeps the cookie that says which kiosk it is.

Every few seconds the page is asked, over Chromium's own debugging socket on this machine, to add
one and one. A tab that crashed, hangs or is gone does not answer; systemd then hears nothing and
starts everything again. Needs nothing but Python.
"""

import argparse
import base64
import json
import os
import shutil
import socket
import sqlite3
import struct
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

EVERY_S = 5.0
ANSWER_S = 10.0
QUESTION = {"id": 1, "method": "Runtime.evaluate", "params": {"expression": "1 + 1"}}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", type=Path, required=True)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--once", action="store_true", help="ask once; exit 0 if it answers")
    wanted = parser.parse_args()
    if wanted.once:
        raise SystemExit(0 if answers(wanted.profile) else 1)
    notify("READY=1")
    while True:
        if answers(wanted.profile):
            notify("WATCHDOG=1")
            keep_cookies(wanted.profile, wanted.keep)
        time.sleep(EVERY_S)


def answers(profile: Path, within_s: float = ANSWER_S) -> bool:
    """Whether the page in front can still think."""
    try:
        port = int((profile / "DevToolsActivePort").read_text().split()[0])
        address = page_socket(port, within_s)
        return address is not None and ask(address, within_s) == 2
    except (OSError, ValueError, IndexError, KeyError):
        return False


def page_socket(port: int, within_s: float) -> str | None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=within_s) as answer:
        pages = [found for found in json.load(answer) if found.get("type") == "page"]
    return pages[0]["webSocketDebuggerUrl"] if pages else None


def ask(address: str, within_s: float) -> object:
    """The value that the page gives for QUESTION; OSError when it gives none in time."""
    parts = urlsplit(address)
    end = time.monotonic() + within_s
    with socket.create_connection((parts.hostname or "", parts.port or 0), within_s) as line:
        key = base64.b64encode(os.urandom(16)).decode()
        line.sendall(
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        rest = read_until(line, b"\r\n\r\n", end)
        line.sendall(frame(json.dumps(QUESTION).encode()))
        while True:
            message, rest = read_frame(line, rest, end)
            told = json.loads(message)
            if told.get("id") == QUESTION["id"]:
                return told["result"]["result"]["value"]


def frame(data: bytes) -> bytes:
    """A masked text frame, as a client must send (RFC 6455)."""
    mask = os.urandom(4)
    head = struct.pack("!BBH", 0x81, 0x80 | 126, len(data)) + mask
    return head + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


def read_until(line: socket.socket, mark: bytes, end: float) -> bytes:
    data = b""
    while mark not in data:
        data += receive(line, end)
    return data.partition(mark)[2]


def read_frame(line: socket.socket, data: bytes, end: float) -> tuple[bytes, bytes]:
    """One frame of the server (never masked) and what came after it."""
    while len(data) < 10:
        need = {126: 4, 127: 10}.get(data[1] & 127, 2) if len(data) > 1 else 2
        if len(data) >= need:
            break
        data += receive(line, end)
    length, head = data[1] & 127, 2
    if length == 126:
        length, head = struct.unpack("!H", data[2:4])[0], 4
    elif length == 127:
        length, head = struct.unpack("!Q", data[2:10])[0], 10
    while len(data) < head + length:
        data += receive(line, end)
    return data[head : head + length], data[head + length :]


def receive(line: socket.socket, end: float) -> bytes:
    left = end - time.monotonic()
    if left <= 0:
        raise OSError("the page does not answer")
    line.settimeout(left)
    data = line.recv(65_536)
    if not data:
        raise OSError("the line was closed")
    return data


def keep_cookies(profile: Path, keep: Path) -> None:
    """Copy Chromium's cookies out of the profile that is lost with the power, when they changed."""
    for name in ("Default/Network/Cookies", "Default/Cookies"):
        source, target = profile / name, keep / "Cookies"
        try:
            if not source.exists() or is_same_age(source, target):
                continue
            shutil.copy2(source, keep / "Cookies.new")
            if is_whole(keep / "Cookies.new"):
                (keep / "Cookies.new").replace(target)
        except OSError:
            continue


def is_whole(file: Path) -> bool:
    """Whether the copy was not taken in the middle of a change."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            return bool(database.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def is_same_age(source: Path, target: Path) -> bool:
    return target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns


def notify(word: str) -> None:
    """Tell systemd; nothing where it does not listen."""
    where = os.environ.get("NOTIFY_SOCKET")
    if not where:
        return
    address = "\0" + where[1:] if where.startswith("@") else where
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(word.encode(), address)


if __name__ == "__main__":
    main()
