"""The city's sign-in: whether what it needs is there. Nobody is asked over the network."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue import city_sign_in
from turnero_queue.connectors.debt import DebtsUnavailable
from turnero_queue.connectors.secret_files import FOLDER, read_secret
from turnero_queue.models import Office
from turnero_server.checks.finding import Finding, fail, ok, warn


def sign_in(session: Session, settings: Settings) -> Iterator[Finding]:
    found = city_sign_in.current(session)
    if found is None:
        return
    about = gettext(N_("city's sign-in"))
    offices = set(session.scalars(select(Office.code).where(Office.active)))
    unknown = sorted({one.office for one in found.groups if one.office} - offices)
    if found.client_secret_file and not _readable(settings, found.client_secret_file):
        yield fail(
            about,
            gettext(N_("its secret cannot be read")),
            gettext(
                N_("Put it into %(file)s of the instance folder."),
                file=f"{FOLDER}/{found.client_secret_file}",
            ),
        )
    elif unknown:
        yield warn(
            about,
            gettext(N_("groups name offices that are not there: %(codes)s"), codes=unknown),
            gettext(N_("Correct them under “sign_in” and load the file again.")),
        )
    else:
        yield ok(about, found.issuer)


def _readable(settings: Settings, name: str) -> bool:
    try:
        return bool(read_secret(settings.instance, name))
    except DebtsUnavailable:
        return False
