"""The files that hold secrets: whether each is there and can be read, never what it says."""

import os
import stat
from dataclasses import dataclass

from turnero_core.i18n import N_, gettext
from turnero_core.web.runtime import runtime
from turnero_queue.connectors.secret_files import FOLDER, NAME

READABLE = N_("The file %(file)s is there and can be read.")
SHARED = N_("The file %(file)s is there, but others who use this machine can read it, too.")
EMPTY = N_("The file %(file)s is there, but nothing is in it.")
UNREADABLE = N_("The file %(file)s is there, but Turnero is not allowed to read it.")
MISSING = N_("The file %(file)s is not there. Whoever looks after the server puts it there.")


@dataclass(frozen=True)
class Secret:
    """A file named in a form, and how it is; `tone` is that of a notice."""

    name: str
    tone: str
    words: str


def looked_at(name: object) -> Secret | None:
    """How the file of that name is now; None where no file is named."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return None
    tone, words = _state(name)
    return Secret(name, tone, gettext(words, file=f"{FOLDER}/{name}"))


def _state(name: str) -> tuple[str, str]:
    path = runtime().settings.instance / FOLDER / name
    try:
        found = path.stat()
    except FileNotFoundError:
        return "danger", MISSING
    except OSError:
        return "danger", UNREADABLE
    if not stat.S_ISREG(found.st_mode) or not os.access(path, os.R_OK):
        return "danger", UNREADABLE
    if not found.st_size:
        return "danger", EMPTY
    return ("warn", SHARED) if found.st_mode & 0o077 else ("ok", READABLE)
