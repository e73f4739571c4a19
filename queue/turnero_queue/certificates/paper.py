"""A certificate on thermal paper and as PDF. Both carry what was signed."""

from datetime import date
from pathlib import Path

from babel.dates import format_date

from turnero_core.i18n import N_, gettext, speaking
from turnero_hardware.slip import Block, Cut, Pair, Rule, Slip, Space, Text
from turnero_queue import verification_codes
from turnero_queue.certificates import signing
from turnero_queue.certificates.issuing import document_of
from turnero_queue.models import Certificate
from turnero_queue.receipts.slips import head, proof

FILE = "certificate.json"


def certificate_slip(certificate: Certificate, base_url: str, logo: bytes | None = None) -> Slip:
    """What the kiosk prints. Its QR code opens the page that checks it, and holds the signed
    summary behind the #, which never reaches a server, for those who check without a network."""
    says = document_of(certificate)
    with speaking(certificate.language):
        blocks: list[Block] = [
            *head(says["municipality"], says["office"], logo),
            Rule(),
            Text(says["title"], size="large", bold=True, align="center"),
            Space(),
            Text(says["text"]),
            Space(),
            *(Pair(label, value) for label, value in _facts(certificate)),
            *proof(
                certificate.code,
                base_url,
                gettext(N_("Check this certificate:")),
                f"#{certificate.token}",
            ),
            Cut(),
        ]
        return Slip(tuple(blocks), language=certificate.language)


def certificate_pdf(
    certificate: Certificate,
    base_url: str,
    instance: Path,
    logo: bytes | None = None,
    *,
    copy: bool = False,
) -> bytes:
    """One page, with the signed document attached and the whole file sealed."""
    # Drawing PDF takes long to load, and most of what runs never draws one.
    from turnero_queue.sheets import Sheet

    says = document_of(certificate)
    with speaking(certificate.language):
        sheet = Sheet(says["title"], certificate.language, certificate.issued_at)
        sheet.letterhead(says["municipality"], says["office"], logo)
        if copy:
            sheet.warn(gettext(N_("COPY")))
        sheet.ln(8)
        sheet.say(says["title"], size=22, bold=True, align="C")
        sheet.ln(10)
        sheet.say(says["text"], size=13)
        sheet.ln(8)
        sheet.rule()
        sheet.pairs(_facts(certificate))
        sheet.ln(8)
        if base_url:
            sheet.qr(f"{base_url}/v/{certificate.code}#{certificate.token}", side_mm=58)
            sheet.say(f"{base_url}/v/{certificate.code}", size=9, grey=True, align="C")
        sheet.say(verification_codes.spoken(certificate.code), bold=True, align="C")
        sheet.embed_file(bytes=attachment(certificate).encode(), basename=FILE, compress=False)
        return signing.seal_pdf(instance, sheet.bytes())


def attachment(certificate: Certificate) -> str:
    """The signed document with its token: all that is needed to check it."""
    return signing.canonical({"document": document_of(certificate), "token": certificate.token})


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    says = document_of(certificate)
    names = {"document": N_("Document"), "account": N_("Account")}
    kind = names[says["subject_kind"]]
    return [
        (gettext(kind), says["subject"]),
        (gettext(N_("Issued on")), _day(says["issued_on"], certificate.language)),
        (gettext(N_("Valid until")), _day(says["valid_until"], certificate.language)),
    ]


def _day(text: str, language: str) -> str:
    return str(format_date(date.fromisoformat(text), "d MMM y", locale=language))
