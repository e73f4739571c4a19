"""What this visit is about to pay for, or has: kept in the browser's session, sealed, until the
next person begins. No page and no address tells whose debts they are."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from turnero_core import sealed
from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_kiosk import visit
from turnero_queue.connectors import DocumentOrAccount
from turnero_queue.connectors.debt import Kind

BASKET, PAYMENT = "basket", "payment"
DEBT, TICKET, CERTIFICATE = "debt", "ticket", "certificate"


@dataclass(frozen=True)
class Basket:
    """`attempt` names one try to pay: however often its button is touched, it is one payment.
    `off` holds the words of debts that are not to be paid now."""

    kind: str
    connector: str = ""
    asked_by: Kind = "document"
    value: str = ""
    off: tuple[str, ...] = ()
    ticket: str = ""
    certificate: str = ""
    errand: str = ""
    attempt: str = field(default_factory=new_id)

    @property
    def query(self) -> DocumentOrAccount:
        return DocumentOrAccount(self.asked_by, self.value)

    @property
    def key(self) -> str:
        """The payment's idempotency key."""
        return f"kiosk:{self.attempt}"

    def again(self) -> "Basket":
        """The same for another try, after one that ended without money."""
        return replace(self, attempt=new_id())


def put(basket: Basket) -> None:
    visit.keep(BASKET, sealed.seal(json.dumps(asdict(basket))))


def current() -> Basket:
    """What this visit is about to pay for; NotFound when that is nothing."""
    found = known()
    if found is None:
        raise NotFound(N_("Nothing is being paid here now."))
    return found


def known() -> Basket | None:
    return _opened(visit.kept(BASKET))


def of_debts() -> Basket:
    """The debts that this visit looked up; NotFound when there are none."""
    found = current()
    if found.kind != DEBT:
        raise NotFound(N_("Nothing is being paid here now."))
    return found


def word(key: str) -> str:
    """Stands for a debt in a form: its key may tell more than a page should."""
    return hashlib.sha256(key.encode()).hexdigest()[:10]


def check(key: str, basket: Basket) -> None:
    """Conflict `old-form` unless the form was made in this visit, for this try."""
    if key != visit.key_for(basket.attempt):
        raise Conflict(N_("This page was somebody else's. Start again."), slug="old-form")


def follow(payment_id: str) -> str:
    """Let this visit see a payment; gives the word that its addresses need."""
    before = visit.kept(PAYMENT)
    if before and before["id"] == payment_id:
        return str(before["nonce"])
    nonce = new_id()
    visit.keep(PAYMENT, {"nonce": nonce, "id": payment_id})
    return nonce


def followed(nonce: str) -> str | None:
    """The id of the payment that `nonce` shows, while it is this person's."""
    found = visit.kept(PAYMENT)
    return str(found["id"]) if found and found["nonce"] == nonce else None


def _opened(token: Any) -> Basket | None:
    if not token:
        return None
    try:
        values: dict[str, Any] = json.loads(sealed.unseal(token))
    except sealed.SealedError:
        return None
    return Basket(**{**values, "off": tuple(values["off"])})
