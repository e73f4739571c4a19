"""Certificates at the touchscreen: asked for, checked live, paid for where they cost, printed."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask import Response as FlaskResponse
from sqlalchemy import select
from werkzeug.wrappers import Response

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, current_language, gettext
from turnero_core.ids import new_id
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url, runtime
from turnero_kiosk import machine, pages, papers, qr, scanning, visit
from turnero_kiosk.paying import basket as baskets
from turnero_kiosk.paying import debts, refusing, till
from turnero_kiosk.paying.basket import Basket
from turnero_queue import certificates, connectors, verification_codes
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.certificates import Check, Kind, kinds
from turnero_queue.certificates import printing as paper
from turnero_queue.connectors import DocumentOrAccount
from turnero_queue.models import Certificate, Payment
from turnero_queue.payments import states
from turnero_queue.receipts.printing import job_of

CERTIFIED = "certified"

blueprint = Blueprint("kiosk_certificate", __name__, template_folder="../templates")
pages.prepare(blueprint)
refusing.install(blueprint)


@blueprint.get("/kiosk/<office>/certificate/<kind>")
@access(PUBLIC)
@reads
def ask(unit: Unit, office: str, kind: str) -> str:
    """Whom it is about."""
    visit.keep("asking", request.path)
    return _form(unit, office, kind)


@blueprint.post("/kiosk/<office>/certificate/<kind>")
@access(PUBLIC)
def check(office: str, kind: str) -> Response | tuple[str, int]:
    """Look it up now; then issue it, or show what is left to pay, or ask for its fee."""
    wanted: Kind = _kind(kind)
    try:
        query = connectors.asked(wanted.asks_for, request.form.get("number", ""))
    except Invalid as problem:
        page: tuple[str, int] = _again(office, kind, problem)
        return page
    debts.count_question()
    checked = _look(wanted, query)
    step: Response = _go_on(office, wanted, checked)
    return step


@blueprint.post("/kiosk/<office>/paying/<nonce>/certificate")
@access(PUBLIC)
def paid(office: str, nonce: str) -> Response:
    """The certificate whose fee has just been paid."""
    wanted = baskets.current()
    if baskets.followed(nonce) is None or wanted.kind != baskets.CERTIFICATE:
        return redirect(url_for("kiosk.start", office=office))
    kind: Kind = _kind(wanted.certificate)
    step: Response = _go_on(office, kind, _look(kind, wanted.query))
    return step


@blueprint.get("/kiosk/<office>/certified/<nonce>")
@access(PUBLIC)
@reads
def show(unit: Unit, office: str, nonce: str) -> Response | str:
    """The certificate, to whoever asked for it and nobody after them."""
    found = machine.office(unit.catalogue, office)
    row = _shown(unit, nonce)
    if row is None:
        return redirect(url_for("kiosk.start", office=office))
    job = job_of(unit.session, row.id, paper.KIND)
    return pages.render(
        "paying/certificate",
        unit.catalogue,
        found,
        nonce=nonce,
        certificate=row,
        title=certificates.document_of(row)["title"],
        code=verification_codes.spoken(row.code),
        paper=papers.state_of(job, unit.now),
    )


@blueprint.get("/kiosk/<office>/certified/<nonce>/now")
@access(PUBLIC)
@reads
def now(unit: Unit, office: str, nonce: str) -> Response | str:
    """Whether it has printed."""
    machine.office(unit.catalogue, office)
    row = _shown(unit, nonce)
    if row is None:
        return redirect(url_for("kiosk.start", office=office))
    job = job_of(unit.session, row.id, paper.KIND)
    found = machine.office(unit.catalogue, office)
    state = papers.state_of(job, unit.now)
    return pages.render("paying/_paper", unit.catalogue, found, paper=state)


@blueprint.get("/kiosk/<office>/certified/<nonce>/qr.svg")
@access(PUBLIC)
@reads
def code(unit: Unit, office: str, nonce: str) -> FlaskResponse:
    """As on the paper: the page that checks it, and what was signed for those without network."""
    machine.office(unit.catalogue, office)
    row = _shown(unit, nonce)
    if row is None:
        raise NotFound(N_("There is no such certificate."))
    address = base_url() + url_for("check.show", code=row.code)
    picture = qr.svg(f"{address}#{row.token}")
    headers = {"Cache-Control": "no-store"}
    return FlaskResponse(picture, mimetype="image/svg+xml", headers=headers)


def _look(kind: Kind, query: DocumentOrAccount) -> Check:
    return certificates.check(kind, query, debts.connector(kind.connector), clock.now())


@changes
def _go_on(unit: Unit, office: str, kind: Kind, checked: Check) -> Response:
    """What follows from what the system has just answered."""
    place = machine.office(unit.catalogue, office)
    left = connectors.outstanding(unit.session, kind.connector, checked.debts, unit.now)
    query = checked.query
    if left:
        baskets.put(
            Basket(baskets.DEBT, connector=kind.connector, asked_by=query.kind, value=query.value)
        )
        return redirect(url_for("kiosk_debts.owed", office=office, why="certificate"), 303)
    payment = _fee_of(unit, kind, query) if kind.fee_minor else None
    if kind.fee_minor and (payment is None or payment.state != "approved"):
        return _to_pay(unit, office, kind, query, payment)
    row = certificates.issue(
        unit.session,
        kind,
        checked,
        place,
        runtime().settings.instance,
        language=current_language(),
        actor="citizen",
        now=unit.now,
        payment=payment,
    )
    printer = till.printer(unit, place)
    if printer is not None:
        certificates.print_certificate(unit.session, row, printer, unit.now)
    nonce = new_id()
    visit.keep(CERTIFIED, {"nonce": nonce, "id": row.id})
    return redirect(url_for("kiosk_certificate.show", office=office, nonce=nonce), 303)


def _to_pay(
    unit: Unit, office: str, kind: Kind, query: DocumentOrAccount, begun: Payment | None
) -> Response:
    """Its fee first: the payment that was begun for it goes on, so that nobody pays twice."""
    if begun is not None:
        if not refusing.is_ours(unit, begun):
            raise Conflict(slug="payment-open", extra={"payment": begun.id})
        nonce = baskets.follow(begun.id)
        return redirect(url_for("kiosk_payment.follow", office=office, nonce=nonce), 303)
    wanted = Basket(
        baskets.CERTIFICATE,
        connector=kind.connector,
        asked_by=query.kind,
        value=query.value,
        certificate=kind.code,
        errand=certificates.new_errand(kind, query).id,
    )
    baskets.put(wanted)
    return redirect(url_for("kiosk_payment.how", office=office), 303)


def _fee_of(unit: Unit, kind: Kind, query: DocumentOrAccount) -> Payment | None:
    """A payment for this person's certificate that has none yet: paid, or still under way."""
    about = certificates.new_errand(kind, query).id.rsplit(":", 1)[0]
    used = select(Certificate.payment_id).where(Certificate.payment_id.is_not(None))
    found = unit.session.scalars(
        select(Payment)
        .where(
            Payment.errand_kind == "certificate",
            Payment.errand_id.startswith(f"{about}:", autoescape=True),
            Payment.state.in_({"approved", *states.OPEN}),
            Payment.id.not_in(used),
        )
        .order_by(Payment.approved_at.is_(None), Payment.created_at)
        .limit(1)
    ).first()
    return found if found and kinds.is_for(found.errand_id, kind.code, query) else None


@reads
def _kind(unit: Unit, code: str) -> Kind:
    return certificates.kind(unit.session, code)


@reads
def _again(unit: Unit, office: str, kind: str, problem: Invalid) -> tuple[str, int]:
    texts = [text for each in problem.extra.get("errors", {}).values() for text in each]
    said = " ".join(gettext(text) for text in texts)
    typed = request.form.get("number", "")[:40]
    return _form(unit, office, kind, error=said, typed=typed), 422


def _form(unit: Unit, office: str, code: str, **context: Any) -> str:
    found = machine.office(unit.catalogue, office)
    person = scanning.person()
    told = {"error": None, "typed": person.number if person else "", **context}
    kind = certificates.kind(unit.session, code)
    return pages.render("paying/ask_certificate", unit.catalogue, found, kind=kind, **told)


def _shown(unit: Unit, nonce: str) -> Certificate | None:
    known = visit.kept(CERTIFIED)
    if not known or known["nonce"] != nonce:
        return None
    return unit.session.get(Certificate, known["id"])
