"""A difference between two figures in words: "12 % more", "3 min shorter", "4 points higher"."""

from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.tables import Kind
from turnero_core.i18n import N_, gettext, ngettext

# Below this a percentage says less than the number itself.
FEW = 10


def words(kind: Kind, now: float | None, before: float | None, write: Writer) -> str:
    """What `now` is, measured against `before`; says so where one of them is missing."""
    if now is None or before is None:
        return _missing(now, before)
    if kind == "share":
        return _points(now - before)
    if kind == "minutes":
        return _minutes(now - before, write)
    if kind == "decimal":
        return _decimal(now - before, write)
    return _counts(now, before, write)


def unchanged() -> str:
    return gettext(N_("unchanged"))


def _missing(now: float | None, before: float | None) -> str:
    if now is not None:
        return gettext(N_("no data to compare with"))
    return gettext(N_("no data here") if before is not None else N_("no data in either"))


def _points(by: float) -> str:
    points = round(abs(by) * 100)
    if not points:
        return unchanged()
    if by > 0:
        return ngettext("%(n)s point higher", "%(n)s points higher", points)
    return ngettext("%(n)s point lower", "%(n)s points lower", points)


def _minutes(by: float, write: Writer) -> str:
    if not by:
        return unchanged()
    message = N_("%(span)s longer") if by > 0 else N_("%(span)s shorter")
    return gettext(message, span=write.minutes(abs(by)))


def _decimal(by: float, write: Writer) -> str:
    if round(abs(by), 1) == 0:
        return unchanged()
    return gettext(N_("%(by)s more") if by > 0 else N_("%(by)s less"), by=write.decimal(abs(by)))


def _counts(now: float, before: float, write: Writer) -> str:
    if now == before:
        return unchanged()
    by = abs(now - before)
    said = write.count(by) if before < FEW else write.share(by / before)
    return gettext(N_("%(by)s more") if now > before else N_("%(by)s less"), by=said)
