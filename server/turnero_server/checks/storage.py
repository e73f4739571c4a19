"""The database as a place to keep things: reached, durable, at the right version."""

from collections.abc import Callable, Iterator

from sqlalchemy import text

from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_server import schema
from turnero_server.checks.finding import Finding, fail, ok

# What each engine answers when a committed turn survives a power cut.
SQLITE = {"journal_mode": ("wal",), "synchronous": ("2", "3")}
POSTGRES = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_write", "remote_apply", "local"),
}


def reached(database: Database) -> Iterator[Finding]:
    yield ok(gettext(N_("database")), database.url.render_as_string())


def durable(database: Database) -> Iterator[Finding]:
    about = gettext(N_("durability"))
    wanted, ask = (SQLITE, "PRAGMA {}") if database.sqlite else (POSTGRES, "SHOW {}")
    with database.engine.connect() as connection:
        found = {name: str(connection.scalar(text(ask.format(name)))) for name in wanted}
    said = ", ".join(f"{name} = {value}" for name, value in found.items())
    if all(found[name] in good for name, good in wanted.items()):
        yield ok(about, said)
    else:
        yield fail(
            about,
            said,
            gettext(N_("A power cut could lose turns: switch these on in the database server.")),
        )


def version(database: Database) -> Iterator[Finding]:
    if schema.state_of(database) is schema.State.CURRENT:
        yield ok(gettext(N_("tables")), gettext(N_("version %(version)s"), version=schema.head()))


CHECKS: tuple[Callable[[Database], Iterator[Finding]], ...] = (reached, durable, version)
