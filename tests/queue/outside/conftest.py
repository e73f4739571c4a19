"""The real server, started as its users start it, on both databases; and what talks to it."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, NullPool, create_engine, text
from tests import program
from tests.program import TURNERO, Program, Server

from turnero_core.ids import new_id
from turnero_queue.states import MOVES

HERE = Path(__file__).parent
# A loaded machine is slow, not wrong.
PATIENCE_S = 60.0
OFFICES = 30
DESKS = 10

SERVICES = """
municipality: {name: San Martín, timezone: America/Lima, locale: es, languages: [es], currency: PEN}
services:
  - {code: rentas, prefix: R, name: {es: Rentas}, target_wait_minutes: 20}
  - {code: catastro, prefix: C, name: {es: Catastro}, target_wait_minutes: 60}
priorities:
  - {code: standard, name: {es: General}}
  - {code: preferential, name: {es: Preferencial}, head_start_minutes: 45}
offices:
"""


def configuration() -> str:
    """Offices open round the clock, one for each test to have to itself."""
    desks = "".join(
        f'      - {{code: "{n}", name: {{es: Ventanilla {n}}}, services: [rentas, catastro]}}\n'
        for n in range(1, DESKS + 1)
    )
    return SERVICES + "".join(
        f"  - code: office-{n}\n    name: {{es: Oficina {n}}}\n"
        f'    hours: {{mon-sun: ["00:00-24:00"]}}\n    desks:\n{desks}'
        for n in range(1, OFFICES + 1)
    )


class Installation:
    """An instance folder, its database and the server process that serves them."""

    def __init__(self, folder: Path, database_url: str | None, workers: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{folder / 'instance' / 'turnero.db'}"
        self.embedded = database_url is None
        self.token = ""
        self.process: Server | None = None
        self._workers = workers
        self._environment = {
            **os.environ,
            "LANGUAGE": "en",
            "TURNERO_INSTANCE": str(folder / "instance"),
            **({"TURNERO_DATABASE_URL": database_url} if database_url else {}),
        }

    def turnero(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of the product's commands to its end."""
        done = program.run(*TURNERO, *args, env=self._environment)
        if check:
            done.check_returncode()
        return done

    def furnish_like(self, other: "Installation") -> None:
        """Begin with another's instance folder and token; the database is copied already."""
        shutil.copytree(other.folder / "instance", self.folder / "instance")
        self.token = other.token

    def set_up(self) -> None:
        self.folder.mkdir(exist_ok=True)
        file = self.folder / "city.yaml"
        file.write_text(configuration())
        self.turnero("init")
        self.turnero("load", str(file))
        self.token = self.turnero("token", "create", "--name", "test", "--scope", "all").stdout

    def start(self) -> None:
        """Start the server in a process group of its own, and wait until it is ready."""
        words = ("serve", "--port", str(self.port), "--workers", str(self._workers))
        log = self.folder / "server.log"
        self.process = Server(*words, env=self._environment, log=log)
        wait_for(self._is_ready, "the server to be ready", self.log)

    def _is_ready(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            self.process = None
            pytest.fail(f"the server ended at once\n{self.log()}")
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=PATIENCE_S, trust_env=False).is_success
        return False

    def end(self, with_signal: signal.Signals) -> None:
        """Send the whole group a signal and wait until it has ended."""
        assert self.process is not None
        os.killpg(self.process.pid, with_signal)
        self.process.wait(PATIENCE_S)
        # The workers of a server that was killed end without anybody waiting for them.
        wait_for(lambda: not group_lives(self.process.pid), "the workers to end", self.log)
        self.process = None

    def log(self) -> str:
        file = self.folder / "server.log"
        return file.read_text()[-3000:] if file.exists() else ""

    def worker_pids(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token.strip()}"}
        return httpx.Client(
            base_url=self.url + "/api/v1", headers=headers, timeout=PATIENCE_S, trust_env=False
        )


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(
    condition: Callable[[], Any], what: str, log: Callable[[], str] = str, every_s: float = 0.05
) -> None:
    """Wait until `condition` holds; fails with `what` and the log after a while."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain for {what}\n{log()}")
        time.sleep(every_s)


@pytest.fixture(scope="session")
def made() -> list[Installation]:
    """Every installation of the module."""
    return []


@pytest.fixture(scope="module", autouse=True)
def nobody_serves_on(made: list[Installation]) -> Iterator[None]:
    """Servers end with their module: an idle one, too, looks now and then what there is to do."""
    yield
    for installation in made:
        if installation.process is not None:
            installation.end(signal.SIGTERM)
    made.clear()


@pytest.fixture(scope="session")
def install(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory, made: list[Installation]
) -> Iterator[Callable[[str], Installation]]:
    """Make an installation on "sqlite" or "postgres", configured and not yet serving."""
    names: list[str] = []
    # The first of each engine is set up by the commands and kept unserved, to copy others from.
    patterns: dict[str, tuple[Installation, str]] = {}

    def blank(engine: str, template: str = "template1") -> Installation:
        folder = tmp_path_factory.mktemp(engine)
        url = None
        if engine == "postgres":
            names.append(f"outside_{new_id()}")
            url = create_postgres(postgres_server, names[-1], template)
        return Installation(folder, url, workers=2 if url else 1)

    def make(engine: str) -> Installation:
        if engine not in patterns:
            pattern = blank(engine)
            pattern.set_up()
            patterns[engine] = (pattern, names[-1] if names else "")
        pattern, database = patterns[engine]
        made.append(blank(engine, database))
        made[-1].furnish_like(pattern)
        return made[-1]

    yield make
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in names:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def create_postgres(server: str, name: str, template: str) -> str:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    return server.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "/postgres?", f"/{name}?", 1
    )


@pytest.fixture(scope="module")
def running(install: Callable[[str], Installation]) -> Callable[[str], Installation]:
    """The one server of each engine that a module shares, each test in an office of its own."""
    servers: dict[str, Installation] = {}

    def of(engine: str) -> Installation:
        if engine not in servers:
            servers[engine] = install(engine)
            servers[engine].start()
        return servers[engine]

    return of


@pytest.fixture(scope="module")
def office_numbers() -> Iterator[int]:
    return iter(range(1, OFFICES + 1))


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest, running: Callable[[str], Installation]) -> Installation:
    """A server that serves, once on each engine."""
    return running(request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def own_server(
    request: pytest.FixtureRequest, install: Callable[[str], Installation]
) -> Iterator[Installation]:
    """A server that serves and that this test may kill, once on each engine."""
    installation = install(request.param)
    installation.start()
    yield installation
    if installation.process is not None:
        installation.end(signal.SIGTERM)


@pytest.fixture
def api(server: Installation) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.fixture
def office(office_numbers: Iterator[int]) -> str:
    """An office in which nothing has happened yet."""
    return f"office-{next(office_numbers)}"


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Run functions at the same moment, each in a thread, and give what they gave."""

    def run(*functions: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(functions))

        def wait_and_run(function: Callable[[], Any]) -> Any:
            start.wait(PATIENCE_S)
            return function()

        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(wait_and_run, functions))

    return run


