"""Machines that speak to the server with tokens of their own."""

from typing import Any

from tests.queue.town import Town
from werkzeug.test import TestResponse

from turnero_core import clock
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Cut, Slip, Text
from turnero_queue import devices
from turnero_queue.models.devices import Device

ADMIN = "staff:marta"


class Machines:
    """What an administrator and the machines of a town do."""

    def __init__(self, town: Town) -> None:
        self.town, self.database = town, town.database

    def invite(self, kind: str = "agent", name: str = "Hall", office: str | None = None) -> str:
        with self.database.write() as session:
            return devices.invite(
                session,
                kind,
                name=name,
                office_id=self.town.office(office).id if office else None,
                actor=ADMIN,
                now=clock.now(),
            )

    def enrol(self, code: str, **headers: str) -> TestResponse:
        body = {"code": code, "version": "1.2"}
        return self.town.post("/devices/enrol", body, token=None, headers=headers)

    def enrolled(self, kind: str = "agent", name: str = "Hall", *printers: str) -> str:
        """The token of a new device that drives new printers with these codes."""
        token: str = self.enrol(self.invite(kind, name)).get_json()["token"]
        for code in printers:
            self.printer(code)
        if printers:
            self.drives(name.lower(), *printers)
        return token

    def drives(self, device: str, *printers: str) -> None:
        with self.database.write() as session:
            found = devices.find(session, device)
            devices.assign_printers(session, found, printers, actor=ADMIN, now=clock.now())

    def revoke(self, code: str) -> None:
        with self.database.write() as session:
            found = devices.find(session, code)
            devices.revoke(session, found, actor=ADMIN, now=clock.now(), reason="stolen")

    def printer(self, code: str, office: str | None = "centro") -> None:
        with self.database.write() as session:
            office_id = self.town.office(office).id if office else None
            session.add(Printer(code=code, name=code, uri=f"virtual://{code}", office_id=office_id))

    def slip(self, printer: str, text: str = "R012", kind: str = "ticket") -> str:
        """The id of a job that waits for `printer`."""
        with self.database.write() as session:
            found = session.query(Printer).filter_by(code=printer).one()
            slip = Slip((Text(text), Cut()))
            return outbox.enqueue(session, found, slip, kind, None, clock.now()).id

    def ask(self, path: str, body: Any, token: str | None, instance: str = "one") -> TestResponse:
        headers = {"Turnero-Instance": instance} if instance else {}
        return self.town.post(path, body, token=token, headers=headers)

    def claim(self, token: str, *holds: str, instance: str = "one") -> dict[str, Any]:
        answer = self.ask("/print-jobs/claim", {"holds": list(holds)}, token, instance)
        assert answer.status_code == 200, answer.get_json()
        body: dict[str, Any] = answer.get_json()
        return body

    def claimed(self, token: str, *holds: str, instance: str = "one") -> list[str]:
        """Ids of what a claim gives, in its order."""
        return [job["id"] for job in self.claim(token, *holds, instance=instance)["jobs"]]

    def report(
        self, token: str, job: str, outcome: str, instance: str = "one", **more: Any
    ) -> TestResponse:
        path = f"/print-jobs/{job}/report"
        return self.ask(path, {"outcome": outcome, **more}, token, instance)

    def beat(self, token: str, instance: str = "one", **body: Any) -> TestResponse:
        return self.ask("/devices/heartbeat", body, token, instance)

    def job(self, job_id: str) -> PrintJob:
        with self.database.read() as session:
            return session.get_one(PrintJob, job_id)

    def device(self, code: str) -> Device:
        with self.database.read() as session:
            return devices.find(session, code)

    def health(self, office: str | None = None) -> dict[str, tuple[str, list[str]]]:
        """Code -> state and reasons; a printer's code has a star before it."""
        office_id = self.town.office(office).id if office else None
        with self.database.read() as session:
            found = devices.device_health(session, office_id, clock.now())
        star = {"printer": "*"}
        return {
            star.get(one.kind, "") + one.code: (
                str(one.state),
                [reason.slug for reason in one.reasons],
            )
            for one in found
        }
