"""What somebody chose so far on the booking pages: kept in the address, and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from turnero_core.i18n import LANGUAGES
from turnero_queue import appointments
from turnero_queue.appointments import Wish
from turnero_queue.appointments.values import MOST_OF_ONE, MOST_SERVICES
from turnero_queue.catalogue import Catalogue, Office, Service


@dataclass(frozen=True)
class Chosen:
    """Services by code with how many of each; `embedded` in another site's page, in `language`."""

    services: Mapping[str, int]
    embedded: bool
    language: str | None

    @property
    def query(self) -> dict[str, Any]:
        """The same, for an address."""
        found: dict[str, Any] = {
            "s": [
                code if count == 1 else f"{code}*{count}" for code, count in self.services.items()
            ]
        }
        if self.embedded:
            found["embed"] = "1"
        if self.language:
            found["lang"] = self.language
        return found

    def url(self, endpoint: str, **more: Any) -> str:
        """The address of another step with the same choice."""
        return url_for(endpoint, **{**self.query, **more})

    def wish(self, catalogue: Catalogue, office: Office) -> Wish:
        return appointments.wish(catalogue, office, list(self.services.items()))


def chosen() -> Chosen:
    """What the request's address (or form) says; what makes no sense there is left out."""
    given: dict[str, int] = {}
    for text in request.values.getlist("s")[:MOST_SERVICES]:
        code, _, count = text.partition("*")
        wanted = request.values.get(f"q-{code}", count or "1")
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 3 else 1
        given[code] = min(max(number, 1), MOST_OF_ONE)
    asked = request.values.get("lang")
    return Chosen(given, bool(request.values.get("embed")), asked if asked in LANGUAGES else None)


def bookable(catalogue: Catalogue) -> list[Service]:
    """The services for which some office gives appointments."""
    offered = {
        code
        for office in catalogue.offices
        for given in office.availabilities
        for service in office.services
        if service.appointments and given.covers(frozenset({service.code}))
        for code in (service.code,)
    }
    return [service for service in catalogue.services if service.code in offered]


def offices_for(catalogue: Catalogue, chosen: Chosen) -> Sequence[Office]:
    """The offices where all of it can be done in one visit."""
    return [
        office
        for office in catalogue.offices
        if set(chosen.services) <= {each.code for each in office.services if each.appointments}
    ]
