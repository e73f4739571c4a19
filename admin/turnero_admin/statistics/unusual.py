"""What was out of the ordinary: calls out of order and why, recalls, transfers, slips saved."""

from turnero_admin.statistics import asked as asking
from turnero_admin.statistics import measures
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.blueprint import VIEW, blueprint, page
from turnero_admin.statistics.measures import Group
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.tables import Column, Row, Table
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.statistics import Figures, Report, report

# More calls out of order than these are in the file only.
SHOWN, MOST = 50, 10_000
_GROUP = Group(
    "unusual",
    N_("Calls again, transfers and calls out of order, by desk"),
    ("calls", "recalls", "transfers", "out_of_order"),
    "recalls",
)


@blueprint.get("/unusual")
@access(VIEW)
@reads
def unusual(unit: Unit) -> str:
    asked, write = asking.read(unit), Writer(unit.catalogue.locale)
    found = report(unit.session, asked.query)
    return page(
        "unusual.html",
        unit,
        asked,
        totals=found.totals,
        facts=facts(found.totals, write),
        desks=by_desk(unit, found, asked, write),
        calls=out_of_order(found, SHOWN, several=len(asked.offices) > 1),
        shown=SHOWN,
    )


def facts(totals: Figures, write: Writer) -> list[tuple[str, str, str]]:
    """Value, what it is, and the share that it is of something."""
    of_calls, of_turns = N_("%(share)s of the calls"), N_("%(share)s of the turns")
    slips = N_("%(share)s of those asked; %(paper)s were printed")
    return [
        (
            write.count(count),
            gettext(measures.MEASURES[name].label),
            gettext(of, share=write.share(share), **more),
        )
        for name, count, of, share, more in (
            ("out_of_order", totals.out_of_order, of_calls, totals.out_of_order_share, {}),
            ("recalls", totals.recalls, of_calls, totals.recall_share, {}),
            ("transfers", totals.transfers, of_turns, totals.transfer_share, {}),
            (
                "paperless",
                totals.paperless,
                slips,
                totals.paperless_share,
                {"paper": write.count(totals.paper)},
            ),
        )
    ]


def by_desk(unit: Unit, found: Report, asked: Asked, write: Writer) -> Table:
    """Calls, recalls, transfers and calls out of order of each desk that called anybody."""
    first = Column("desk", gettext(N_("Desk")), "text")
    return measures.table(_GROUP, first, found.by("desk", ()), found.totals)


def table(unit: Unit, found: Report, asked: Asked, write: Writer) -> Table:
    """Every call that passed over the order, with the reason given for it."""
    return out_of_order(found, MOST, several=True)


def out_of_order(found: Report, most: int, *, several: bool) -> Table:
    """The newest of them; the column of the office is for `several` only."""
    columns = (
        Column("at", gettext(N_("When")), "moment"),
        Column("office", gettext(N_("Office")), "text"),
        Column("ticket", gettext(N_("Turn")), "text"),
        Column("service", gettext(N_("Service")), "text"),
        Column("desk", gettext(N_("Desk")), "text"),
        Column("staff", gettext(N_("Staff")), "text"),
        Column("reason", gettext(N_("Reason")), "text"),
    )
    kept = [column for column in columns if several or column.key != "office"]
    rows = tuple(
        Row(tuple(getattr(one, column.key) for column in kept)) for one in found.out_of_order(most)
    )
    return Table("out-of-order", gettext(N_("Calls out of order")), tuple(kept), rows)
