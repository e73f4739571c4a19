"""San Martín's lobby with appointments to book, and the mailbox of whoever books them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from tests.kiosk.lobby import CONFIGURATION, Lobby
from tests.queue.notices.mailbox import MailServer

from turnero_core import clock
from turnero_queue import appointments, calling, catalogue, sequence
from turnero_queue.models import Appointment
from turnero_queue.notices.sender import Sender

WITH_APPOINTMENTS = CONFIGURATION.replace(
    "  - code: rentas\n    prefix: R\n",
    "  - code: rentas\n    prefix: R\n    appointments: true\n",
).replace(
    "    address: Plaza Mayor 1\n",
    """    address: Plaza Mayor 1
    availability:
      - code: tributos
        services: [rentas]
        hours: {mon-fri: ["08:00-16:00"]}
        slot_minutes: 15
        seats: 1
        lead_minutes: 30
        horizon_days: 30
""",
)


def mailing(server: MailServer) -> str:
    """The same lobby, whose messages go to `server`."""
    return WITH_APPOINTMENTS.replace(
        "  currency: PEN\n",
        f"""  currency: PEN
  notices:
    email:
      provider: smtp
      sender: turnos@sanmartin.example
      host: 127.0.0.1
      port: {server.port}
      security: none
""",
    )


@dataclass
class Booked:
    """What stands in the database behind the screens."""

    lobby: Lobby

    def all(self) -> list[Appointment]:
        with self.lobby.database.read() as session:
            return list(session.scalars(select(Appointment).order_by(Appointment.id)))

    def states(self) -> list[str]:
        return [each.state for each in self.all()]

    def take_all(self, day: Any, leave: int = 0) -> None:
        """Somebody else books all of a day's hours but the last `leave`."""
        with self.lobby.database.write() as session:
            known = catalogue.current(session)
            office = known.office("centro")
            wanted = appointments.wish(known, office, [("rentas", 1)])
            now = clock.now()
            free = appointments.slots(session, office, wanted, day, day, now)
            for slot in free[: len(free) - leave]:
                held = appointments.hold(session, office, wanted, slot.start, now)
                appointments.confirm(session, held.token, now)

    def send_mails(self) -> int:
        url = self.lobby.url
        return Sender(self.lobby.database, self.lobby.folder, base_url=url).run_once()

    def call_next(self, desk: str = "1") -> str:
        """The number that the desk is given to call, with finishing whoever is there."""
        with self.lobby.database.write() as session:
            known = catalogue.current(session)
            office = known.office("centro")
            moment = sequence.hold(session, office.id, clock.now())
            called = calling.call_next(
                session, moment, known, office.desk(desk), "ana", finish_current=True
            )
            assert called is not None
            return f"{called[0].prefix}{called[0].number:03d}"