class Stream:
    """An open live stream: `events` are (id, event, data) in the order they came."""

    def __init__(self, server: Installation, path: str, **headers: str) -> None:
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self.comments = 0
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._connection.request("GET", path, headers=headers)
        self._socket = self._connection.sock
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.content_type = self._response.headers["Content-Type"]
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def calls(self) -> list[tuple[int, str]]:
        """The id and the ticket's code of every call heard so far."""
        return [(id_, data["ticket"]) for id_, event, data in list(self.events) if event == "call"]

    def is_ready(self) -> bool:
        return any(event == "ready" for _, event, _ in list(self.events))

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_S)
        self._response.close()
        self._connection.close()

    def _read(self) -> None:
        block: dict[str, str] = {}
        with suppress(OSError, http.client.HTTPException, ValueError):
            while line := self._response.readline():
                if line.startswith(b":"):
                    self.comments += 1
                elif line.strip():
                    field, _, value = line.decode().rstrip("\n").partition(": ")
                    block[field] = value
                else:
                    if "data" in block:
                        self._take(block)
                    block = {}

    def _take(self, block: dict[str, str]) -> None:
        self.events.append((int(block["id"]), block["event"], json.loads(block["data"])))


@pytest.fixture
def listen() -> Iterator[Callable[..., Stream]]:
    """Open live streams, and close them when the test ends."""
    streams: list[Stream] = []

    def start(server: Installation, path: str, *, ready: bool = True, **headers: str) -> Stream:
        stream = Stream(server, path, **{k.replace("_", "-"): v for k, v in headers.items()})
        streams.append(stream)
        if ready:
            wait_for(stream.is_ready, "the stream to be ready", server.log)
        return stream

    yield start
    for stream in streams:
        stream.close()


