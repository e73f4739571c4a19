"""The pages that break the figures down: by office, service, desk, member of staff and so on."""

from turnero_admin.statistics import asked as asking
from turnero_admin.statistics import breakdown, pictures
from turnero_admin.statistics.blueprint import VIEW, blueprint, page
from turnero_admin.statistics.numbers import Writer
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.statistics import report


@blueprint.get("/by/<dimension>")
@access(VIEW)
@reads
def by(unit: Unit, dimension: str) -> str:
    wanted = breakdown.dimension_of(dimension)
    asked, write = asking.read(unit), Writer(unit.catalogue.locale)
    found = report(unit.session, asked.query)
    drawn = {
        "hour": lambda: [pictures.waits(found, write), pictures.week(found, write)],
        "day": lambda: [pictures.arrivals(found, asked, write)],
        "weekday": lambda: [pictures.week(found, write)],
    }
    return page(
        "by.html",
        unit,
        asked,
        dimension=wanted,
        title=breakdown.TITLES[wanted],
        tables=breakdown.tables(found, asked, wanted, write),
        pictures=drawn.get(wanted, list)(),
    )
