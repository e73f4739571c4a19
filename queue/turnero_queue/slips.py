"""Slips of the queue: what the paper says, in the citizen's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from turnero_core.i18n import N_, gettext, pick, speaking
from turnero_hardware.slip import Block, Cut, Pair, Picture, Qr, Rule, Slip, Space, Text
from turnero_queue.catalogue import Catalogue, Names
from turnero_queue.estimate import Wait
from turnero_queue.models import Ticket
from turnero_queue.waiting import code_of

EXACT_UP_TO_MIN = 10
STEP_MIN = 5
HOURS_FROM_MIN = 120


def ticket_slip(
    catalogue: Catalogue,
    ticket: Ticket,
    wait: Wait | None,
    status_url: str,
    logo: bytes | None = None,
) -> Slip:
    """The paper turn: its number as large as the paper allows, and how it will be called."""
    with speaking(ticket.language):
        office = catalogue.offices_by_id[ticket.office_id]
        service = catalogue.services_by_id[ticket.service_id]
        head: list[Block] = [Picture(logo)] if logo else []
        head += [
            Text(catalogue.name, bold=True, align="center"),
            Text(pick(office.name), align="center"),
            *_written(office.texts.slip_greeting),
            Rule(),
            Text(gettext(N_("YOUR TURN")), align="center"),
            Text(code_of(ticket.prefix, ticket.number), size="huge", bold=True, align="center"),
            Text(pick(service.name), size="large", bold=True, align="center"),
            Space(),
        ]
        facts: list[Block] = [Pair(gettext(N_("Date")), _date(ticket, office.zone.key))]
        if wait is not None:
            facts += [
                Pair(gettext(N_("People ahead")), str(wait.people_ahead)),
                Pair(gettext(N_("Expected wait")), minutes(wait)),
            ]
        called = pick(office.texts.how_called) or gettext(
            N_("We call you by number, on the screen and by voice.")
        )
        foot: list[Block] = [
            Rule(),
            Text(gettext(N_("Rather wait elsewhere? Follow your turn:")), align="center"),
            Qr(status_url),
            Text(called, align="center"),
            *_written(office.texts.slip_footer),
            Cut(),
        ]
        return Slip((*head, *facts, *foot), language=ticket.language)


def _written(names: Names) -> list[Block]:
    """What the municipality writes itself, if it does."""
    text = pick(names)
    return [Text(text, align="center")] if text else []


def minutes(wait: Wait) -> str:
    """A wait as people say it: “4 to 8 min”, “15 to 25 min”, “3 to 4 h”, “up to 5 min”."""
    low, high = wait.p50_s // 60, max(1, -(-wait.p90_s // 60))
    if low >= HOURS_FROM_MIN:
        return _hours(low // 60, -(-high // 60))
    low, high = _said(low, down=True), _said(high, down=False)
    if low < 1 or low >= high:
        return gettext(N_("up to %(high)s min"), high=high)
    return gettext(N_("%(low)s to %(high)s min"), low=low, high=high)


def _hours(low: int, high: int) -> str:
    if low >= high:
        return gettext(N_("up to %(high)s h"), high=high)
    return gettext(N_("%(low)s to %(high)s h"), low=low, high=high)


def _said(count: int, *, down: bool) -> int:
    """A few minutes are said one by one; more are said in fives, never promising too much."""
    if count <= EXACT_UP_TO_MIN:
        return count
    return count // STEP_MIN * STEP_MIN if down else -(-count // STEP_MIN) * STEP_MIN


def _date(ticket: Ticket, zone: str) -> str:
    at: datetime = ticket.issued_at
    pattern = "EEE d MMM y, H:mm"
    return str(format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=ticket.language))