@pytest.fixture
def eventually() -> Callable[..., None]:
    return wait_for


@pytest.fixture
def race() -> Callable[..., list[str]]:
    """Run the program `racer.py` in several processes at once; gives their lines."""

    def run(url: str, *tasks: tuple[str, ...]) -> list[str]:
        racers = [Program(HERE / "racer.py", url, *task) for task in tasks]
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        outputs = [racer.communicate(timeout=60)[0] for racer in racers]
        assert [racer.returncode for racer in racers] == [0] * len(racers)
        return [line for output in outputs for line in output.splitlines()]

    return run


@pytest.fixture
def check_consistent() -> Callable[[str], None]:
    """Fails when a database holds anything that one whole transaction would not have left."""

    def check(url: str) -> None:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            _check_numbers(connection)
            _check_sequence(connection)
            _check_histories(connection)
            half_done = "SELECT count(*) FROM idempotency_key WHERE status = 0"
            assert connection.scalar(text(half_done)) == 0

    return check


def _check_numbers(connection: Connection) -> None:
    """Each day's numbers of a prefix run from 1 to the counter, without a gap."""
    numbered: dict[tuple[str, ...], list[int]] = {}
    for *key, number in connection.execute(
        text("SELECT office_id, business_day, prefix, number FROM ticket ORDER BY number")
    ):
        numbered.setdefault(tuple(map(str, key)), []).append(number)
    counters = {
        tuple(map(str, key)): last
        for *key, last in connection.execute(
            text("SELECT office_id, business_day, prefix, last FROM ticket_counter")
        )
    }
    assert {key: len(numbers) for key, numbers in numbered.items()} == counters
    for numbers in numbered.values():
        assert numbers == list(range(1, len(numbers) + 1))


def _check_sequence(connection: Connection) -> None:
    """Each office's events are numbered from 1 to its sequence, without a gap."""
    used: dict[str, list[int]] = {}
    for office_id, seq in connection.execute(
        text(
            "SELECT office_id, seq FROM ticket_event "
            "UNION ALL SELECT office_id, seq FROM desk_event ORDER BY seq"
        )
    ):
        used.setdefault(office_id, []).append(seq)
    for office_id, last in connection.execute(text("SELECT office_id, seq FROM office_sequence")):
        assert used.get(office_id, []) == list(range(1, last + 1))


def _check_histories(connection: Connection) -> None:
    """Each ticket was issued once, and is what its last event made it."""
    targets = {move.kind: move.target for move in MOVES.values()} | {"issued": "waiting"}
    histories: dict[str, list[str]] = {}
    for ticket_id, kind in connection.execute(
        text("SELECT ticket_id, kind FROM ticket_event ORDER BY office_id, seq")
    ):
        histories.setdefault(ticket_id, []).append(kind)
    states = {row.id: row.state for row in connection.execute(text("SELECT id, state FROM ticket"))}
    assert {key: targets[kinds[-1]] for key, kinds in histories.items()} == states
    for kinds in histories.values():
        assert kinds[0] == "issued"
        assert kinds.count("issued") == 1
