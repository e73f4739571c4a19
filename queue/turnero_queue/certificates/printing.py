"""Certificates on their way to a printer. What was printed is not kept in the printer's queue:
it tells whom it is about."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_hardware import outbox
from turnero_hardware.models import OPEN_STATES, Printer, PrintJob
from turnero_hardware.slip import Slip
from turnero_queue import audit, surroundings
from turnero_queue.certificates.paper import certificate_slip
from turnero_queue.models import Certificate
from turnero_queue.receipts.printing import job_of, paper_logo

KIND = "certificate"
_NOTHING = Slip(())
_AT_ONCE = 200


def print_certificate(
    session: Session, certificate: Certificate, printer: Printer, now: datetime
) -> PrintJob:
    """Queue a certificate's slip, once."""
    known = job_of(session, certificate.id, KIND)
    if known is not None:
        return known
    return outbox.enqueue(session, printer, _slip(session, certificate), KIND, certificate.id, now)


def reprint(
    session: Session,
    certificate: Certificate,
    printer: Printer,
    actor: str,
    now: datetime,
    *,
    reason: str,
) -> PrintJob:
    """The same once more, marked as a copy, for a reason that the audit log keeps."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(errors={"reason": [gettext(N_("Say why it is printed again."))]})
    slip = _slip(session, certificate)
    job = outbox.enqueue(session, printer, slip, KIND, certificate.id, now)
    job.copy = True
    audit.record(
        session,
        actor=actor,
        action="certificate.reprint",
        subject=f"certificate:{certificate.code}",
        office_id=certificate.office_id,
        reason=reason,
        now=now,
    )
    return job


def forget_printed(session: Session, now: datetime) -> int:
    """Blank the slips of certificates that have left the queue; how many."""
    query = select(PrintJob).where(PrintJob.kind == KIND, PrintJob.state.not_in(OPEN_STATES))
    blank = _NOTHING.to_dict()
    done = 0
    for job in session.scalars(query.order_by(PrintJob.created_at.desc()).limit(_AT_ONCE)):
        if job.slip != blank:
            job.slip = blank
            done += 1
    return done


def _slip(session: Session, certificate: Certificate) -> Slip:
    return certificate_slip(certificate, surroundings.base_url(), paper_logo(session))
