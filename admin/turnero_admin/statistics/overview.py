"""The section's first page: what a mayor wants to know, in one sentence, figures and charts."""

from turnero_admin.statistics import asked as asking
from turnero_admin.statistics import breakdown, periods, pictures, scorecard
from turnero_admin.statistics.blueprint import VIEW, blueprint, page
from turnero_admin.statistics.numbers import Writer
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.statistics import Figures, report

__all__ = ["index"]


@blueprint.get("")
@access(VIEW)
@reads
def index(unit: Unit) -> str:
    asked, write = asking.read(unit), Writer(unit.catalogue.locale)
    found = report(unit.session, asked.query)
    earlier = periods.before(asked.period)
    before = report(unit.session, asked.of(earlier))
    # The waits first: what is counted for them by hour is then added up to the totals.
    waits = pictures.waits(found, write)
    return page(
        "index.html",
        unit,
        asked,
        gist=gist(found.totals, write),
        families=scorecard.families(found, before, write),
        headlines=scorecard.headlines(found.totals, before.totals, write),
        earlier=earlier,
        path=pictures.path(found, write),
        week=pictures.week(found, write),
        waits=waits,
        arrivals=pictures.arrivals(found, asked, write),
        services=breakdown.most(found, asked, "service"),
    )


def gist(totals: Figures, write: Writer) -> str | None:
    """The period in two sentences; None when nobody came."""
    if not totals.issued:
        return None
    came = gettext(
        N_("%(issued)s turns were issued, and %(share)s of the people were attended."),
        issued=write.count(totals.issued),
        share=write.share(totals.served / totals.issued),
    )
    if totals.target_share is None:
        nobody = gettext(N_("Nobody has been called yet."))
        return f"{came} {nobody}"
    waited = gettext(
        N_(
            "Half of them waited %(half)s at most, nine in ten %(most)s; "
            "%(share)s were called in time."
        ),
        half=write.minutes(totals.wait.median),
        most=write.minutes(totals.wait.p90),
        share=write.share(totals.target_share),
    )
    return f"{came} {waited}"
