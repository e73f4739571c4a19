"""What a check found."""

from dataclasses import dataclass
from enum import Enum

from turnero_core.errors import Problem
from turnero_core.i18n import N_, gettext


class Level(Enum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """`mend` says what to do, in the reader's language, when the level is not OK."""

    level: Level
    about: str
    said: str
    mend: str = ""


def ok(about: str, said: str) -> Finding:
    return Finding(Level.OK, about, said)


def warn(about: str, said: str, mend: str) -> Finding:
    return Finding(Level.WARN, about, said, mend)


def fail(about: str, said: str, mend: str) -> Finding:
    return Finding(Level.FAIL, about, said, mend)


def refused(problem: Problem) -> Finding:
    """A refusal that keeps the server from starting; its text says how to mend it."""
    return fail(gettext(N_("database")), gettext(problem.detail, **problem.params), "")
