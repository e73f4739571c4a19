"""What a provider is asked for: its account, its secrets, and what stands at each kiosk."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from turnero_admin.configuration.fields import Field, Group
from turnero_admin.configuration.payments import shape
from turnero_core.i18n import N_, gettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.models import Device, DeviceKind
from turnero_queue.payments.settings import SIMULATED

BY_KIOSK = ("points", "terminals")
NAMED = N_("Only the file's name. Whoever looks after the server puts it into “secrets” there.")
ACCOUNT = (
    Field("access_token_file", N_("File with the access token"), hint=NAMED),
    Field("webhook_secret_file", N_("File with the secret of its messages (webhooks)"), hint=NAMED),
    Field(
        "api",
        N_("Address of its service"),
        hint=N_("Only where they have told you another one."),
        longest=200,
    ),
)
EVERYWHERE = (
    Field(
        "pos",
        N_("Point of sale for QR payments"),
        hint=N_("Its external id at the provider, such as CAJA01."),
    ),
    Field(
        "terminal",
        N_("Card terminal"),
        hint=N_("Its id at the provider, such as NEWLAND_N950__N950NCB."),
    ),
)
OF_ITS_OWN = tuple(
    replace(field, hint=N_("It writes this file by itself when it starts."))
    for field in ACCOUNT[:2]
)
OWN = N_("Only if it is another one than at every place.")
FIELDS = (*ACCOUNT, *EVERYWHERE)


def groups(unit: Unit, provider: str, stored: Mapping[str, Any] | None) -> tuple[Group, ...]:
    return (*shape.spoken(_own_groups(provider)), *_kiosk_groups(unit, stored or {}))


def _own_groups(provider: str) -> Iterator[Group]:
    yield Group(N_("Account"), OF_ITS_OWN if provider == SIMULATED else ACCOUNT)
    yield Group(N_("At every place"), EVERYWHERE, short=True)


def kiosk_fields(code: str) -> tuple[Field, Field]:
    return (
        Field(f"points.{code}", N_("Point of sale of this kiosk"), hint=OWN),
        Field(f"terminals.{code}", N_("Card terminal of this kiosk"), hint=OWN),
    )


def _kiosk_groups(unit: Unit, stored: Mapping[str, Any]) -> Iterator[Group]:
    """One for each kiosk, and for whatever else has something of its own."""
    rows = unit.session.execute(
        select(Device.code, Device.name, Device.office_id)
        .where(Device.kind == DeviceKind.KIOSK, Device.revoked_at.is_(None))
        .order_by(Device.code)
    ).all()
    offices = unit.catalogue.offices_by_id
    named = {
        code: f"{name} · {pick(offices[office].name)}" if office else name
        for code, name, office in rows
    }
    configured = sorted({code for key in BY_KIOSK for code in stored.get(key, {})} - set(named))
    for code in configured:
        named[code] = gettext(N_("%(code)s (no kiosk is called that now)"), code=code)
    for code, title in named.items():
        yield Group(gettext(N_("Kiosk: %(name)s"), name=title), kiosk_fields(code), short=True)
