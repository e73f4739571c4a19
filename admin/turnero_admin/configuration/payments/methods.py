"""Ways to pay and their order, who makes them, cash in coins that exist, and how long they wait."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, render_template, request, url_for

from turnero_admin import amounts
from turnero_admin.configuration import saving
from turnero_admin.configuration.blueprint import CITY, blueprint, looking
from turnero_admin.configuration.fields import Field, Group, Plain
from turnero_admin.configuration.payments import shape
from turnero_admin.configuration.payments.names import METHODS, PROVIDERS, ROUNDINGS
from turnero_admin.configuration.readers import number
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Tree
from turnero_queue.payments.starting import EXPIRY

ENTRY = Entry(("municipality", "payments"), ("methods", "provider", "cash", "expires_minutes"))
USUAL = {"methods": list(METHODS), "cash.round": "nearest"}
STEPS = (1, 5, 10, 20, 25, 50, 100, 500, 1_000, 5_000, 10_000)
STEP = "cash.round_to_minor"
OFFERED = Field(
    "methods",
    N_("How people can pay, in the order in which they see it"),
    "methods",
    options=tuple(METHODS.items()),
)
PROVIDER = Field(
    "provider",
    N_("Who takes payments by QR and by card"),
    "choice",
    blank=N_("The first one that is set up"),
)
COIN = Field(
    STEP,
    N_("Smallest coin that cashiers have"),
    "choice",
    hint=N_("What is paid in cash is rounded to it; other payments never are."),
    blank=N_("Do not round"),
)
ROUND = Field(
    "cash.round",
    N_("How amounts are rounded"),
    "choice",
    hint=N_("Only cash, and only where a smallest coin is chosen."),
    options=ROUNDINGS,
)
EXPIRE = tuple(
    Field(f"expires_minutes.{key}", label, "number", low=1) for key, label in METHODS.items()
)
FIELDS = (OFFERED, PROVIDER, COIN, ROUND, *EXPIRE)


@blueprint.get("/payments/methods", endpoint="methods")
@access(CITY)
def show() -> str:
    return _page(OPENED)


@blueprint.post("/payments/methods", endpoint="save_methods")
@access(CITY)
def save() -> Response:
    (typed, usual), opened = _typed(), request.form.get("opened", "")

    def edit(tree: Tree) -> None:
        stored = ENTRY.of(tree)
        editing.check_opened(stored, opened)
        ENTRY.put(tree, shape.kept(typed, usual, stored))

    return saving.answer(edit, ENTRY.path, page=_page, then=url_for("configuration.payments"))


@looking
def _typed(unit: Unit) -> tuple[Plain, Plain]:
    """What is filled in, and what is as usual."""
    asked = shape.fields_of(_groups(unit, {}))
    return shape.nested(asked, _read(asked)), shape.nested(asked, USUAL)


def _read(asked: tuple[Field, ...]) -> Plain:
    typed = shape.read(request.form, asked, ())
    if STEP in typed:
        typed[STEP] = number(typed[STEP])
    return typed


@looking
def _page(unit: Unit, state: State) -> str:
    payments = editing.present(unit.session)["municipality"]["payments"]
    stored = {key: payments[key] for key in ENTRY.keys if key in payments}
    groups = _groups(unit, payments)
    typed = _read(shape.fields_of(groups)) if request.form else None
    return render_template(
        "admin/configuration/payments/form.html",
        heading=gettext(N_("Ways to pay")),
        back=url_for("configuration.payments"),
        back_to=gettext(N_("Payments")),
        without_provider=not payments["providers"],
        usual={f"expires_minutes.{key}": _minutes(key) for key in METHODS},
        **shape.context(unit, state, groups, typed, stored, USUAL),
    )


def _minutes(method: str) -> str:
    return str(int(EXPIRY[method].total_seconds() // 60))


def _groups(unit: Unit, payments: Mapping[str, Any]) -> tuple[Group, ...]:
    return shape.spoken(_every_group(unit, payments))


def _every_group(unit: Unit, payments: Mapping[str, Any]) -> Iterator[Group]:
    set_up = tuple((code, PROVIDERS[code]) for code in payments.get("providers", ()))
    yield Group("", (OFFERED, replace(PROVIDER, options=set_up)))
    write, chosen = amounts.writer(unit), payments.get("cash", {}).get("round_to_minor", 1)
    steps = tuple((str(step), write(step)) for step in sorted({*STEPS, chosen} - {1}))
    yield Group(N_("Cash"), (replace(COIN, options=steps), ROUND), short=True)
    yield Group(N_("After how many minutes a payment that nobody makes ends"), EXPIRE, short=True)
