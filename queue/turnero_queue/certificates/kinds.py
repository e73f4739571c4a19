"""What the municipality certifies: configured under `payments: certificates:`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_queue.connectors import DocumentOrAccount
from turnero_queue.connectors.debt import Kind as AskedBy
from turnero_queue.models import Municipality
from turnero_queue.payments import money
from turnero_queue.payments.starting import Errand

KEY = "certificates"
#: What a text may hold in braces.
PLACES = ("municipality", "office", "subject", "date", "valid_until")


@dataclass(frozen=True)
class Kind:
    """A certificate that nothing is owed in `connector`; `text` may hold the names of `PLACES`
    in braces. A `fee_minor` is paid before it is issued."""

    code: str
    name: Mapping[str, str]
    text: Mapping[str, str]
    connector: str
    asks_for: AskedBy = "document"
    validity_days: int = 30
    fee_minor: int | None = None

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], currency: str) -> Kind:
        """As it was configured, with its fee (such as "15.00") in minor units."""
        values = dict(plain)
        fee = values.pop("fee", None)
        return cls(**values, fee_minor=money.parse(fee, currency) if fee else None)


@dataclass(frozen=True)
class Wording:
    """What fills the places of a text."""

    municipality: str
    office: str
    subject: str
    date: str
    valid_until: str

    def fill(self, text: str) -> str:
        for place in PLACES:
            text = text.replace("{" + place + "}", getattr(self, place))
        return text


def configured(session: Session) -> tuple[Kind, ...]:
    """The kinds of certificate, in the configuration's order."""
    row = session.get(Municipality, 1)
    written = row.payments.get(KEY, []) if row else []
    return tuple(Kind.from_plain(one, row.currency) for one in written) if row else ()


def find(session: Session, code: str) -> Kind:
    """The kind `code`; NotFound."""
    for one in configured(session):
        if one.code == code:
            return one
    raise NotFound(N_("There is no certificate %(code)s."), code=code)


def new_errand(kind: Kind, query: DocumentOrAccount) -> Errand:
    """What the payment of one certificate's fee belongs to."""
    return Errand("certificate", f"{_about(kind.code, query)}:{new_id()}")


def is_for(errand_id: str, kind: str, query: DocumentOrAccount) -> bool:
    """Whether an errand of `new_errand` is of this kind and about this person or account."""
    return errand_id.startswith(f"{_about(kind, query)}:")


def _about(kind: str, query: DocumentOrAccount) -> str:
    return f"{kind}:{sealed.digest(query.value)[:32]}"
