"""One payment: its life, its papers, and money given back of it."""

from collections.abc import Callable

from flask import Response, flash, make_response, request, url_for
from sqlalchemy import select

from turnero_admin import amounts
from turnero_admin.money import words
from turnero_admin.money.blueprint import REFUND, VIEW, blueprint, may, page, payment_of
from turnero_admin.once import Errors, submit
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_queue import audit, receipts
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.models import CashMovement, Payment, PaymentEvent, Receipt
from turnero_queue.payments import moves, refunds, starting
from turnero_queue.payments.money import plain
from turnero_queue.permissions import Permission
from turnero_queue.receipts.printing import paper_logo

ONE = "/payments/<payment_id>"


@blueprint.get(ONE)
@access(VIEW)
@reads
def payment(unit: Unit, payment_id: str) -> str:
    return _page(unit, payment_id)


@blueprint.post(f"{ONE}/refund")
@access(REFUND)
def refund(payment_id: str) -> Response:
    """A part or all of it goes back; cash is then given at the cash desk."""

    def ask(unit: Unit) -> str:
        payment_of(unit, payment_id, Permission.PAYMENTS_REFUND)
        held = moves.hold(unit.session, payment_id)
        amount = amounts.typed(request.form.get("amount", ""), held.currency, "amount")
        reason, key = request.form.get("reason", ""), f"panel:{request.form['key']}"
        refunds.ask(unit.session, held, amount, reason, unit.actor, key, unit.now)
        said = N_("The money is on its way back.")
        if held.provider is None:
            said = N_("The refund is noted. Its money is given at the cash desk.")
        flash(gettext(said), "ok")
        return url_for("money.payment", payment_id=payment_id)

    return submit(ask, _again(payment_id), url_for("money.payment", payment_id=payment_id))


@blueprint.post(f"{ONE}/papers/<receipt_id>/print")
@access(VIEW)
def reprint(payment_id: str, receipt_id: str) -> Response:
    """The paper once more, marked as a copy, for a reason."""

    def again(unit: Unit) -> str:
        paper = _paper(unit, payment_id, receipt_id)
        reason = request.form.get("reason", "")
        receipts.reprint(unit.session, paper, None, unit.actor, unit.now, reason=reason)
        flash(gettext(N_("It is in line to be printed, marked as a copy.")), "ok")
        return url_for("money.payment", payment_id=payment_id)

    def refused(errors: Errors) -> str:
        return str(_again(payment_id)({"reprint": next(iter(errors.values()))}))

    return submit(again, refused, url_for("money.payment", payment_id=payment_id))


@blueprint.get(f"{ONE}/papers/<receipt_id>.pdf")
@access(VIEW)
@changes
def paper_pdf(unit: Unit, payment_id: str, receipt_id: str) -> Response:
    """The paper as PDF, marked as a copy; that it was taken is in the audit log."""
    paper = _paper(unit, payment_id, receipt_id)
    number = receipts.number_of(paper)
    audit.record(
        unit.session,
        actor=unit.actor,
        action="receipt.pdf",
        subject=f"receipt:{number}",
        office_id=paper.office_id,
        now=unit.now,
    )
    pdf = receipts.receipt_pdf(paper, base_url(), paper_logo(unit.session), copy=True)
    answer = make_response(pdf)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return answer


def _again(payment_id: str) -> Callable[[Errors], str]:
    @reads
    def again(unit: Unit, errors: Errors) -> str:
        return _page(unit, payment_id, errors)

    return again


def _page(unit: Unit, payment_id: str, errors: Errors | None = None) -> str:
    found = payment_of(unit, payment_id, Permission.PAYMENTS_VIEW)
    left = refunds.left(found)
    movements = select(CashMovement).where(CashMovement.payment_id == found.id)
    events = select(PaymentEvent).where(PaymentEvent.payment_id == found.id)
    return page(
        "payment.html",
        unit,
        payment=found,
        office=unit.catalogue.offices_by_id[found.office_id],
        items=[(pick(item.names), item) for item in starting.items_of(unit.session, found.id)],
        events=list(unit.session.scalars(events.order_by(PaymentEvent.seq))),
        refunds=refunds.of_payment(unit.session, found.id),
        papers=_papers(unit, found),
        by_card=any(one.kind == "card" for one in unit.session.scalars(movements)),
        left=left,
        left_plain=plain(left, found.currency),
        may_refund=may(unit, Permission.PAYMENTS_REFUND, found.office_id) and left > 0,
        number_of=receipts.number_of,
        errors=errors or {},
        values=request.form,
        words=words,
        switcher=None,
    )


def _papers(unit: Unit, payment: Payment) -> list[Receipt]:
    query = select(Receipt).where(Receipt.payment_id == payment.id)
    return list(unit.session.scalars(query.order_by(Receipt.issued_at, Receipt.kind.desc())))


def _paper(unit: Unit, payment_id: str, receipt_id: str) -> Receipt:
    payment_of(unit, payment_id, Permission.PAYMENTS_VIEW)
    paper = unit.session.get(Receipt, receipt_id)
    if paper is None or paper.payment_id != payment_id:
        raise NotFound(N_("There is no such receipt."))
    return paper
