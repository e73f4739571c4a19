"""The receipt as the PDF that goes with its mail."""

from sqlalchemy.orm import Session

from turnero_queue.models import Receipt
from turnero_queue.notices.message import Attachment
from turnero_queue.receipts.issuing import number_of
from turnero_queue.receipts.pdf import receipt_pdf
from turnero_queue.receipts.printing import paper_logo


def attachments(session: Session, receipt_id: str, base_url: str) -> tuple[Attachment, ...]:
    """The PDF of a receipt; nothing when there is no such receipt."""
    receipt = session.get(Receipt, receipt_id)
    if receipt is None:
        return ()
    pdf = receipt_pdf(receipt, base_url, paper_logo(session))
    return (Attachment(f"{number_of(receipt)}.pdf", "application/pdf", pdf),)
