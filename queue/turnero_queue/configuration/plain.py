"""Configuration values as the nested keys and values of the file, in the file's order."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from turnero_queue.configuration import availability, hours, notices, payments, sign_in, texts
from turnero_queue.configuration.scalars import written_money
from turnero_queue.configuration.values import (
    Availability,
    Category,
    Closure,
    Configuration,
    Desk,
    Municipality,
    Names,
    Offer,
    Office,
    Printer,
    Priority,
    Service,
)
from turnero_queue.rules import Rules
from turnero_queue.texts import HALL_KEYS, KEYS

Plain = dict[str, Any]


class Writer:
    """Writes the parts of one configuration; keys without a value are left out."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.languages = configuration.municipality.languages
        self.currency = configuration.municipality.currency

    def whole(self) -> Plain:
        every = self.configuration
        return {
            "municipality": self.municipality(every.municipality),
            **_filled({"categories": [self.category(value) for value in every.categories]}),
            "services": [self.service(value) for value in every.services],
            "priorities": [self.priority(value) for value in every.priorities],
            "offices": [
                {
                    **self.office(value),
                    "desks": [self.desk(desk) for desk in value.desks],
                    "services": [self._offer(offer) for offer in value.services],
                    **_filled({"printers": [self.printer(entry) for entry in value.printers]}),
                    **_filled(
                        {"availability": [self.availability(each) for each in value.availability]}
                    ),
                }
                for value in every.offices
            ],
        }

    def municipality(self, value: Municipality) -> Plain:
        return _filled(
            {
                "name": value.name,
                "timezone": value.timezone,
                "locale": value.locale,
                "languages": list(value.languages),
                "currency": value.currency,
                "colour": value.colour,
                "logo": value.logo,
                "rules": rules_in_order(value.rules),
                "notices": notices.in_order(value.notices),
                "payments": payments.in_order(value.payments),
                "texts": self._texts(value.texts),
                "sign_in": sign_in.in_order(value.sign_in),
            }
        )

    def category(self, value: Category) -> Plain:
        return _filled({"code": value.code, "name": self._names(value.name), "icon": value.icon})

    def service(self, value: Service) -> Plain:
        fee = value.fee_minor
        return _filled(
            {
                "code": value.code,
                "prefix": value.prefix,
                "name": self._names(value.name),
                "category": value.category,
                "description": self._names(value.description),
                "requirements": [self._names(entry) for entry in value.requirements],
                "place": self._names(value.place),
                "icon": value.icon,
                "duration_minutes": value.duration_minutes,
                "target_wait_minutes": value.target_wait_minutes,
                "fee": None if fee is None else written_money(fee, self.currency),
                "channel": value.channel,
                "appointments": value.appointments,
                "external_code": value.external_code,
                "daily_limit": value.daily_limit,
                "links": texts.in_order(value.links, texts.LINKS),
            }
        )

    def priority(self, value: Priority) -> Plain:
        return _filled(
            {
                "code": value.code,
                "name": self._names(value.name),
                "description": self._names(value.description),
                "icon": value.icon,
                "head_start_minutes": value.head_start_minutes,
            }
        )

    def office(self, value: Office) -> Plain:
        """An office without its desks and services."""
        groups = {days: list(spans) for days, spans in hours.grouped(value.hours).items()}
        filled = _filled(
            {
                "code": value.code,
                "name": self._names(value.name),
                "address": value.address,
                "location": location(value),
                "timezone": value.timezone,
                "hours": groups or None,
                "holidays": value.holidays,
                "closures": [self._closure(closure) for closure in value.closures],
                "rules": rules_in_order(value.rules),
                "texts": self._texts(value.texts),
                "hall": self._hall(value.hall),
            }
        )
        return filled if groups else {**filled, "hours": {}}

    def desk(self, value: Desk) -> Plain:
        links = [
            {"code": link.code, "handicap_minutes": link.handicap_minutes}
            if link.handicap_minutes
            else link.code
            for link in value.services
        ]
        return {"code": value.code, "name": self._names(value.name), "services": links}

    def printer(self, value: Printer) -> Plain:
        return _filled(
            {
                "code": value.code,
                "name": None if value.name == value.code else value.name,
                "uri": value.uri,
                "profile": value.profile,
            }
        )

    def availability(self, value: Availability) -> Plain:
        return availability.plain(value, self._names)

    def offers(self, value: Office) -> Plain:
        """The services of an office by code, each with what differs there."""
        return {"services": [self._offer(offer) for offer in value.services]}

    def _offer(self, value: Offer) -> Plain | str:
        extra = _filled({"daily_limit": value.daily_limit, "place": self._names(value.place)})
        return {"code": value.code, **extra} if extra else value.code

    def _closure(self, value: Closure) -> Plain:
        first: date = value.first
        return _filled({"from": first, "to": value.last, "reason": self._names(value.reason)})

    def _texts(self, value: Mapping[str, Names]) -> Plain:
        found = texts.in_order(value, KEYS)
        return {key: self._names(names) for key, names in found.items()}

    def _hall(self, value: Mapping[str, Any]) -> Plain:
        found = texts.in_order(value, HALL_KEYS)
        if message := found.get("message"):
            found["message"] = self._names(message)
        return found

    def _names(self, names: Names) -> dict[str, str]:
        shown = [language for language in self.languages if language in names]
        rest = sorted(set(names) - set(shown))
        return {language: names[language] for language in (*shown, *rest)}


def location(value: Office) -> Plain | None:
    if value.latitude is None or value.longitude is None:
        return None
    return {"lat": value.latitude, "lon": value.longitude}


def rules_in_order(rules: Mapping[str, Any]) -> Plain:
    """The rules that are set, in the order of the table of rules."""
    return {field.name: rules[field.name] for field in fields(Rules) if field.name in rules}


def _filled(values: Plain) -> Plain:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
