"""The instance folder: private to the server, with its secret key inside."""

import os
from pathlib import Path

from turnero_core import settings
from turnero_core.errors import Unavailable
from turnero_core.i18n import N_
from turnero_server import reasons

SECRET = "secret_key"  # noqa: S105 - the name of the file


def prepare(instance: Path) -> list[Path]:
    """Make the folder and what must be in it; gives what was not there before."""
    wanted = (instance, instance / SECRET)
    missing = [path for path in wanted if not path.exists()]
    try:
        settings.make_instance(instance)
    except OSError as error:
        raise Unavailable(
            N_("The instance folder %(path)s cannot be made: %(reason)s"),
            path=instance,
            reason=reasons.of(error),
        ) from error
    return missing


def is_writable(instance: Path) -> bool:
    return instance.is_dir() and os.access(instance, os.R_OK | os.W_OK | os.X_OK)
