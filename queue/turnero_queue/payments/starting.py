"""Starting a payment: once per key, and never two that may both bring money for one thing."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.ids import new_id, new_secret
from turnero_queue.models import Payment, PaymentItem
from turnero_queue.payments import moves, states
from turnero_queue.payments.money import MOST_MINOR

# Without what is taken for something else when read aloud or by a poor scanner.
VOUCHER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
VOUCHER_LENGTH = 8
MOST_ITEMS = 50
EXPIRY = MappingProxyType(
    {
        "cash": timedelta(hours=24),
        "qr": timedelta(minutes=10),
        "card_terminal": timedelta(minutes=5),
    }
)
# The request that starts a payment sends it to the provider; a worker does if it did not.
FIRST_CHECK = timedelta(seconds=15)


@dataclass(frozen=True)
class Errand:
    """What the payment belongs to; `kind` is one of models.payments.ERRANDS."""

    kind: str
    id: str


@dataclass(frozen=True)
class Item:
    """A line: `amount_minor` is of the whole line. `debt_key` is "connector:key" of a debt."""

    names: Mapping[str, str]
    amount_minor: int
    quantity: int = 1
    service_id: str | None = None
    debt_key: str | None = None


@dataclass(frozen=True)
class Payer:
    name: str | None = None
    document: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class How:
    """`provider` is a configured provider's code, None for cash; `terminal` a card terminal's."""

    method: str
    provider: str | None = None
    terminal: str | None = None
    simulated: bool = False
    expires_in: timedelta | None = None


@dataclass(frozen=True)
class Where:
    """Where it was started. `point_of_sale` numbers the receipt."""

    office_id: str
    currency: str
    origin: str = "kiosk"
    device: str | None = None
    point_of_sale: str | None = None
    language: str = "es"


def start(
    session: Session,
    items: Sequence[Item],
    how: How,
    errand: Errand,
    where: Where,
    key: str,
    now: datetime,
    *,
    actor: str = "citizen",
    payer: Payer | None = None,
) -> Payment:
    """The payment of `key`, made now unless it was made before.

    Conflict `payment-open` or `already-paid` (with `payment`, its id) when another payment is
    for one of the same things; Invalid when `key` was used for something else.
    """
    _check(items)
    payer = payer or Payer()
    asked = _fingerprint(items, how, errand, where)
    row = _row(items, how, errand, where, payer, now)
    made = _insert_once(session, row | {"idempotency_key": key, "fingerprint": asked})
    payment = session.scalars(select(Payment).where(Payment.idempotency_key == key)).one()
    if not made:
        return _same(payment, asked)
    _add_items(session, payment, items, errand)
    moves.record(session, payment, "created", actor, now)
    return payment


def holds(errand: Errand, item: Item, position: int) -> str:
    """Names what a line pays for: the debt, else this service or line of the errand."""
    if item.debt_key:
        return f"debt:{item.debt_key}"
    return f"{errand.kind}:{errand.id}:{item.service_id or position}"


def holder(session: Session, held: str) -> Payment | None:
    """The payment that may still pay, or has paid, for what `held` names."""
    query = select(Payment).join(PaymentItem, PaymentItem.payment_id == Payment.id)
    return session.scalars(query.where(PaymentItem.holds == held)).first()


def by_voucher(session: Session, code: str) -> Payment | None:
    """The payment that a cash desk's voucher stands for, however the code was typed."""
    wanted = "".join(letter for letter in code.upper() if letter.isalnum())
    return session.scalars(select(Payment).where(Payment.voucher == wanted)).one_or_none()


def of_key(session: Session, key: str) -> Payment | None:
    """The payment that was started with `key`, if any was."""
    query = select(Payment).where(Payment.idempotency_key == key)
    return session.scalars(query).one_or_none()


def items_of(session: Session, payment_id: str) -> Sequence[PaymentItem]:
    query = select(PaymentItem).where(PaymentItem.payment_id == payment_id)
    return session.scalars(query.order_by(PaymentItem.position)).all()


