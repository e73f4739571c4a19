"""Receipts on their way to a printer or a mailbox; a second print is a copy, with its reason."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext, pick
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_queue import audit, catalogue, logo, notices, points_of_sale, printing, surroundings
from turnero_queue.models import Device, Payment, PaymentItem, Receipt
from turnero_queue.notices import Contact, ReceiptData
from turnero_queue.receipts import slips
from turnero_queue.receipts.content import Content
from turnero_queue.receipts.issuing import number_of

KIND, VOUCHER = "receipt", "voucher"


def print_receipt(session: Session, receipt: Receipt, printer: Printer, now: datetime) -> PrintJob:
    """Queue a receipt's slip, once: the job that it has already, when it has one."""
    known = job_of(session, receipt.id)
    if known is not None:
        return known
    slip = slips.receipt_slip(receipt, surroundings.base_url(), paper_logo(session))
    return outbox.enqueue(session, printer, slip, KIND, receipt.id, now)


def print_voucher(session: Session, payment: Payment, printer: Printer, now: datetime) -> PrintJob:
    """Queue the voucher that is taken to the cash desk, once."""
    known = job_of(session, payment.id, VOUCHER)
    if known is not None:
        return known
    query = select(PaymentItem.names).where(PaymentItem.payment_id == payment.id)
    names = session.scalars(query.order_by(PaymentItem.position))
    concepts = [pick(name, payment.language) for name in names]
    slip = slips.voucher_slip(catalogue.current(session), payment, concepts, paper_logo(session))
    return outbox.enqueue(session, printer, slip, VOUCHER, payment.id, now)


def reprint(
    session: Session,
    receipt: Receipt,
    printer: Printer | None,
    actor: str,
    now: datetime,
    *,
    reason: str,
) -> PrintJob:
    """The receipt once more, marked as a copy, for a reason that the audit log keeps. On
    `printer`, or on the one of its point of sale; Conflict `no-printer` without either."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(errors={"reason": [gettext(N_("Say why it is printed again."))]})
    place = points_of_sale.settled(session, receipt.office_id, receipt.point_of_sale)
    printer = printer or points_of_sale.printer_of(session, place)
    if printer is None:
        raise Conflict(N_("There is no printer here."), slug="no-printer")
    slip = slips.receipt_slip(receipt, surroundings.base_url(), paper_logo(session))
    job = outbox.enqueue(session, printer, slip, KIND, receipt.id, now)
    job.copy = True
    audit.record(
        session,
        actor=actor,
        action="receipt.reprint",
        subject=f"receipt:{number_of(receipt)}",
        office_id=receipt.office_id,
        reason=reason,
        now=now,
    )
    return job


def at_the_kiosk(session: Session, payment: Payment, receipt: Receipt, now: datetime) -> None:
    """Print what was paid at a kiosk there, at once: its screen may have gone dark meanwhile."""
    if payment.origin != "kiosk" or payment.method == "cash":
        return
    printer = _printer_of_kiosk(session, payment)
    if printer is not None:
        print_receipt(session, receipt, printer, now)


def _printer_of_kiosk(session: Session, payment: Payment) -> Printer | None:
    """The kiosk's own printer, or else the one of the point of sale."""
    device = session.scalars(select(Device).where(Device.code == payment.device)).one_or_none()
    own = device.settings.get("printer") if device else None
    if own:
        office = catalogue.current(session).offices_by_id[payment.office_id]
        return printing.printer_for(session, office, own)
    place = points_of_sale.settled(session, payment.office_id, payment.point_of_sale)
    return points_of_sale.printer_of(session, place)


def send(session: Session, payment: Payment, receipt: Receipt, now: datetime) -> None:
    """E-mail the receipt to whoever left an address, once."""
    if payment.payer_email:
        mail(session, receipt, payment.payer_email, now, key=f"receipt:{receipt.id}")


def mail(session: Session, receipt: Receipt, email: str, now: datetime, *, key: str) -> bool:
    """Have a receipt sent to `email`; False when `key` was used before."""
    says = Content.from_plain(receipt.content)
    base = surroundings.base_url()
    data = ReceiptData(
        number=number_of(receipt),
        amount_minor=receipt.amount_minor,
        currency=receipt.currency,
        concepts=[line.text for line in says.lines],
        paid_at=clock.rfc3339(receipt.issued_at),
        zone=says.zone,
        receipt_url=f"{base}/v/{receipt.code}",
        office=says.office,
        name=receipt.payer_name or "",
    )
    to = Contact(email, None, receipt.language)
    done = notices.enqueue(
        session,
        KIND,
        key=key,
        to=to,
        data=data,
        now=now,
        subject_id=receipt.id,
        office_id=receipt.office_id,
    )
    return done is not None


def job_of(session: Session, subject_id: str, kind: str = KIND) -> PrintJob | None:
    """The first print job of a receipt or voucher."""
    query = select(PrintJob).where(PrintJob.kind == kind, PrintJob.subject_id == subject_id)
    return session.scalars(query.order_by(PrintJob.created_at, PrintJob.id).limit(1)).one_or_none()


def paper_logo(session: Session) -> bytes | None:
    """The municipality's picture for the top of a paper."""
    where = surroundings.instance()
    return logo.on_paper(catalogue.current(session), where) if where else None
