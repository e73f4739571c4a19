"""The paper of an appointment: when, where, with what, and the code it is found by."""

from datetime import datetime

from babel.dates import format_date, format_time
from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext, pick, speaking
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Block, Cut, Pair, Picture, Qr, Rule, Slip, Space, Text
from turnero_queue.appointments import finding
from turnero_queue.appointments.values import Wish
from turnero_queue.catalogue import Catalogue
from turnero_queue.models import Appointment

KIND = "appointment"
LONGEST_LIST = 8


def slip(
    catalogue: Catalogue,
    appointment: Appointment,
    wanted: Wish,
    manage_url: str,
    logo: bytes | None = None,
) -> Slip:
    """The appointment in its citizen's language; `manage_url` opens it on a phone."""
    office = catalogue.offices_by_id[appointment.office_id]
    with speaking(appointment.language):
        at = appointment.starts_at.astimezone(office.zone)
        day = str(format_date(at.date(), gettext(N_("EEEE d MMMM")), locale=appointment.language))
        head: list[Block] = [Picture(logo)] if logo else []
        head += [
            Text(catalogue.name, bold=True, align="center"),
            Rule(),
            Text(gettext(N_("YOUR APPOINTMENT")), align="center"),
            Text(day, size="large", bold=True, align="center"),
            Text(str(format_time(at, "H:mm", locale="en")), size="huge", bold=True, align="center"),
            *(Text(text, bold=True, align="center") for text in _services(wanted)),
            Space(),
            Pair(gettext(N_("Where")), pick(office.name)),
        ]
        if office.address:
            head.append(Text(office.address))
        return Slip(
            (
                *head,
                *_papers(wanted),
                Rule(),
                Text(gettext(N_("Your code")), align="center"),
                Text(
                    " ".join((appointment.code[:3], appointment.code[3:])),
                    size="large",
                    bold=True,
                    align="center",
                ),
                Qr(manage_url),
                Text(
                    gettext(
                        N_(
                            "Change or cancel it with this code. When you come, hold it "
                            "before the kiosk's reader."
                        )
                    ),
                    align="center",
                ),
                Cut(),
            ),
            language=appointment.language,
        )


def print_appointment(
    session: Session,
    catalogue: Catalogue,
    appointment: Appointment,
    printer: Printer,
    base_url: str,
    now: datetime,
    logo: bytes | None = None,
) -> PrintJob:
    """Queue the paper of an appointment for `printer`."""
    wanted = finding.wish_of(session, catalogue, appointment)
    paper = slip(
        catalogue, appointment, wanted, f"{base_url}/appointments/{appointment.token}", logo
    )
    return outbox.enqueue(session, printer, paper, KIND, appointment.id, now)


def _services(wanted: Wish) -> list[str]:
    return [
        pick(each.service.name) + (f" × {each.quantity}" if each.quantity > 1 else "")
        for each in wanted
    ]


def _papers(wanted: Wish) -> list[Block]:
    papers = dict.fromkeys(pick(text) for each in wanted for text in each.service.requirements)
    if not papers:
        return []
    lines = [Text(f"- {paper}") for paper in list(papers)[:LONGEST_LIST]]
    return [Space(), Text(gettext(N_("Bring with you")), bold=True), *lines]
