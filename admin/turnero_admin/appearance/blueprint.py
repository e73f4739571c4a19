"""The blueprint of `/admin/configuration/appearance`, and what its forms have in common."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from turnero_admin.panel.blueprint import prepare
from turnero_core.i18n import LANGUAGES, language_of
from turnero_queue.api.edge import Unit
from turnero_queue.api.mail_page import framing
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission

OFFICE, CITY = "can:office.configure", "everywhere:office.configure"
blueprint = prepare(Blueprint("appearance", __name__, url_prefix="/admin/configuration/appearance"))


def shown(unit: Unit, template: str, status: int = 200, **context: Any) -> Response:
    """A page with previews in frames, each in the language that the form last asked for."""
    page = render_template(
        f"admin/appearance/{template}.html",
        languages=unit.catalogue.languages,
        main=unit.catalogue.locale.partition("_")[0],
        spoken=[code for code in unit.catalogue.languages if code in LANGUAGES],
        preview_language=request.form.get("preview_language", language_of(unit.catalogue.locale)),
        **context,
    )
    return make_response(framing(page), status)


def places(unit: Unit) -> list[Office]:
    return unit.offices_with(Permission.OFFICE_CONFIGURE)
