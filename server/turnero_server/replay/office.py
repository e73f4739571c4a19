"""Where the recorded day is played: an office made for it, or one that is there already."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from math import ceil

from sqlalchemy.orm import Session

from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_
from turnero_queue import catalogue, configuration
from turnero_queue.configuration.stored import stored
from turnero_queue.configuration.values import Attends, Desk, Offer, Office, Service
from turnero_queue.opening import WEEKDAYS
from turnero_server.replay.client import Client
from turnero_server.replay.day import Day, Shift

CODE = "replay"
ACTOR = "turnero replay"
NAME = {"es": "Día repetido", "en": "Replayed day", "pt": "Dia repetido"}


@dataclass(frozen=True)
class Place:
    """`services` and `desks` map the codes in the record to those of the office `code`."""

    code: str
    services: Mapping[str, str]
    desks: Mapping[str, str]

    def shifts(self, day: Day) -> list[Shift]:
        """The office's desks at work; where it has fewer, one stands in for several in turn."""
        merged: dict[str, Shift] = {}
        for shift in day.shifts:
            desk = self.desks[shift.desk]
            known = merged.get(desk, shift)
            begins, ends = min(known.begins, shift.begins), max(known.ends, shift.ends)
            merged[desk] = Shift(desk, begins, ends, shift.services)
        return list(merged.values())


def make(session: Session, day: Day) -> Place:
    """Put an office with the record's own services and desks, always open, beside the others."""
    catalogue.current(session)
    before = stored(session)
    if before is None:
        raise NotFound(N_("Nothing is configured yet."))
    services = {code: f"{CODE}-{_slug(code)}" for code in day.services}
    added = tuple(_service(code, services[code], day) for code in day.services)
    office = Office(
        code=CODE,
        name=NAME,
        hours=dict.fromkeys(WEEKDAYS, ("00:00-24:00",)),
        desks=tuple(_desk(shift, services) for shift in day.shifts),
        services=tuple(Offer(service.code) for service in added),
    )
    kept = tuple(old for old in before.services if not old.code.startswith(f"{CODE}-"))
    others = tuple(old for old in before.offices if old.code != CODE)
    after = replace(before, services=(*kept, *added), offices=(*others, office))
    configuration.apply(session, after, actor=ACTOR)
    return Place(CODE, services, {shift.desk: shift.desk for shift in day.shifts})


def existing(client: Client, code: str, day: Day, chosen: Mapping[str, str]) -> Place:
    """Play in the office `code` as it is: `chosen` services, the others in turn, its own desks."""
    answer = client.get(f"/offices/{code}/services")
    if not answer.good:
        raise NotFound(N_("There is no office %(office)s."), office=code)
    offered = [service["code"] for service in answer.body["services"]]
    unknown = [service for service in chosen.values() if service not in offered]
    if unknown:
        raise Invalid(
            N_("The office %(office)s does not offer %(services)s."),
            office=code,
            services=", ".join(unknown),
        )
    desks = [desk["code"] for desk in client.get(f"/offices/{code}/desks").body.get("desks", [])]
    if not desks or not offered:
        raise Invalid(N_("The office %(office)s has no desks or no services."), office=code)
    rest = [service for service in day.services if service not in chosen]
    services = {**chosen, **dict(zip(rest, cycle(offered), strict=False))}
    names = [shift.desk for shift in day.shifts]
    return Place(code, services, dict(zip(names, cycle(desks), strict=False)))


def _service(code: str, own: str, day: Day) -> Service:
    prefix = re.sub(r"[^A-Z]", "", code.upper())[:3] or "X"
    minutes = max(1, ceil(day.usual_s(code) / 60))
    name = dict.fromkeys(NAME, code)
    return Service(code=own, prefix=prefix, name=name, duration_minutes=minutes)


def _desk(shift: Shift, services: Mapping[str, str]) -> Desk:
    attends = tuple(Attends(services[code]) for code in shift.services)
    return Desk(shift.desk, dict.fromkeys(NAME, shift.desk), attends)


def _slug(code: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-") or "x"
