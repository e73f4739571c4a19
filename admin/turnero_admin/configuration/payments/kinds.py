"""The lists about money: points of sale, systems of debts, certificates; what each is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from turnero_admin.configuration.blueprint import ADMINISTRATOR, CITY
from turnero_admin.configuration.fields import Group, Plain
from turnero_admin.configuration.payments import (
    certificate_fields,
    connector_fields,
    connector_values,
    point_fields,
)
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.tree import Path, Tree
from turnero_queue.models import CashSession, Certificate, DebtReport, Office, ReceiptCounter


@dataclass(frozen=True)
class Kind:
    """`key` is its list in the configuration, `slug` its address; the texts are what people call
    it; `who` may change it. `groups` are its form's fields, `usual` what holds where nothing is
    written, `facts` what tells one entry from the next, `used` columns of codes that must not be
    given again."""

    key: str
    slug: str
    one: str
    many: str
    new: str
    lead: str
    nothing: str
    icon: str
    leaving: str
    who: str
    groups: Callable[[Unit, Tree, Mapping[str, Any]], tuple[Group, ...]]
    usual: Mapping[str, Any]
    facts: Callable[[Plain, Tree], list[str]]
    used: tuple[Any, ...]

    @property
    def path(self) -> Path:
        return ("municipality", "payments", self.key)

    def taken(self, unit: Unit, tree: Tree) -> set[str]:
        """Codes that something has, or had when money was booked under them."""
        found = set(trees.codes(trees.find(tree, self.path)))
        for column in self.used:
            found |= {code for code in unit.session.scalars(select(column).distinct()) if code}
        return found


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "points_of_sale",
            "points-of-sale",
            N_("Point of sale"),
            N_("Points of sale"),
            N_("New point of sale"),
            N_(
                "Each numbers its own receipts: 1, 2, 3 … "
                "What is paid at a kiosk goes to its office's first one."
            ),
            N_("There are none: every office has one of its own name."),
            "store",
            N_("No receipt is numbered there any more. Those that were keep their numbers."),
            CITY,
            point_fields.groups,
            {},
            point_fields.facts,
            (ReceiptCounter.point_of_sale, CashSession.point_of_sale, Office.code),
        ),
        Kind(
            "connectors",
            "connectors",
            N_("System of debts"),
            N_("Systems of debts"),
            N_("New system of debts"),
            N_("Who is asked what somebody owes, and is told when it was paid."),
            N_("There are none: at the kiosk nothing but fees can be paid."),
            "search",
            N_("Nobody can look up what is owed there any more."),
            ADMINISTRATOR,
            connector_fields.groups,
            connector_values.USUAL,
            connector_fields.facts,
            (DebtReport.connector,),
        ),
        Kind(
            "certificates",
            "certificates",
            N_("Certificate"),
            N_("Certificates"),
            N_("New certificate"),
            N_("Papers which say that nothing is owed, given after asking a system of debts."),
            N_("There are no certificates yet."),
            "scroll-text",
            N_("It is not given any more. Those that were given can be checked as before."),
            CITY,
            certificate_fields.groups,
            certificate_fields.USUAL,
            certificate_fields.facts,
            (Certificate.kind,),
        ),
    )
}
