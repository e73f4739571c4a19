"""What an entry about money is tied to now: open cash desks, certificates, payments to report."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from turnero_admin.configuration import secrets
from turnero_admin.configuration.secrets import Secret
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext, ngettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.configuration.tree import Tree
from turnero_queue.connectors.options import Connector
from turnero_queue.models import CashSession, DebtReport

# As the fields' hints say it.
USUAL = {
    "timeout_s": str(Connector("", "demo").timeout_s),
    "cache_s": str(Connector("", "demo").cache_s),
    "validity_days": "30",
}


def is_open(unit: Unit, point_of_sale: str) -> bool:
    """Whether a cashier works there."""
    query = select(func.count()).where(
        CashSession.point_of_sale == point_of_sale, CashSession.state != "closed"
    )
    return bool(unit.session.scalar(query))


def refuse(in_use: bool) -> None:
    if in_use:
        raise Conflict(N_("A cash desk is open at this point of sale. Close it first."))


def used(unit: Unit, tree: Tree, key: str, code: str) -> list[str]:
    """What goes with it, or waits for it, in words."""
    return list(_of_a_connector(unit, tree, code)) if key == "connectors" else []


def files_of(value: Mapping[str, Any]) -> dict[str, Secret]:
    """How it stands with the files that a form names, by field."""
    found = {
        "password_file": secrets.looked_at(value.get("password_file")),
        "file": secrets.other(value.get("file")),
    }
    for row in value.get("headers", ()):
        found[f"headers.{row['name']}"] = secrets.looked_at(row["file"])
    return {field: said for field, said in found.items() if said is not None}


def _of_a_connector(unit: Unit, tree: Tree, code: str) -> Iterator[str]:
    for kind in tree["municipality"]["payments"]["certificates"]:
        if kind["connector"] == code:
            name = pick(kind["name"])
            yield gettext(N_("The certificate “%(name)s”, which goes with it"), name=name)
    query = select(func.count()).where(DebtReport.connector == code, DebtReport.state == "waiting")
    if count := unit.session.scalar(query):
        yield ngettext(
            "%(n)s payment of which it has not been told yet",
            "%(n)s payments of which it has not been told yet",
            count,
        )
