"""A payment that begins at the cash desk."""

from collections.abc import Sequence

from flask import request

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext, language_of
from turnero_queue import connectors
from turnero_queue.api.edge import Unit
from turnero_queue.models import CashSession, Payment
from turnero_queue.payments import settings, starting
from turnero_queue.payments.starting import Errand, Item, Payer, Where

LONGEST_NAME = 120


def start(
    unit: Unit, row: CashSession, lines: Sequence[Item], errand: Errand, who: Payer
) -> Payment:
    """A payment in cash, once for the form's key; Conflict when one for the same is under way."""
    where = Where(
        row.office_id,
        unit.catalogue.currency,
        origin="staff",
        point_of_sale=row.point_of_sale,
        language=language_of(unit.catalogue.locale),
    )
    how = settings.current(unit.session).how("cash")
    key = f"desk:{request.form['key']}"
    return starting.start(
        unit.session, lines, how, errand, where, key, unit.now, actor=unit.actor, payer=who
    )


def payer() -> Payer:
    """Who pays, as far as the form says."""
    name = " ".join(request.form.get("name", "").split())
    number = request.form.get("document", "").strip()
    if len(name) > LONGEST_NAME:
        raise Invalid(errors={"name": [gettext(N_("This is too long."))]})
    try:
        document = connectors.asked("document", number).value if number else None
    except Invalid as problem:
        texts = [gettext(text) for text in problem.extra["errors"]["document"]]
        raise Invalid(errors={"document": texts}) from problem
    return Payer(name or None, document)
