"""The municipality itself: its name, languages, time zone and currency."""

from flask import Response, render_template, request, url_for

from turnero_admin.configuration import fields, saving
from turnero_admin.configuration.blueprint import CITY, blueprint, looking
from turnero_admin.configuration.fields import Field, Plain
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.i18n import LANGUAGES, N_
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing, known
from turnero_queue.configuration.editing import Entry

FIELDS = (
    Field("name", N_("Name on screens and slips"), required=True, longest=200),
    Field("languages", N_("Languages offered to citizens"), "several"),
    Field(
        "locale",
        N_("Main language and country"),
        "listed",
        required=True,
        hint=N_("Such as es_PE: how dates and amounts are written, too."),
        longest=8,
    ),
    Field("timezone", N_("Time zone"), "listed", required=True, longest=64),
    Field(
        "currency",
        N_("Currency"),
        "listed",
        required=True,
        hint=N_("Its three letters. Fees that are set already keep their figures."),
        longest=3,
    ),
)
ENTRY = Entry(("municipality",), tuple(field.name for field in FIELDS))


@blueprint.get("/municipality", endpoint="municipality")
@access(CITY)
def show() -> str:
    return _page(OPENED)


@blueprint.post("/municipality", endpoint="save_municipality")
@access(CITY)
def save() -> Response:
    return saving.answer(
        editing.saving(ENTRY, _typed(), request.form.get("opened", "")),
        ENTRY.path,
        page=_page,
        then=url_for("configuration.index"),
    )


def _typed() -> Plain:
    return fields.read(request.form, FIELDS, ())


@looking
def _page(unit: Unit, state: State) -> str:
    stored = ENTRY.of(editing.present(unit.session))
    value = _typed() if request.form else stored
    chosen = value.get("languages", [])
    return render_template(
        "admin/configuration/municipality.html",
        fields={field.name: field for field in FIELDS},
        tongues=[*chosen, *(code for code in LANGUAGES if code not in chosen)],
        zones=sorted(known.timezones()),
        currencies=sorted(known.currencies()),
        **form_context(unit, state, value, stored, FIELDS),
    )
