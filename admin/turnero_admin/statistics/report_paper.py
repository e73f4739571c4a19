"""What stands in the monthly report, page by page."""

from collections.abc import Sequence

from turnero_admin import show
from turnero_admin.statistics import breakdown, overview, periods, pictures, scorecard, unusual
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.charts import Plot
from turnero_admin.statistics.heat import Heat
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.paper import Paper
from turnero_admin.statistics.pictures import Picture
from turnero_admin.statistics.scorecard import Group, Meaning
from turnero_core import colour
from turnero_core.i18n import N_, current_language, gettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.receipts.printing import paper_logo
from turnero_queue.statistics import Report, report

# The tables of the report: dimension, and which of its groups.
TABLES = (
    ("office", "people"),
    ("service", "people"),
    ("service", "times"),
    ("desk", "times"),
    ("desk", "work"),
    ("staff", "times"),
    ("staff", "work"),
    ("priority", "people"),
    ("priority", "times"),
    ("origin", "people"),
)
# What the whole does not say anything about: whoever chose one office has no use for its row.
_SEVERAL = 2


def draw(unit: Unit, asked: Asked) -> bytes:
    """The report of a month as PDF."""
    write = Writer(unit.catalogue.locale)
    found = report(unit.session, asked.query)
    before = report(unit.session, asked.of(periods.before(asked.period)))
    month = write.month(asked.period.first)
    where = ", ".join(pick(office.name) for office in asked.offices)
    title = gettext(N_("Monthly report, %(month)s"), month=month)
    brand = unit.catalogue.colour or colour.DEFAULT_BRAND
    foot = f"{unit.catalogue.name} · {title}"
    paper = Paper(title, foot, current_language(), unit.now, brand)
    paper.letterhead(unit.catalogue.name, where, paper_logo(unit.session))
    paper.say(title, size=20, bold=True)
    paper.ln(2)
    families = scorecard.families(found, before, write)
    gist = overview.gist(found.totals, write)
    paper.say(gist or gettext(N_("Nobody came in this period, so there is nothing to show.")))
    if gist:
        _key_figures(paper, families)
        _pictures(paper, found, asked, write)
        _tables(paper, found, asked, write)
    _meanings(paper, families)
    _made(paper, unit, asked, write)
    return paper.bytes()


def _key_figures(paper: Paper, families: Sequence[Group]) -> None:
    for family in families:
        paper.heading(family.name, room=36)
        paper.cards([(card.value, card.meaning.name, card.change) for card in family.cards])


def _pictures(paper: Paper, found: Report, asked: Asked, write: Writer) -> None:
    path = pictures.path(found, write)
    paper.heading(path.title, room=80)
    paper.note(path.says)
    paper.funnel(path.steps, path.lost, write)
    for picture in (
        pictures.arrivals(found, asked, write),
        pictures.week(found, write),
        pictures.waits(found, write),
    ):
        _picture(paper, picture)


def _picture(paper: Paper, picture: Picture) -> None:
    paper.heading(picture.title, room=95)
    paper.note(picture.says)
    if isinstance(picture.chart, Heat):
        paper.heat(picture.chart)
    elif isinstance(picture.chart, Plot):
        paper.plot(picture.chart)


def _tables(paper: Paper, found: Report, asked: Asked, write: Writer) -> None:
    for dimension, group in TABLES:
        if dimension == "office" and len(asked.offices) < _SEVERAL:
            continue
        table = breakdown.table(found, asked, breakdown.dimension_of(dimension), group, write)
        paper.heading(f"{gettext(breakdown.TITLES[dimension])}: {table.title}", room=50)
        paper.tabulate(table, write)
    calls = unusual.out_of_order(found, unusual.SHOWN, several=len(asked.offices) > 1)
    if calls.rows:
        paper.heading(calls.title)
        paper.tabulate(calls, write)


def _meanings(paper: Paper, families: Sequence[Group]) -> None:
    paper.heading(gettext(N_("What the figures mean")))
    for family in families:
        for card in family.cards:
            paper.room(18)
            _meaning(paper, card.meaning)
            paper.ln(1.5)


def _meaning(paper: Paper, says: Meaning) -> None:
    formula, owner = gettext(N_("Formula")), gettext(N_("Responsible"))
    paper.say(f"{says.code} {says.name} ({says.unit})", size=9, bold=True)
    paper.say(f"{says.definition} {formula}: {says.formula}.", size=8.5)
    paper.say(f"{owner}: {says.owner}", size=8, grey=True)


def _made(paper: Paper, unit: Unit, asked: Asked, write: Writer) -> None:
    paper.heading(gettext(N_("How it was computed")))
    paper.say(
        gettext(
            N_(
                "Every figure is counted from the events of each turn (taken, called, attended, "
                "finished and so on), which are never changed afterwards. A turn belongs to the "
                "day and hour at which it was taken, in the office's local time. Waits and "
                "attentions are counted in whole minutes; the median is what half of them did "
                "not exceed."
            )
        ),
        size=9,
    )
    paper.ln(1)
    paper.say(
        gettext(
            N_("Made on %(when)s for the days %(days)s."),
            when=show.moment(unit.now, unit.catalogue.timezone),
            days=write.days(asked.period.first, asked.period.last),
        ),
        size=9,
        grey=True,
    )
