"""The monthly report: choosing one, and the paper."""

from flask import Response, request

from turnero_admin.statistics import asked as asking
from turnero_admin.statistics import periods
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.blueprint import VIEW, blueprint, page
from turnero_admin.statistics.downloads import record
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.periods import Period
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads

MONTHS = 13


@blueprint.get("/reports")
@access(VIEW)
@reads
def reports(unit: Unit) -> str:
    asked, write = asking.read(unit), Writer(unit.catalogue.locale)
    month, months = asked.today.replace(day=1), []
    for _ in range(MONTHS):
        months.append((f"{month:%Y-%m}", write.month(month)))
        month, _last = periods.whole_month(periods.yesterday(month))
    return page("reports.html", unit, asked, months=months, usual=months[1][0])


@blueprint.get("/report.pdf")
@access(VIEW)
@reads
def report_pdf(unit: Unit) -> Response:
    """A month of one office, or of all of one's own, on paper."""
    # Drawing PDF takes long to load, and most of what runs never draws one.
    from turnero_admin.statistics.report_paper import draw

    asked = asked_month(unit)
    paper = draw(unit, asked)
    record(unit, asked, "report.pdf")
    name = f"report-{asked.period.first:%Y-%m}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(paper, mimetype="application/pdf", headers=headers)


def asked_month(unit: Unit) -> Asked:
    """The month of the address, else the last that is over; Invalid for what is none."""
    text = request.args.get("month", "")
    month = periods.month(text) if text else None
    if text and month is None:
        said = gettext(N_("Write the month as 2026-02."))
        raise Invalid(errors={"month": [said]})
    today = asking.read(unit).today
    within = month or periods.yesterday(today.replace(day=1))
    return asking.read(unit, Period(*periods.whole_month(within), periods.CUSTOM))