def _check(items: Sequence[Item]) -> None:
    if not 1 <= len(items) <= MOST_ITEMS:
        message = gettext(N_("Pay for 1 to %(most)s things at once."), most=MOST_ITEMS)
        raise Invalid(errors={"items": [message]})
    if any(item.amount_minor <= 0 or item.quantity <= 0 for item in items):
        raise Invalid(errors={"items": [gettext(N_("Every amount must be more than zero."))]})
    if sum(item.amount_minor for item in items) > MOST_MINOR:
        raise Invalid(errors={"items": [gettext(N_("This is more than can be charged at once."))]})


def _fingerprint(items: Sequence[Item], how: How, errand: Errand, where: Where) -> str:
    lines = [[item.amount_minor, item.quantity, item.service_id, item.debt_key] for item in items]
    told = [lines, how.method, asdict(errand), where.office_id, where.currency]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _row(
    items: Sequence[Item], how: How, errand: Errand, where: Where, payer: Payer, now: datetime
) -> dict[str, Any]:
    cash = how.method == "cash"
    return {
        "id": new_id(),
        "public_token": new_secret(),
        "amount_minor": sum(item.amount_minor for item in items),
        "state": "pending" if cash else "created",
        "method": how.method,
        "provider": how.provider,
        "terminal": how.terminal,
        "simulated": how.simulated,
        "voucher": _voucher() if cash else None,
        "errand_kind": errand.kind,
        "errand_id": errand.id,
        **asdict(where),
        "payer_name": payer.name,
        "payer_document": payer.document,
        "payer_email": payer.email,
        "payer_digest": sealed.digest(payer.document) if payer.document else None,
        "created_at": now,
        "expires_at": now + (how.expires_in or EXPIRY[how.method]),
        "check_at": None if cash else now + FIRST_CHECK,
    }


def _insert_once(session: Session, row: dict[str, Any]) -> bool:
    """Whether this row is the key's; False when somebody came first."""
    insert = _insert(session)
    # What comes back tells whether it was taken: PostgreSQL's driver may not count inserted rows.
    while True:
        made = insert(Payment).values(**row).on_conflict_do_nothing().returning(Payment.id)
        if session.scalar(made) is not None:
            return True
        key = row["idempotency_key"]
        first = session.scalar(select(Payment.id).where(Payment.idempotency_key == key))
        if first is not None:
            return False
        # Somebody else has this voucher's code.
        row |= {"voucher": _voucher()}


def _same(payment: Payment, asked: str) -> Payment:
    if payment.fingerprint != asked:
        raise Invalid(
            N_("This Idempotency-Key was used for another request. Use a new key for each."),
            slug="idempotency-key-reused",
            title=N_("Key used before"),
        )
    return payment


def _add_items(session: Session, payment: Payment, items: Sequence[Item], errand: Errand) -> None:
    insert = _insert(session)
    rows = [
        {
            "id": new_id(),
            "payment_id": payment.id,
            "position": position,
            **asdict(item),
            "names": dict(item.names),
            "holds": holds(errand, item, position),
        }
        for position, item in enumerate(items, 1)
    ]
    # In one order for all, so that two who want the same things never wait for each other.
    for row in sorted(rows, key=lambda row: str(row["holds"])):
        made = insert(PaymentItem).values(**row).on_conflict_do_nothing()
        if session.scalar(made.returning(PaymentItem.id)) is None:
            raise _taken(session, str(row["holds"]))


def _taken(session: Session, held: str) -> Conflict:
    other = holder(session, held)
    extra = {"payment": other.id} if other else {}
    if other and other.state in states.PAID:
        return Conflict(
            N_("This is paid already."), slug="already-paid", title=N_("Paid already"), extra=extra
        )
    return Conflict(
        N_("A payment for this is under way. Finish it, or cancel it and begin again."),
        slug="payment-open",
        title=N_("A payment is under way"),
        extra=extra,
    )


def _insert(session: Session) -> Any:
    dialect = session.get_bind().dialect.name
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def _voucher() -> str:
    return "".join(secrets.choice(VOUCHER_LETTERS) for _ in range(VOUCHER_LENGTH))
