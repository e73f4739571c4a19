"""Starts and stops the simulated day, one at a time in a process."""

import threading
import time
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core.db import Database
from turnero_server.demo.day.hall import Tally
from turnero_server.demo.day.people import CLOSES, OPENS
from turnero_server.demo.day.simulation import Simulation
from turnero_server.demo.day.tidying import tidy

SPEEDS = (1, 10, 60)
TICK_S = 0.2
# After a machine that slept, the day goes on from where it was.
LONGEST_TICK_S = 2.0
SEED = 20260302
log = structlog.get_logger()


@dataclass(frozen=True)
class Status:
    """`clock` is the simulated time of day, `progress` its share of the opening hours."""

    running: bool
    over: bool
    speed: int
    clock: str
    progress: float
    tally: Tally


class Control:
    def __init__(self, database: Database, skip: str = "") -> None:
        """`skip` is the code of an office that the day leaves alone."""
        self._database, self._skip = database, skip
        self._lock = threading.Lock()
        self._simulation: Simulation | None = None
        self._thread: threading.Thread | None = None
        self._running = False
        self._speed = SPEEDS[0]

    def start(self, speed: int, base_url: str) -> None:
        """Begin a day at `speed`, or go on with the one that runs at this speed."""
        with self._lock:
            self._speed = speed
            if self._running:
                return
            tidy(self._database)
            self._simulation = Simulation(self._database, base_url, SEED, self._skip)
            self._running = True
            self._thread = threading.Thread(target=self._run, name="simulated-day", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the day now and leave the offices tidy; harmless when none runs."""
        with self._lock:
            was_running, self._running = self._running, False
            if self._thread is not None:
                self._thread.join()
                self._thread = None
            if was_running:
                tidy(self._database)
            self._simulation = None

    def status(self) -> Status:
        day = self._simulation
        now = min(day.now if day else OPENS, 24 * 3600 - 60)
        return Status(
            running=self._running,
            over=bool(day and day.over),
            speed=self._speed,
            clock=f"{int(now // 3600)}:{int(now % 3600 // 60):02}",
            progress=min(1.0, (now - OPENS) / (CLOSES - OPENS)),
            tally=day.tally if day else Tally(),
        )

    def _run(self) -> None:
        day, before = self._simulation, time.monotonic()
        while day and self._running and not day.over:
            time.sleep(TICK_S)
            now = time.monotonic()
            passed, before = min(now - before, LONGEST_TICK_S), now
            try:
                day.run_until(day.now + passed * self._speed, lambda: self._running)
            except SQLAlchemyError as error:
                log.warning("simulation_stumbled", error=str(error))
        if day and day.over:
            tidy(self._database)
        self._running = False
