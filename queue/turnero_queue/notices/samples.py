"""Messages as they might be, for whoever wants to see them before anybody gets one."""

from turnero_core.i18n import N_, gettext, speaking
from turnero_queue.notices import kinds
from turnero_queue.notices.kinds import (
    AppointmentData,
    DeviceAlertData,
    NoticeData,
    ReceiptData,
    SeatOfferedData,
)

START, END = "2026-03-03T15:30:00.000Z", "2026-03-03T15:50:00.000Z"
EARLIER, ANSWER_BY = "2026-03-02T19:00:00.000Z", "2026-03-02T18:00:00.000Z"
ZONE = "America/Lima"
LINK = "https://turnos.example/a/K7MQ"


def sample(kind: str, language: str, zone: str = ZONE, currency: str = "PEN") -> NoticeData:
    """Data of an invented person's message; ValueError for an unknown kind."""
    if kind not in kinds.KINDS:
        raise ValueError(f"no kind of notice is called {kind!r}")
    with speaking(language):
        office, service = gettext(N_("Central office")), gettext(N_("Building permit"))
        card = gettext(N_("Your identity document"))
    if kind == kinds.SEAT_OFFERED:
        return SeatOfferedData(
            services=[service],
            office=office,
            address="Av. Grau 100",
            start=START,
            end=END,
            zone=zone,
            answer_by=ANSWER_BY,
            offer_url=LINK,
            name="Rosa Quispe",
        )
    if kind == kinds.RECEIPT:
        return ReceiptData(
            number="B001-00000042",
            amount_minor=1500,
            currency=currency,
            concepts=[service],
            paid_at=START,
            zone=zone,
            receipt_url=LINK,
            office=office,
            name="Rosa Quispe",
        )
    if kind == kinds.DEVICE_ALERT:
        with speaking(language):
            problem = gettext("The printer is out of paper.")
        return DeviceAlertData(
            device="entrada", office=office, problem=problem, since=START, zone=zone
        )
    return AppointmentData(
        uid="sample@turnos.example",
        sequence=0,
        code="K7MQ",
        services=[service],
        office=office,
        address="Av. Grau 100",
        start=START,
        end=END,
        zone=zone,
        manage_url=LINK,
        name="Rosa Quispe",
        previous_start=EARLIER if kind == kinds.CHANGED else "",
        requirements=[card],
        qr=LINK,
    )
