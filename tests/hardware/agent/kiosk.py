"""A kiosk machine beside its server: real processes that can be killed, and their paper."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from bench.agent_printing import CITY
from bench.installations import free_port
from bench.printing import end_now, tell
from sqlalchemy import select
from tests import program
from tests.program import TURNERO

from turnero_core import clock, sealed, settings
from turnero_core.db import Database
from turnero_hardware import outbox
from turnero_hardware.agent import state
from turnero_hardware.escpos_read import read
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Cut, Slip, Text
from turnero_hardware.virtual_printer import CONTROL_FILE
from turnero_queue import configuration, devices
from turnero_server import schema

ROOT = Path(__file__).parents[3]
PATIENCE_S = 60.0
# The product's own command on a machine whose clock is a day behind.
YESTERDAY = """
import datetime as d, time_machine
yesterday = d.datetime.now(d.UTC) - d.timedelta(days=1)
time_machine.travel(yesterday, tick=True).start()
from turnero_server.cli import main
main()
"""


def until(true: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


class Kiosk:
    """`folder` is for everything; `uri` is where its printer listens, whose paper falls in
    `paper`."""

    def __init__(self, folder: Path, uri: str, paper: Path) -> None:
        self.folder, self.paper, self.port = folder, paper, free_port()
        self.instance, self.machine = folder / "instance", folder / "machine"
        settings.make_instance(self.instance)
        chosen = settings.read({"TURNERO_INSTANCE": str(self.instance)})
        self.secret = chosen.secret_key
        self.database = Database(chosen.database_url)
        schema.upgrade(self.database)
        sealed.use(self.secret)
        with self.database.write() as session:
            configuration.apply(session, configuration.parse(CITY, "city.yaml"), actor="test")
            session.add(Printer(code="hall", name="Hall", uri=uri))
        self.processes: dict[str, subprocess.Popen[str]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str, *words: str) -> None:
        command = words or {
            "server": ("-m", "turnero_server", "serve", "--port", str(self.port)),
            "agent": ("-m", "turnero_server", "agent", "run", "--state", str(self.machine)),
        }[name]  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment(), text=True,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        if name == "server":
            until(self.answers, "the server's answer")

    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TURNERO_")}
        return {**kept, "LC_ALL": "C", "TURNERO_INSTANCE": str(self.instance)}

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self, *names: str) -> None:
        for name in names or list(self.processes):
            process = self.processes.pop(name, None)
            if process is not None and process.poll() is None:
                end_now(process, group=True)

    def ended(self, name: str) -> int:
        return self.processes.pop(name).wait(PATIENCE_S)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return program.run(*TURNERO, *words, env=self.environment(), timeout=PATIENCE_S)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")

    def invite(self) -> str:
        sealed.use(self.secret)
        with self.database.write() as session:
            now = clock.now()
            code, device = devices.invite_device(
                session, "agent", name="Hall", office_id=None, actor="test", now=now
            )
            devices.assign_printers(session, device, ["hall"], actor="test", now=now)
            return code

    def revoke(self) -> None:
        with self.database.write() as session:
            device = devices.find(session, "hall")
            devices.revoke(session, device, actor="test", now=clock.now())

    def slips(self, *texts: str) -> None:
        with self.database.write() as session:
            printer = session.scalars(select(Printer)).one()
            for text in texts:
                slip = Slip((Text(text, size="huge"), Cut()))
                outbox.enqueue(session, printer, slip, "ticket", None, clock.now())

    def states(self) -> set[str]:
        with self.database.read() as session:
            return set(session.scalars(select(PrintJob.state)))

    def printer_is(self, *words: str) -> None:
        tell(self.paper / CONTROL_FILE, " ".join(words))

    def on_paper(self) -> list[str]:
        """The slips in the order they came out, a copy with a star before its text."""
        slips = []
        for file in sorted(self.paper.glob("*.bin")):
            lines = read(file.read_bytes()).lines
            star = "*" if lines[0].style.invert else ""
            slips += [star + line.text for line in lines if line.text.startswith("T-")]
        return slips

    def held(self) -> list[str]:
        """States of the jobs in the agent's own outbox."""
        file = self.machine / state.OUTBOX
        if not file.exists():
            return []
        database = Database(f"sqlite:///{file}")
        with database.read() as session:
            found = [str(job) for job in session.scalars(select(PrintJob.state))]
        database.dispose()
        return found

    def health(self) -> dict[str, tuple[str, list[str]]]:
        with self.database.read() as session:
            found = devices.device_health(session, None, clock.now())
        return {one.kind: (str(one.state), [r.slug for r in one.reasons]) for one in found}

    def known_paper(self) -> str:
        """What the server knows of the printer's paper."""
        with self.database.read() as session:
            return str(session.scalars(select(Printer.paper)).one())

    def device_instance(self) -> str | None:
        """The installation that the server takes for the one that runs now."""
        with self.database.read() as session:
            device = devices.find(session, "hall")
            return device.instance

    def clone(self) -> Path:
        """A copy of the agent's folder: the same token, the same machine."""
        other = self.folder / "clone"
        other.mkdir(mode=0o700)
        shutil.copyfile(self.machine / state.IDENTITY, other / state.IDENTITY)
        return other
