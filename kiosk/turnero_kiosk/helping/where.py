"""Which screen an address is, and whether others may see it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

#: How endpoints begin -> the word of `turnero_queue.helping.screens`.
_SCREENS = {
    "kiosk.start": "start",
    "kiosk.choose": "choose",
    "kiosk.category": "choose",
    "kiosk.sheet": "service",
    "kiosk_turn.": "turn",
    "kiosk_booking.": "booking",
    "kiosk_arriving.": "arriving",
    "kiosk_debts.": "paying",
    "kiosk_payment.": "paying",
    "kiosk_receipt.": "paying",
    "kiosk_certificate.": "certificate",
    "kiosk_scan.": "document",
    "kiosk_rating.": "rating",
    "kiosk_help.": "help",
}
#: What staff may see and lead to: what anybody may read, with nothing of the person in it.
OPEN = ("kiosk.choose", "kiosk.category", "kiosk.sheet")


@dataclass(frozen=True)
class Where:
    """`path` is the address of a page of this office that a GET shows."""

    endpoint: str
    path: str
    arguments: dict[str, str]
    page: str = ""

    @property
    def screen(self) -> str:
        return screen_of(self.endpoint)

    @property
    def service(self) -> str | None:
        return self.arguments.get("service") if self.endpoint == "kiosk.sheet" else None

    @property
    def shown(self) -> str | None:
        """The address for whoever helps; None for what only the citizen sees."""
        if self.endpoint not in OPEN:
            return None
        return f"{self.path}?page={self.page}" if self.page else self.path


def screen_of(endpoint: str) -> str:
    return next((word for begin, word in _SCREENS.items() if endpoint.startswith(begin)), "other")


def of_path(address: str, office: str) -> Where | None:
    """What the address shows; None unless it is a page of that office's kiosks."""
    parts = urlsplit(address)
    if parts.netloc and parts.netloc != request.host:
        return None
    try:
        endpoint, arguments = current_app.url_map.bind(request.host).match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    if not endpoint.startswith("kiosk") or arguments.get("office") != office:
        return None
    _, _, page = parts.query.rpartition("page=")
    return Where(endpoint, parts.path, dict(arguments), page if page.isdecimal() else "")


def came_from(office: str) -> Where | None:
    """The kiosk's page that this request was sent from."""
    return of_path(request.headers.get("HX-Current-URL") or request.referrer or "", office)


def now() -> Where | None:
    """The page that this request asks for."""
    return of_path(request.full_path, (request.view_args or {}).get("office", ""))
