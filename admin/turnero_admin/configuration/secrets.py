"""Files that forms name: whether each is there and can be read, never what it says."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from turnero_core.i18n import N_, gettext
from turnero_core.web.runtime import runtime
from turnero_queue.connectors.secret_files import FOLDER, NAME
from turnero_queue.server_files import FileState, secret_state, state_of

READABLE = N_("The file %(file)s is there and can be read.")
SHARED = N_("The file %(file)s is there, but others who use this machine can read it, too.")
EMPTY = N_("The file %(file)s is there, but nothing is in it.")
UNREADABLE = N_("The file %(file)s is there, but Turnero is not allowed to read it.")
MISSING = N_("The file %(file)s is not there. Whoever looks after the server puts it there.")

# How a file is -> the tone of that and its words.
SAID = {
    FileState.READY: ("ok", READABLE),
    FileState.OPEN: ("warn", SHARED),
    FileState.EMPTY: ("danger", EMPTY),
    FileState.UNREADABLE: ("danger", UNREADABLE),
    FileState.MISSING: ("danger", MISSING),
}


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
    return _said(
        name, f"{FOLDER}/{name}", secret_state(runtime().settings.instance / FOLDER / name)
    )


def other(name: object) -> Secret | None:
    """The same of a file that is no secret, by its place in the instance folder."""
    if not isinstance(name, str) or not name:
        return None
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        return None
    return _said(name, name, state_of(runtime().settings.instance / path))


def _said(name: str, shown: str, state: FileState) -> Secret:
    tone, words = SAID[state]
    return Secret(name, tone, gettext(words, file=shown))
