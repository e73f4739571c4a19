"""Reads `payments: points_of_sale`, `connectors` and `certificates`: lists of what has a code."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from turnero_core.errors import Invalid
from turnero_core.i18n import LANGUAGES, N_
from turnero_queue.configuration import connector_options, scalars
from turnero_queue.configuration.connector_options import values_of
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.problems import Report
from turnero_queue.configuration.scalars import Tongues
from turnero_queue.configuration.values import Configuration
from turnero_queue.connectors.options import KINDS
from turnero_queue.connectors.reading import FIELDS
from turnero_queue.payments import money

Reader = Callable[[Item], Any]
MOST = 200
_name = scalars.names(Tongues(None, LANGUAGES), 80)
_text = scalars.names(Tongues(None, LANGUAGES), 1000)


def _each(read: Reader) -> Reader:
    """A reader of a list in which no code comes twice."""

    def read_all(item: Item) -> list[Any]:
        found = list(item.each(read, MOST))
        codes = [entry.get("code") for entry in found]
        for code in sorted({code for code in codes if code and codes.count(code) > 1}):
            item.error(N_("has %(code)s twice"), code=code)
        return found

    return read_all


def _point_of_sale(item: Item) -> dict[str, Any]:
    return values_of(item, POINT_OF_SALE, ("code", "name", "office"))


def _certificate(item: Item) -> dict[str, Any]:
    return values_of(item, CERTIFICATE, ("code", "name", "text", "connector"))


def _fee(item: Item) -> str:
    return item.pattern(
        r"[0-9]+(\.[0-9]+)?", N_('must be an amount in quotes, such as "15.00"'), 20
    )


def check(configuration: Configuration, report: Report) -> None:
    """What refers to something else, and amounts, which depend on the currency."""
    payments = configuration.municipality.payments
    offices = {office.code: office for office in configuration.offices}
    for index, place in enumerate(payments.get("points_of_sale", ())):
        where = f"municipality.payments.points_of_sale[{index}]"
        office = offices.get(place.get("office", ""))
        # What is not written at all is said by who reads it.
        if office is None and "office" in place:
            _error(report, f"{where}.office", N_("there is no such office"))
        printers = {printer.code for printer in office.printers} if office else set()
        if office and place.get("printer") and place["printer"] not in printers:
            _error(report, f"{where}.printer", N_("there is no such printer in this office"))
        if place.get("code") in offices and place.get("code") != place.get("office"):
            _error(report, f"{where}.code", N_("is the code of another office"))
    connectors = {one.get("code"): one for one in payments.get("connectors", ())}
    for index, kind in enumerate(payments.get("certificates", ())):
        where = f"municipality.payments.certificates[{index}]"
        connector = connectors.get(kind.get("connector"))
        if connector is None and "connector" in kind:
            _error(report, f"{where}.connector", N_("there is no such connector"))
        elif connector and kind.get("asks_for", "document") not in connector.get(
            "asks_for", ["document"]
        ):
            _error(report, f"{where}.asks_for", N_("the connector is not asked by this"))
        _check_fee(kind, configuration.municipality.currency, where, report)


def _check_fee(kind: Mapping[str, Any], currency: str, where: str, report: Report) -> None:
    try:
        money.parse(kind.get("fee", money.plain(1, currency)), currency)
    except (Invalid, ValueError):
        _error(report, f"{where}.fee", N_("is no amount in the municipality's currency"))


def _error(report: Report, path: str, message: str) -> None:
    report.error(report.lines.get(path, 1), path, message)


POINT_OF_SALE: Mapping[str, Reader] = {
    "code": scalars.code,
    "name": _name,
    "office": scalars.code,
    "printer": scalars.code,
}
CERTIFICATE: Mapping[str, Reader] = {
    "code": scalars.code,
    "name": _name,
    "text": _text,
    "connector": scalars.code,
    "asks_for": partial(Item.choice, options=KINDS),
    "validity_days": partial(Item.integer, low=1, high=3650),
    "fee": _fee,
}
LISTS: Mapping[str, Reader] = {
    "points_of_sale": _each(_point_of_sale),
    "connectors": _each(connector_options.read),
    "certificates": _each(_certificate),
}
ORDERS: Mapping[str, Sequence[str]] = {
    "points_of_sale": tuple(POINT_OF_SALE),
    "connectors": tuple(connector_options.CONNECTOR),
    "certificates": tuple(CERTIFICATE),
}
_NESTED: Mapping[str, Sequence[str]] = {
    "name": LANGUAGES,
    "text": LANGUAGES,
    "fields": FIELDS,
    "keys": KINDS,
}


def in_order(key: str, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A list in the order of the file, whatever order the database has kept its keys in."""
    return [
        {name: _nested(name, entry[name]) for name in ORDERS[key] if name in entry}
        for entry in entries
    ]


def _nested(name: str, value: Any) -> Any:
    if name in _NESTED:
        return {key: value[key] for key in _NESTED[name] if key in value}
    return dict(sorted(value.items())) if isinstance(value, dict) else value
