"""Whether money can be taken: the providers' secrets, what waits for an answer, what differs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue.models import Difference, Payment, Reconciliation
from turnero_queue.payments import settings as taking
from turnero_queue.payments.registry import SECRETS, SIMULATED_ADDRESS, secret_names
from turnero_queue.server_files import FileState, secret_state
from turnero_server.checks.finding import Finding, fail, ok, warn

WAITS_LONG = timedelta(hours=1)


def payments(session: Session, settings: Settings) -> Iterator[Finding]:
    about = gettext(N_("payments"))
    found = taking.current(session)
    if not found.providers:
        yield ok(about, ", ".join(found.methods))
    for code, stored in found.providers.items():
        if code == taking.SIMULATED and not (settings.instance / SIMULATED_ADDRESS).is_file():
            mend = gettext(N_("Run “turnero simulated-provider”, or configure a real one."))
            yield warn(f"{about} {code}", gettext(N_("It is not running.")), mend)
            continue
        for name in secret_names(code, stored).values():
            yield _secret(f"{about} {code}", settings.instance / SECRETS / name)
    yield from _unsure(session, about)
    yield from _different(session, about)


def _secret(about: str, file: Path) -> Finding:
    state = secret_state(file)
    if state is FileState.MISSING:
        mend = gettext(N_("Put the provider's secret into that file, mode 0600."))
        return fail(about, gettext(N_("%(file)s is missing."), file=file), mend)
    if state is FileState.OPEN:
        said = gettext(N_("%(file)s can be read by others."), file=file)
        return fail(about, said, gettext(N_("Run chmod 600 on it.")))
    if state is not FileState.READY:
        mend = gettext(N_("It has to hold the secret, and to be the server's own."))
        return fail(about, gettext(N_("%(file)s is empty or cannot be read."), file=file), mend)
    return ok(about, file.name)


def _unsure(session: Session, about: str) -> Iterator[Finding]:
    """Payments over their time whose outcome the provider still has not told."""
    query = select(func.count()).where(
        Payment.state.in_(("created", "pending")), Payment.expires_at < clock.now() - WAITS_LONG
    )
    count = session.scalar(query)
    if count:
        said = gettext(N_("%(count)s payments have waited long for an answer."), count=count)
        yield warn(about, said, gettext(N_("Run “turnero payments reconcile”.")))


def _different(session: Session, about: str) -> Iterator[Finding]:
    latest = select(Reconciliation.id).order_by(Reconciliation.at.desc()).limit(1)
    query = select(func.count()).where(Difference.reconciliation_id == latest.scalar_subquery())
    count = session.scalar(query)
    if count:
        said = gettext(N_("%(count)s orders differ from the provider's list."), count=count)
        yield warn(about, said, gettext(N_("Run “turnero payments reconcile”.")))
