"""Receipts, credit notes and vouchers on thermal paper."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from turnero_core.i18n import N_, gettext, pick, speaking
from turnero_hardware.slip import Block, Cut, Pair, Picture, Qr, Rule, Slip, Space, Text
from turnero_queue import verification_codes
from turnero_queue.catalogue import Catalogue
from turnero_queue.models import Payment, Receipt
from turnero_queue.payments import money
from turnero_queue.receipts.content import METHOD_NAMES, Content, in_cash
from turnero_queue.receipts.issuing import number_of

TITLES = {"receipt": N_("RECEIPT"), "credit_note": N_("CREDIT NOTE")}
SIMULATED = N_("SIMULATED")
SIMULATED_NOTE = N_("No money was moved. This paper has no value.")


def receipt_slip(receipt: Receipt, base_url: str, logo: bytes | None = None) -> Slip:
    """The receipt as it was issued, in its own language."""
    says = Content.from_plain(receipt.content)
    with speaking(receipt.language):
        blocks = [
            *head(says.municipality, says.office, logo),
            *_place(says),
            Rule(),
            *_simulated(receipt.simulated),
            Text(gettext(TITLES[receipt.kind]), size="large", bold=True, align="center"),
            Text(number_of(receipt), bold=True, align="center"),
            Space(),
            *_body(receipt, says),
            *proof(receipt.code, base_url, gettext(N_("Check this receipt:"))),
            Cut(),
        ]
        return Slip(tuple(blocks), language=receipt.language)


def voucher_slip(
    catalogue: Catalogue, payment: Payment, concepts: list[str], logo: bytes | None = None
) -> Slip:
    """What somebody takes to the cash desk: the code of what they are going to pay."""
    office = catalogue.offices_by_id[payment.office_id]
    code = payment.voucher or ""
    with speaking(payment.language):
        until = _hour(payment.expires_at, office.zone, payment.language)
        blocks: list[Block] = [
            *head(catalogue.name, pick(office.name), logo),
            Rule(),
            *_simulated(payment.simulated),
            Text(gettext(N_("PAY AT THE CASH DESK")), bold=True, align="center"),
            Text(f"{code[:4]} {code[4:]}", size="huge", bold=True, align="center"),
            Qr(code),
            *(Text(concept) for concept in concepts),
            Rule(),
            Pair(gettext(N_("To pay")), _money(payment.amount_minor, payment), bold=True),
            Pair(gettext(N_("Valid until")), until),
            Text(gettext(N_("This is not a receipt.")), align="center"),
            Cut(),
        ]
        return Slip(tuple(blocks), language=payment.language)


def head(municipality: str, office: str, logo: bytes | None) -> list[Block]:
    """How every paper of the municipality begins."""
    picture: list[Block] = [Picture(logo)] if logo else []
    names = [Text(municipality, bold=True, align="center"), Text(office, align="center")]
    return [*picture, *names]


def proof(code: str, base_url: str, invitation: str, fragment: str = "") -> list[Block]:
    """How to check a paper: a QR code that leads to its page, and the code to type."""
    blocks: list[Block] = [Rule(), Text(invitation, align="center")]
    if base_url:
        blocks.append(Qr(f"{base_url}/v/{code}{fragment}"))
    return [*blocks, Text(verification_codes.spoken(code), bold=True, align="center")]


def _body(receipt: Receipt, says: Content) -> list[Block]:
    amount = [
        Pair(_described(line.text, line.quantity), _money(line.amount_minor, receipt))
        for line in says.lines
    ]
    facts: list[Block] = [
        Pair(gettext(N_("Date")), says.when(receipt.language)),
        Pair(gettext(N_("Paid by")), gettext(METHOD_NAMES[says.method])),
    ]
    if says.reference:
        facts.append(Pair(gettext(N_("Reference")), says.reference))
    if receipt.payer_document:
        hidden = verification_codes.hidden(receipt.payer_document)
        facts.append(Pair(gettext(N_("Document")), hidden))
    if says.reason:
        facts.append(Text(gettext(N_("Reason: %(reason)s"), reason=says.reason)))
    total = Pair(gettext(N_("TOTAL")), _money(says.total_minor, receipt), bold=True)
    cash = [Pair(*pair) for pair in in_cash(says, lambda minor: _money(minor, receipt))]
    return [*amount, Rule(), total, Text(says.words), *cash, Space(), *facts]


def _place(says: Content) -> list[Block]:
    """Where it was paid, when the office has more than one such place."""
    same = says.point_of_sale == says.office
    return [] if same else [Text(says.point_of_sale, align="center")]


def _described(text: str, quantity: int) -> str:
    return f"{quantity} x {text}" if quantity > 1 else text


def _simulated(simulated: bool) -> list[Block]:
    if not simulated:
        return []
    return [
        Text(gettext(SIMULATED), size="large", bold=True, align="center"),
        Text(gettext(SIMULATED_NOTE), align="center"),
    ]


def _money(minor: int, of: Receipt | Payment) -> str:
    return money.written(minor, of.currency, of.language)


def _hour(at: datetime, zone: ZoneInfo, language: str) -> str:
    return str(format_datetime(at, "d MMM y, H:mm", tzinfo=zone, locale=language))
