"""Debts at the touchscreen: what for, whose, which of them."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import Invalid
from turnero_core.i18n import gettext
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import choices, machine, pages, scanning, visit
from turnero_kiosk.paying import basket as baskets
from turnero_kiosk.paying import debts, refusing
from turnero_kiosk.paying.basket import Basket
from turnero_queue import certificates, connectors
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.connectors import Connector, Debt, DocumentOrAccount
from turnero_queue.connectors.debt import Kind

PER_SCREEN = 6

blueprint = Blueprint("kiosk_debts", __name__, template_folder="../templates")
pages.prepare(blueprint)
refusing.install(blueprint)


@blueprint.get("/kiosk/<office>/pay")
@access(PUBLIC)
@reads
def choose(unit: Unit, office: str) -> str:
    """What can be paid here, and what can be certified."""
    found = machine.office(unit.catalogue, office)
    wanted: list[tuple[str, Any]] = [("debts", c) for c in connectors.configured(unit.session)]
    wanted += [("certificate", kind) for kind in certificates.configured(unit.session)]
    page = choices.page_of(wanted, request.args.get("page", 1, type=int))
    return pages.render("paying/choose", unit.catalogue, found, page=page)


@blueprint.get("/kiosk/<office>/pay/debts/<connector>")
@access(PUBLIC)
@reads
def ask(unit: Unit, office: str, connector: str) -> str:
    """Whose debts: typed, or read from a document that its owner lets us use."""
    found = machine.office(unit.catalogue, office)
    system = connectors.named(connectors.configured(unit.session), connector)
    visit.keep("asking", request.path)
    return pages.render("paying/ask", unit.catalogue, found, **_form(system))


@blueprint.post("/kiosk/<office>/pay/debts/<connector>")
@access(PUBLIC)
def look_up(office: str, connector: str) -> Response | tuple[str, int]:
    """Ask the city's system; the answer is shown under an address that tells nothing."""
    try:
        system, query = _asked(office, connector)
    except Invalid as problem:
        page: tuple[str, int] = _ask_again(office, connector, problem)
        return page
    wanted = Basket(baskets.DEBT, connector=system.code, asked_by=query.kind, value=query.value)
    debts.count_question()
    debts.ask(wanted)
    baskets.put(wanted)
    return redirect(url_for("kiosk_debts.owed", office=office), 303)


@blueprint.get("/kiosk/<office>/pay/owed")
@access(PUBLIC)
def owed(office: str) -> str:
    """What is owed, six to a screen."""
    wanted = baskets.of_debts()
    page: str = _owed(office, wanted, debts.ask(wanted))
    return page


@blueprint.post("/kiosk/<office>/pay/owed")
@access(PUBLIC)
def change(office: str) -> Response:
    """Which of the debts of this screen are to be paid, and what to do then."""
    wanted = baskets.of_debts()
    shown, on = set(request.form.getlist("shown")), set(request.form.getlist("debt"))
    off = (set(wanted.off) - shown) | (shown - on)
    choice = Basket(**{**vars(wanted), "off": tuple(sorted(off))})
    baskets.put(choice)
    go = request.form.get("go", "")
    if go == "pay":
        return redirect(url_for("kiosk_payment.how", office=office), 303)
    number = int(go) if go.isdecimal() and len(go) < 4 else 1
    return redirect(url_for("kiosk_debts.owed", office=office, page=number), 303)


@reads
def _owed(unit: Unit, office: str, wanted: Basket, found: list[Debt]) -> str:
    place = machine.office(unit.catalogue, office)
    lines = debts.due_first(debts.compare(unit, wanted, found))
    last = max(1, -(-len(lines) // PER_SCREEN))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    mine = [
        each.payment
        for each in lines
        if each.state in (debts.UNDER_WAY, debts.UNSURE)
        and each.payment is not None
        and refusing.is_ours(unit, each.payment)
    ]
    return pages.render(
        "paying/owed",
        unit.catalogue,
        place,
        lines=lines[(number - 1) * PER_SCREEN : number * PER_SCREEN],
        number=number,
        last=last,
        count=sum(each.chosen for each in lines),
        total=debts.total(lines),
        due=any(each.state == debts.DUE for each in lines),
        open_payment=mine[0] if mine else None,
        unsure=any(each.state == debts.UNSURE for each in lines),
        why=request.args.get("why", ""),
        certificates=certifiable(unit, wanted),
        basket=wanted,
    )


def certifiable(unit: Unit, wanted: Basket) -> list[certificates.Kind]:
    """The certificates that the same question is asked for."""
    return [
        kind
        for kind in certificates.configured(unit.session)
        if (kind.connector, kind.asks_for) == (wanted.connector, wanted.asked_by)
    ]


@reads
def _asked(unit: Unit, office: str, code: str) -> tuple[Connector, DocumentOrAccount]:
    machine.office(unit.catalogue, office)
    system = connectors.named(connectors.configured(unit.session), code)
    wanted = request.form.get("kind", "")
    kind: Kind = next((one for one in system.asks_for if one == wanted), system.asks_for[0])
    return system, connectors.asked(kind, request.form.get("number", ""))


@reads
def _ask_again(unit: Unit, office: str, code: str, problem: Invalid) -> tuple[str, int]:
    found: Office = machine.office(unit.catalogue, office)
    system = connectors.named(connectors.configured(unit.session), code)
    texts = [text for each in problem.extra.get("errors", {}).values() for text in each]
    form = {**_form(system), "typed": request.form.get("number", "")[:40]}
    error = " ".join(gettext(text) for text in texts)
    return pages.render("paying/ask", unit.catalogue, found, error=error, **form), 422


def _form(system: Connector) -> dict[str, Any]:
    person = scanning.person()
    chosen = request.form.get("kind") or request.args.get("kind") or system.asks_for[0]
    return {
        "system": system,
        "kind": chosen if chosen in system.asks_for else system.asks_for[0],
        "typed": person.number if person else "",
    }
