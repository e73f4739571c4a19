"""Opens the database that the settings name, or says why it cannot be used."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DBAPIError

from turnero_core import sealed
from turnero_core.db import Database
from turnero_core.errors import Unavailable
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings, SettingsError
from turnero_server import schema


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """The database, reachable but whatever its version; closed at the end."""
    opened = connect(settings)
    try:
        check_instance(settings)
        check_reachable(opened)
        yield opened
    finally:
        opened.dispose()


@contextmanager
def current_database(settings: Settings) -> Iterator[Database]:
    """The database, with the tables that this version works with."""
    with database(settings) as opened:
        check_version(opened)
        yield opened


def connect(settings: Settings) -> Database:
    sealed.use(settings.secret_key)
    try:
        opened = Database(settings.database_url)
        opened.origin = _terminal()
        return opened
    except (ArgumentError, ValueError) as error:
        said = N_("TURNERO_DATABASE_URL cannot be used: %(error)s")
        raise SettingsError(gettext(said, error=error)) from error


def _terminal() -> str:
    """Who is at the machine, for the audit log."""
    try:
        return f"command:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"command:{os.getuid()}"


def check_instance(settings: Settings) -> None:
    if not settings.instance.is_dir():
        raise Unavailable(
            N_("There is no instance folder %(path)s: run “turnero init”."),
            slug="no-instance",
            path=settings.instance,
        )


def check_reachable(opened: Database) -> None:
    """Unavailable, the password masked, when nothing answers at the database's address."""
    try:
        with opened.engine.connect():
            pass
    except DBAPIError as error:
        raise Unavailable(
            N_("The database %(url)s cannot be reached: %(reason)s"),
            slug="database-unreachable",
            url=opened.url.render_as_string(),
            reason=_first_line(error),
        ) from error


def check_version(opened: Database) -> None:
    """Unavailable when the tables are not those of this version, and what to do."""
    state = schema.state_of(opened)
    if state is schema.State.CURRENT:
        return
    said = {
        schema.State.EMPTY: N_("The database has no tables yet: run “turnero init”."),
        schema.State.BEHIND: N_(
            "The database is at version %(version)s and this program needs %(head)s: "
            "make a backup and run “turnero migrate”."
        ),
        schema.State.NEWER: N_(
            "The database is at version %(version)s, made by a newer Turnero; this one knows up "
            "to %(head)s. Install the newer version."
        ),
    }
    raise Unavailable(
        said[state],
        slug=f"schema-{state.value}",
        version=schema.version_of(opened) or "-",
        head=schema.head(),
    )


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
