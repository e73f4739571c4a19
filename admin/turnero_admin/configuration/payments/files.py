"""How it stands with the files on the server that the configuration names, in words."""

from pathlib import Path, PurePosixPath

from turnero_core.i18n import N_, gettext
from turnero_core.web.runtime import runtime
from turnero_queue.connectors.secret_files import FOLDER, NAME
from turnero_queue.server_files import FileState, secret_state, state_of

# State -> tone, icon, words.
SAID = {
    FileState.READY: (
        "ok",
        "circle-check",
        N_("The file %(file)s is on the server and can be read."),
    ),
    FileState.MISSING: (
        "danger",
        "circle-x",
        N_(
            "The file %(file)s is not on the server yet. "
            "Whoever looks after the server has to put it there."
        ),
    ),
    FileState.UNREADABLE: (
        "danger",
        "circle-x",
        N_("The file %(file)s is on the server, but it may not be read."),
    ),
    FileState.EMPTY: (
        "danger",
        "circle-x",
        N_("The file %(file)s is on the server, but nothing is in it."),
    ),
    FileState.OPEN: (
        "warn",
        "triangle-alert",
        N_(
            "The file %(file)s can be read, but by others on that server too. "
            "Whoever looks after the server should make it private (chmod 600)."
        ),
    ),
}
Said = tuple[str, str, str]


def secret(name: str) -> Said | None:
    """Tone, icon and sentence about a secret's file; None for what is no name of one."""
    if not NAME.fullmatch(name):
        return None
    return _said(f"{FOLDER}/{name}", secret_state(_instance() / FOLDER / name))


def other(name: str) -> Said | None:
    """The same about another file inside the instance folder."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        return None
    return _said(name, state_of(_instance() / name))


def usable(said: Said | None) -> bool:
    return said is not None and said[0] != "danger"


def _said(name: str, state: FileState) -> Said:
    tone, icon, words = SAID[state]
    return tone, icon, gettext(words, file=name)


def _instance() -> Path:
    return runtime().settings.instance
