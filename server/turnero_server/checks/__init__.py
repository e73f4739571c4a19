"""What `turnero doctor` looks at. Each check gives findings and changes nothing."""

from collections.abc import Iterator

from turnero_core.errors import Problem
from turnero_core.settings import Settings
from turnero_server import opening
from turnero_server.checks import configured, machine, storage
from turnero_server.checks.finding import Finding, Level, refused

__all__ = ["Finding", "Level", "examine"]


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, one after another; what depends on something broken is left out."""
    for machine_check in machine.CHECKS:
        yield from machine_check(settings)
    try:
        with opening.database(settings) as database:
            for storage_check in storage.CHECKS:
                yield from storage_check(database)
            opening.check_version(database)
            with database.read() as session:
                for check in configured.CHECKS:
                    yield from check(session, settings)
    except Problem as problem:
        yield refused(problem)
