"""The connectors that are configured, opened once in a process and again when they change."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.orm import Session

from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_queue import models
from turnero_queue.connectors.csv_file import CsvDebts
from turnero_queue.connectors.debt import Debts
from turnero_queue.connectors.demo import DemoDebts
from turnero_queue.connectors.guarded import Guarded
from turnero_queue.connectors.http_json import HttpDebts
from turnero_queue.connectors.options import Connector, Type
from turnero_queue.connectors.sql import SqlDebts

KEY = "connectors"
_KINDS: Mapping[Type, type[HttpDebts | SqlDebts | CsvDebts | DemoDebts]] = MappingProxyType(
    {"http": HttpDebts, "sql": SqlDebts, "csv": CsvDebts, "demo": DemoDebts}
)
_open: dict[tuple[str, str, str], Guarded] = {}
_lock = threading.Lock()


def opened(options: Connector, currency: str, instance: Path) -> Guarded:
    """The connector of `options`, with its memory and its breaker; one for all of a process."""
    place = (str(instance), currency, options.code)
    with _lock:
        known = _open.get(place)
        if known is not None and known.options.identity == options.identity:
            return known
        fresh = _open[place] = Guarded(options, built(options, currency, instance))
    if known is not None:
        known.close()
    return fresh


def built(options: Connector, currency: str, instance: Path) -> Debts:
    """A bare connector."""
    return _KINDS[options.type](options, currency, instance)


def configured(session: Session) -> tuple[Connector, ...]:
    """The connectors of the configuration, in its order."""
    row = session.get(models.Municipality, 1)
    written = row.payments.get(KEY, []) if row else []
    return tuple(Connector.from_plain(one) for one in written)


def connector(session: Session, code: str, instance: Path) -> Guarded:
    """The connector `code`, ready to be asked once the transaction is over; NotFound."""
    row = session.get_one(models.Municipality, 1)
    return opened(named(configured(session), code), row.currency, instance)


def named(connectors: Sequence[Connector], code: str) -> Connector:
    """The connector configured as `code`; NotFound without one."""
    for one in connectors:
        if one.code == code:
            return one
    raise NotFound(N_("There is no connector %(code)s."), code=code)
