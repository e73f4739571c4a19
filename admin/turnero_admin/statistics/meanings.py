"""What every figure means: definition, formula, unit, and who answers for it."""

from turnero_admin.statistics import asked as asking
from turnero_admin.statistics import scorecard
from turnero_admin.statistics.blueprint import VIEW, blueprint, page
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads


@blueprint.get("/indicators")
@access(VIEW)
@reads
def indicators(unit: Unit) -> str:
    return page("indicators.html", unit, asking.read(unit), families=scorecard.meanings())
