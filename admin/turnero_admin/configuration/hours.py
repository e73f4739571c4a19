"""An office's week, its closures and the public holidays that it keeps."""

import re
from datetime import date
from typing import Any

from babel import Locale
from flask import Response, render_template, request, url_for

from turnero_admin.configuration import closures, fields, saving
from turnero_admin.configuration.blueprint import OFFICE, blueprint, looking
from turnero_admin.configuration.fields import Field, Form
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.saving import OPENED, State
from turnero_core import clock
from turnero_core.i18n import current_language
from turnero_core.web.access import access
from turnero_queue import opening
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office
from turnero_queue.configuration import editing, known
from turnero_queue.configuration.editing import Entry
from turnero_queue.opening import WEEKDAY_NAMES, WEEKDAYS

MIDNIGHT, END = "00:00", "24:00"
Week = dict[str, list[str]]
HOURS_FIELDS = tuple(Field(day, name) for day, name in zip(WEEKDAYS, WEEKDAY_NAMES, strict=True))


@blueprint.get("/offices/<office>/hours")
@access(OFFICE)
def hours(office: str) -> str:
    return _hours_page(office, OPENED)


@blueprint.post("/offices/<office>/hours")
@access(OFFICE)
def save_hours(office: str) -> Response:
    entry = Entry(("offices", office, "hours"))
    return saving.answer(
        editing.saving(entry, typed_week(request.form), request.form.get("opened", "")),
        entry.path,
        page=lambda state: _hours_page(office, state),
        then=url_for("configuration.office", office=office),
    )


@blueprint.get("/offices/<office>/closures", endpoint="closures")
@access(OFFICE)
def closed_days(office: str) -> str:
    return _closures_page(office, OPENED)


@blueprint.post("/offices/<office>/closures")
@access(OFFICE)
def save_closures(office: str) -> Response:
    entry = closures.entry(office)
    return saving.answer(
        editing.saving(entry, closures.typed(request.form), request.form.get("opened", "")),
        entry.path,
        page=lambda state: _closures_page(office, state),
        then=url_for("configuration.closures", office=office),
    )


def typed_week(form: Form) -> Week:
    """The spans of each day, as the file writes them; midnight at the end of one is 24:00."""
    week: Week = {}
    for day in WEEKDAYS:
        starts, ends = form.getlist(f"{day}.from"), form.getlist(f"{day}.to")
        pairs = [(_time(start), _time(end)) for start, end in zip(starts, ends, strict=False)]
        spans = [
            f"{start}-{END if end == MIDNIGHT else end}" for start, end in pairs if start or end
        ]
        if spans:
            week[day] = spans
    return week


def _time(text: str) -> str:
    """“8”, “8:30” and “8.30” are meant as 08:00 and 08:30; anything else stays as it was typed."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d{2}))?", text.strip(), re.ASCII)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text.strip()


def stored_week(office: Office) -> Week:
    return {
        day: [opening.written(span) for span in office.hours[day]]
        for day in WEEKDAYS
        if office.hours.get(day)
    }


def _pairs(week: Week) -> dict[str, list[tuple[str, str]]]:
    """Each day's openings for two time fields, an empty one where there is none."""
    found = {}
    for day in WEEKDAYS:
        spans = [span.partition("-") for span in week.get(day, [])]
        found[day] = [(start, end) for start, _, end in spans] or [("", "")]
    return found


@looking
def _hours_page(unit: Unit, office: str, state: State) -> str:
    place = unit.office(office)
    stored = editing.present(unit.session)
    present = stored_week(place)
    week = typed_week(request.form) if request.form else present
    context = form_context(
        unit, state, dict(week), Entry(("offices", office, "hours")).of(stored), ()
    )
    if state.overtaken:
        context["differences"] = [
            line for line in _week_lines(present, week) if line.before != line.after
        ]
    return render_template(
        "admin/configuration/hours.html",
        office=place,
        days=list(zip(WEEKDAYS, WEEKDAY_NAMES, strict=True)),
        pairs=_pairs(week),
        **context,
    )


def _week_lines(before: Week, after: Week) -> list[Any]:
    return fields.compare(HOURS_FIELDS, before, after)


@looking
def _closures_page(unit: Unit, office: str, state: State) -> str:
    place = unit.office(office)
    stored = closures.entry(office).of(editing.present(unit.session))
    value = closures.typed(request.form) if request.form else stored
    this_year = clock.local_date(unit.now, place.zone).year
    country = value.get("holidays", "")
    return render_template(
        "admin/configuration/closures.html",
        office=place,
        countries=_countries(),
        regions=_regions(country),
        year=this_year,
        holidays=_holidays(country, this_year),
        **form_context(unit, state, value, stored, closures.FIELDS),
    )


def _countries() -> list[tuple[str, str]]:
    names = Locale(current_language()).territories
    codes = [code for code in known.holiday_places() if "-" not in code]
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


def _regions(place: str) -> list[str]:
    """The parts of the country chosen, some of which have holidays of their own."""
    country = place.partition("-")[0]
    return sorted(code for code in known.holiday_places() if code.startswith(f"{country}-"))


def _holidays(place: str, year: int) -> list[tuple[date, str]]:
    return opening.holidays_of(place, year) if place in known.holiday_places() else []
