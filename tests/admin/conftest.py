"""Jacarandá's city hall, fresh for every test."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from tests.admin import machines, turns
from tests.admin.cityhall import Browser, CityHall, furnish
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: a test's output is its own."""


@pytest.fixture(scope="session")
def furnished_sqlite(
    migrated_sqlite: Path, quick_passwords: None, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    file = tmp_path_factory.mktemp("furnished") / "furnished.db"
    shutil.copyfile(migrated_sqlite, file)
    furnish(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def evening_sqlite(furnished_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the short day of `turns` has happened."""
    hall = CityHall(tmp_path_factory.mktemp("day"))
    hall.reopen(furnished_sqlite)
    with time_machine.travel(turns.MORNING, tick=False) as clock:
        turns.employ(hall)
        turns.happen(hall, clock)
    hall.database.dispose()
    return hall.file


@pytest.fixture(scope="module")
def evening(evening_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityHall]:
    """The city hall on the evening of that day, for a module whose tests leave it as it is."""
    hall = CityHall(tmp_path_factory.mktemp("evening"))
    hall.reopen(evening_sqlite)
    with time_machine.travel(turns.EVENING, tick=False):
        yield hall
    hall.database.dispose()


@pytest.fixture(scope="session")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityHall]:
    hall = CityHall(tmp_path_factory.mktemp("cityhall"))
    yield hall
    hall.database.dispose()


@pytest.fixture
def open_hall(shared_hall: CityHall, furnished_sqlite: Path) -> CityHall:
    """The city hall in the present time, for real browsers."""
    shared_hall.reopen(furnished_sqlite)
    return shared_hall


@pytest.fixture
def hall(clock: time_machine.Traveller, open_hall: CityHall) -> CityHall:
    """The city hall on a Monday morning that stands still."""
    return open_hall


@pytest.fixture
def elena(hall: CityHall) -> Browser:
    """The administrator of all offices."""
    machines.hire(hall)
    return hall.clerk("elena")


@pytest.fixture
def rosa(hall: CityHall) -> Browser:
    """She supervises the centre, and nothing else."""
    machines.hire(hall, "rosa", "supervisor", "centro")
    return hall.clerk("rosa")


@pytest.fixture
def address(open_hall: CityHall) -> Iterator[str]:
    """Where the city hall is served for real browsers."""
    server = make_server("127.0.0.1", 0, open_hall.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
