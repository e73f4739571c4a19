"""The panel's side navigation: one row per section, shown to whoever may enter it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import current_app, request, url_for

from turnero_admin.panel import offices
from turnero_core.i18n import N_
from turnero_queue.api import signed_in


@dataclass(frozen=True)
class Section:
    """`endpoint` is where it begins, `permission` who sees it ("" is everybody signed in).

    A section stays hidden until its endpoint exists. An endpoint with an `office` in its
    address gets the one that is being looked at. `everywhere` is for what all offices share: only
    whoever has the permission in every one of them sees it. Those of one `group` stand together,
    under its name.
    """

    endpoint: str
    label: str
    icon: str
    permission: str = ""
    group: str = ""
    everywhere: bool = False


@dataclass(frozen=True)
class Link:
    label: str
    icon: str
    href: str
    current: bool
    group: str = ""


TODAY = N_("The day")
MONEY = N_("Money")
FIGURES = N_("Figures")
MACHINERY = N_("Setting up")
CONTROL = N_("Control")
SECTIONS: tuple[Section, ...] = (
    Section("panel.home", N_("Overview"), "layout-dashboard"),
    Section("supervision.city", N_("Supervision"), "eye", "office.supervise", TODAY),
    Section("admin.choose_desk", N_("Desks"), "monitor", "desk.attend", TODAY),
    Section("helping.index", N_("Calls for help"), "hand-helping", "office.supervise", TODAY),
    Section("calendar.index", N_("Appointments"), "calendar", "appointments.manage", TODAY),
    Section("schedules.index", N_("Schedules"), "calendar-clock", "schedules.edit", TODAY),
    Section("cash.index", N_("Cash desk"), "banknote", "cash.operate", MONEY),
    Section("cash.closings", N_("Cash closings"), "calculator", "cash.approve", MONEY),
    Section("money.payments", N_("Payments"), "receipt-text", "payments.view", MONEY),
    Section("money.report", N_("Money report"), "chart-column", "payments.view", MONEY),
    Section("money.certificates", N_("Certificates"), "scroll-text", "certificates.revoke", MONEY),
    Section("statistics.index", N_("Statistics"), "activity", "statistics.view", FIGURES),
    Section("satisfaction.index", N_("Satisfaction"), "smile", "statistics.view", FIGURES),
    Section("configuration.index", N_("Configuration"), "settings", "office.configure", MACHINERY),
    Section("machines.index", N_("Devices"), "printer", "devices.view", MACHINERY),
    Section("panel.staff", N_("Staff"), "users", "staff.manage", MACHINERY),
    Section("panel.notices", N_("Messages"), "mail", "configuration.edit", MACHINERY),
    Section(
        "hooks.index", N_("Webhooks"), "webhook", "configuration.edit", MACHINERY, everywhere=True
    ),
    Section("panel.privacy", N_("Privacy"), "fingerprint", "personal_data.erase", CONTROL),
    Section("panel.audit", N_("Audit log"), "shield-check", "audit.view", CONTROL),
)


def shown() -> list[Link]:
    """The sections that whoever is signed in may enter."""
    person = signed_in.person()
    if person is None:
        return []
    return [
        link
        for section in SECTIONS
        if not section.permission or person.can(section.permission)
        if not section.everywhere or person.grants.everywhere(section.permission)
        for link in _link(section)
    ]


def grouped(links: Iterable[Link]) -> list[tuple[str, list[Link]]]:
    """The links under the names of their groups, in order; what comes first has none."""
    return [(group, list(those)) for group, those in groupby(links, key=lambda link: link.group)]


def _link(section: Section) -> Iterator[Link]:
    if section.endpoint not in current_app.view_functions:
        return
    arguments = next(current_app.url_map.iter_rules(section.endpoint)).arguments
    office = offices.looked_at(section.permission)
    if arguments and office is None:
        return
    chosen: dict[str, Any] = {"office": office}
    if not arguments and not request.args.get("office"):
        chosen = {}
    here = _is_within(section.endpoint)
    href = url_for(section.endpoint, **chosen)
    yield Link(section.label, section.icon, href, here, section.group)


def _is_within(endpoint: str) -> bool:
    """Whether this page is the section's or below it, by its address."""
    rules = current_app.url_map.iter_rules(endpoint)
    root = next(iter(rules)).rule.partition("<")[0].rstrip("/")
    if endpoint == "panel.home":
        return request.path.rstrip("/") == root
    return request.path == root or request.path.startswith(f"{root}/")
