"""Python programs as processes of their own, forked from one that has imported the product.

A real process in all that matters here, with its own id, environment, files and signals; only that
it does not import everything anew, which costs more than most of what the tests ask of it. Servers
patch the standard library before they import anything, so theirs is another (`zygote.py`). Those
who prove the first start of a command run the interpreter itself.
"""

import atexit
import json
import multiprocessing
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from turnero_server.cli import GREEN
from turnero_server.cli.group import COMMANDS, ELSEWHERE

TURNERO = ("-m", "turnero_server")
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [ELSEWHERE.get(name, f"turnero_server.cli.{name}") for name in COMMANDS if name not in GREEN]
)


class Program:
    """`python words…` once it runs, with what `subprocess.Popen` has of it.

    Its output is added to the file `log`; without one, `stdin` and `stdout` are there to talk to
    it.
    """

    def __init__(
        self,
        *words: str | Path,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        self.stdin: IO[str] | None = None
        self.stdout: IO[str] | None = None
        files: list[Any] = [os.devnull, str(log), str(log)]
        theirs: list[Connection] = []
        if log is None:
            reads, writes = _context.Pipe(duplex=False)
            hears, says = _context.Pipe(duplex=False)
            self.stdin = _text(writes, "w")
            self.stdout = _text(hears, "r")
            theirs = [reads, says]
            files = [reads, says, None]
        self._process = _fork(words, env, files)
        for end in theirs:
            end.close()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("program", timeout or 0)
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """What it still writes until it ends."""
        assert self.stdin is not None
        assert self.stdout is not None
        with suppress(BrokenPipeError):
            self.stdin.close()
        written = self.stdout.read()
        self.stdout.close()
        self.wait(timeout)
        return written, None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class Server:
    """`turnero words…` of a command that serves, in a process group of its own.

    It has of `subprocess.Popen` what is needed to end it; its output is added to the file `log`.
    """

    def __init__(self, *words: str, env: Mapping[str, str], log: Path) -> None:
        files = [os.devnull, str(log), str(log)]
        request = {"words": [*TURNERO, *words], "env": dict(env), "cwd": str(Path.cwd())}
        self._told, theirs = socket.socketpair()
        message = json.dumps({**request, "files": files}).encode()
        socket.send_fds(_zygote(), [message], [theirs.fileno()])
        theirs.close()
        self.pid = self._number()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("turnero", timeout or 0)
            self._ended()
        assert self.returncode is not None
        return self.returncode

    def _ended(self) -> None:
        self.returncode = self._number()
        self._told.close()

    def _number(self) -> int:
        """What is told next, and not a byte more: whether there is more is asked of the socket."""
        read = b""
        while not read.endswith(b"\n"):
            read += self._told.recv(1)
        return int(read)


@cache
def _zygote() -> socket.socket:
    """Where servers are asked for; the process behind it ends with this one."""
    ours, theirs = socket.socketpair()
    words = [sys.executable, str(Path(__file__).with_name("zygote.py")), str(theirs.fileno())]
    process = subprocess.Popen(words, pass_fds=[theirs.fileno()], start_new_session=True)
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(60)

    atexit.register(end)
    return ours


def run(
    *words: str | Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 180,
) -> subprocess.CompletedProcess[str]:
    """`python words…` to its end, as `subprocess.run` gives it."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _fork(words, env, [os.devnull, str(out), str(err)])
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, timeout)
        texts = [file.read_text("utf-8") if file.exists() else "" for file in (out, err)]
    return subprocess.CompletedProcess(words, process.exitcode, *texts)


def _fork(words: Sequence[str | Path], env: Mapping[str, str] | None, files: list[Any]) -> Any:
    """A process that becomes `python words…`, begun."""
    own = dict(os.environ if env is None else env)
    task = (tuple(map(str, words)), own, str(Path.cwd()), files, False)
    process = _context.Process(target=become, args=task, daemon=True)
    process.start()
    return process


def _text(end: Connection, mode: str) -> IO[str]:
    """A pipe's end as a text file."""
    return open(os.dup(end.fileno()), mode, encoding="utf-8")


def become(
    words: tuple[str, ...], env: Mapping[str, str], cwd: str, files: Sequence[Any], group: bool
) -> None:
    """What the new process does: make itself as if it had been started so, and go on as that."""
    if group:
        os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    if kind := env.get("PYTHONWARNINGS"):
        warnings.simplefilter(kind)  # type: ignore[arg-type]
    _redirect(files)
    try:
        if words[0] == "-m":
            sys.argv = [words[1], *words[2:]]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = list(words)
            sys.path.insert(0, str(Path(words[0]).parent))
            runpy.run_path(words[0], run_name="__main__")
    finally:
        # A child of multiprocessing leaves these out.
        atexit._run_exitfuncs()


def _redirect(files: Sequence[Any]) -> None:
    for number, file in enumerate(files):
        if file is None:
            continue
        if isinstance(file, Connection):
            os.dup2(file.fileno(), number)
            file.close()
            continue
        opened = os.open(file, os.O_RDONLY if number == 0 else _APPEND)
        os.dup2(opened, number)
        os.close(opened)
    # Never closed: they are this process's own to its end.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
