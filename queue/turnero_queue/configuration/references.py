"""What one part of a configuration says of another: codes used twice or never defined."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from turnero_core.i18n import N_
from turnero_queue.configuration import debts
from turnero_queue.configuration.problems import Report
from turnero_queue.configuration.values import Configuration, Desk, Offer, Office


class Coded(Protocol):
    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=Coded)


def check(configuration: Configuration, report: Report) -> None:
    """Report every reference that leads nowhere; `configuration` is in the file's own order."""
    for section in ("categories", "services", "priorities", "offices"):
        _unique(getattr(configuration, section), section, report)
    _check_categories(configuration, report)
    _check_first_priority(configuration, report)
    _check_printers(configuration, report)
    debts.check(configuration, report)
    services = {service.code: None for service in configuration.services}
    for index, office in enumerate(configuration.offices):
        path = f"offices[{index}]"
        _defined(office.services, f"{path}.services", services, report)
        _unique(office.desks, f"{path}.desks", report)
        for position, desk in enumerate(office.desks):
            where = f"{path}.desks[{position}].services"
            _defined(desk.services, where, services, report)
            if f"{path}.services" in report.lines:
                _check_offered(office, desk, where, services, report)
        _check_attended(office, path, report)
        _check_hall(office, path, services, report)
        _check_availability(configuration, office, path, report)


def canonical(configuration: Configuration, report: Report) -> Configuration:
    """The same with each office's services spelled out, and links in the services' order."""
    order = {service.code: place for place, service in enumerate(configuration.services)}
    offices = []
    for index, office in enumerate(configuration.offices):
        services = office.services
        if f"offices[{index}].services" not in report.lines:
            attended = {link.code for desk in office.desks for link in desk.services}
            services = tuple(Offer(code) for code in attended)
        offices.append(ordered(replace(office, services=services), order))
    return replace(configuration, offices=tuple(offices))


def ordered(office: Office, order: dict[str, int]) -> Office:
    def in_order(links: Iterable[C]) -> tuple[C, ...]:
        return tuple(sorted(links, key=lambda link: order[link.code]))

    return replace(
        office,
        services=in_order(office.services),
        desks=tuple(replace(desk, services=in_order(desk.services)) for desk in office.desks),
        printers=tuple(sorted(office.printers, key=lambda printer: printer.code)),
        availability=tuple(
            replace(
                given,
                # A service that is not in use any more is not what anybody can book.
                services=tuple(sorted(set(given.services) & set(order), key=order.__getitem__)),
            )
            for given in office.availability
        ),
        closures=tuple(sorted(office.closures, key=lambda closure: (closure.first, closure.last))),
    )


def _unique(entries: Sequence[Coded], path: str, report: Report) -> None:
    first: dict[str, int] = {}
    for index, entry in enumerate(entries):
        _note_use(entry.code, f"{path}[{index}]", first, report)


def _note_use(code: str, path: str, first: dict[str, int], report: Report) -> None:
    """Report `code` when `first` has it already; else note its line there."""
    line = _line(report, f"{path}.code", path)
    if code and code in first:
        report.error(
            line,
            f"{path}.code",
            N_("%(code)s is used twice; the first is on line %(line)s"),
            code=code,
            line=first[code],
        )
    first.setdefault(code, line)


def _line(report: Report, *paths: str) -> int:
    return next((report.lines[path] for path in paths if path in report.lines), 1)


def _defined(
    entries: Sequence[Coded], path: str, services: Collection[str], report: Report
) -> None:
    _unique(entries, path, report)
    for index, entry in enumerate(entries):
        if entry.code and entry.code not in services:
            _unknown(
                report, f"{path}[{index}]", entry.code, services, N_("there is no service %(code)s")
            )


def _unknown(report: Report, path: str, code: str, known: Collection[str], message: str) -> None:
    line = _line(report, f"{path}.code", path)
    if near := report.nearest(code, known):
        message = N_("%(code)s is not defined; did you mean %(near)s?")
        report.error(line, path, message, code=code, near=near)
    else:
        report.error(line, path, message, code=code)


def _check_categories(configuration: Configuration, report: Report) -> None:
    if "categories" not in report.lines:
        return
    known = [category.code for category in configuration.categories]
    for index, service in enumerate(configuration.services):
        if service.category and service.category not in known:
            path = f"services[{index}].category"
            _unknown(report, path, service.category, known, N_("there is no category %(code)s"))


def _check_printers(configuration: Configuration, report: Report) -> None:
    """A printer's code is its own in the whole municipality, for it may move to another office."""
    first: dict[str, int] = {}
    for index, office in enumerate(configuration.offices):
        for position, printer in enumerate(office.printers):
            path = f"offices[{index}].printers[{position}]"
            _note_use(printer.code, path, first, report)


def _check_first_priority(configuration: Configuration, report: Report) -> None:
    if configuration.priorities and configuration.priorities[0].head_start_minutes:
        report.warning(
            _line(report, "priorities[0].head_start_minutes"),
            "priorities[0].head_start_minutes",
            N_("everybody who asks for no priority has this one, as it comes first"),
        )


def _check_offered(
    office: Office, desk: Desk, path: str, services: Collection[str], report: Report
) -> None:
    listed = [offer.code for offer in office.services]
    for index, link in enumerate(desk.services):
        if link.code in services and link.code not in listed:
            report.error(
                _line(report, f"{path}[{index}].code", f"{path}[{index}]"),
                f"{path}[{index}]",
                N_("%(code)s is not in the list of services of the office %(office)s"),
                code=link.code,
                office=office.code,
            )


def _check_availability(
    configuration: Configuration, office: Office, path: str, report: Report
) -> None:
    """Appointments are given for services that take them, at desks that there are."""
    _unique(office.availability, f"{path}.availability", report)
    services = {service.code: service.appointments for service in configuration.services}
    desks = [desk.code for desk in office.desks]
    for index, given in enumerate(office.availability):
        where = f"{path}.availability[{index}]"
        for position, code in enumerate(given.services):
            place = f"{where}.services[{position}]"
            if code and code not in services:
                _unknown(report, place, code, services, N_("there is no service %(code)s"))
            elif code and not services[code]:
                message = N_("%(code)s takes no appointments: write appointments: true there")
                report.warning(_line(report, place), place, message, code=code)
        for position, code in enumerate(given.desks):
            if code and code not in desks:
                place = f"{where}.desks[{position}]"
                _unknown(report, place, code, desks, N_("there is no desk %(code)s"))


def _check_hall(office: Office, path: str, services: Collection[str], report: Report) -> None:
    for index, code in enumerate(office.hall.get("queues", ())):
        if code and code not in services:
            place = f"{path}.hall.queues[{index}]"
            _unknown(report, place, code, services, N_("there is no service %(code)s"))


def _check_attended(office: Office, path: str, report: Report) -> None:
    attended = {link.code for desk in office.desks for link in desk.services}
    for index, offer in enumerate(office.services):
        if offer.code not in attended:
            report.warning(
                _line(report, f"{path}.services[{index}]"),
                f"{path}.services[{index}]",
                N_("no desk of this office attends %(code)s: people would wait in vain"),
                code=offer.code,
            )
