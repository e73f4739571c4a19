"""Receipts and credit notes as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnero_core.i18n import N_, gettext, speaking
from turnero_queue import verification_codes
from turnero_queue.models import Receipt
from turnero_queue.payments import money
from turnero_queue.receipts.content import METHOD_NAMES, Content, in_cash
from turnero_queue.receipts.issuing import number_of
from turnero_queue.receipts.slips import SIMULATED, SIMULATED_NOTE, TITLES

if TYPE_CHECKING:
    from turnero_queue.sheets import Sheet


def receipt_pdf(
    receipt: Receipt, base_url: str, logo: bytes | None = None, *, copy: bool = False
) -> bytes:
    """One page that says what the slip says, with who paid; `copy` marks one asked for again."""
    # Drawing PDF takes long to load, and most of what runs never draws one.
    from turnero_queue.sheets import Sheet

    says = Content.from_plain(receipt.content)
    with speaking(receipt.language):
        title = f"{gettext(TITLES[receipt.kind])} {number_of(receipt)}"
        sheet = Sheet(title, receipt.language, receipt.issued_at)
        place = " · ".join(filter(None, (says.office, says.address)))
        sheet.letterhead(says.municipality, place, logo)
        if copy:
            sheet.warn(gettext(N_("COPY")))
        if receipt.simulated:
            sheet.warn(gettext(SIMULATED))
            sheet.say(gettext(SIMULATED_NOTE), align="C")
            sheet.ln(3)
        sheet.say(title, size=18, bold=True)
        sheet.ln(3)
        sheet.pairs(_facts(receipt, says))
        sheet.rule()
        for line in says.lines:
            text = f"{line.quantity} x {line.text}" if line.quantity > 1 else line.text
            sheet.pair(text, _money(line.amount_minor, receipt))
        sheet.rule()
        sheet.pair(gettext(N_("TOTAL")), _money(says.total_minor, receipt), bold=True)
        sheet.say(says.words, grey=True)
        sheet.pairs(in_cash(says, lambda minor: _money(minor, receipt)))
        sheet.ln(10)
        _proof(sheet, receipt.code, base_url)
        return sheet.bytes()


def _facts(receipt: Receipt, says: Content) -> list[tuple[str, str]]:
    facts = [
        (gettext(N_("Date")), says.when(receipt.language)),
        (gettext(N_("Point of sale")), says.point_of_sale),
        (gettext(N_("Paid by")), gettext(METHOD_NAMES[says.method])),
        (gettext(N_("Reference")), says.reference),
        (gettext(N_("Name")), receipt.payer_name or ""),
        (gettext(N_("Document")), receipt.payer_document or ""),
        (gettext(N_("Receipt taken back")), says.original),
        (gettext(N_("Reason")), says.reason),
    ]
    return [(label, value) for label, value in facts if value]


def _proof(sheet: Sheet, code: str, base_url: str) -> None:
    if base_url:
        sheet.qr(f"{base_url}/v/{code}")
        sheet.say(f"{base_url}/v/{code}", size=9, grey=True, align="C")
    sheet.say(verification_codes.spoken(code), bold=True, align="C")


def _money(minor: int, receipt: Receipt) -> str:
    return money.written(minor, receipt.currency, receipt.language)
