"""Settings, the instance folder and the disk."""

import shutil
from collections.abc import Callable, Iterator

from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue.server_files import is_private
from turnero_server.checks.finding import Finding, fail, ok, warn
from turnero_server.instance import SECRET, is_writable

SHORTEST_SECRET = 32
GIB = 1 << 30
LEAST_FREE = GIB // 5
COMFORTABLE = 2 * GIB


def settings(chosen: Settings) -> Iterator[Finding]:
    about = gettext(N_("settings"))
    if chosen.base_url:
        yield ok(about, chosen.base_url)
        return
    yield warn(
        about,
        gettext(N_("TURNERO_BASE_URL is not set: printed QR codes lead where the kiosk does.")),
        gettext(N_("Set it to the address that citizens reach from outside.")),
    )


def instance(chosen: Settings) -> Iterator[Finding]:
    about = gettext(N_("instance folder"))
    place = str(chosen.instance)
    if not is_writable(chosen.instance):
        yield fail(
            about,
            gettext(N_("%(path)s is missing or not writable."), path=place),
            gettext(N_("Run “turnero init” as the user that runs the server.")),
        )
    elif not is_private(chosen.instance):
        yield fail(
            about,
            gettext(N_("Others on this machine can read %(path)s."), path=place),
            f"chmod 700 {place}",
        )
    else:
        yield ok(about, place)


def secret(chosen: Settings) -> Iterator[Finding]:
    about = gettext(N_("secret key"))
    file = chosen.instance / SECRET
    if not chosen.secret_key:
        yield fail(about, gettext(N_("There is none.")), gettext(N_("Run “turnero init”.")))
    elif len(chosen.secret_key) < SHORTEST_SECRET:
        yield fail(
            about,
            gettext(N_("It is shorter than %(n)s characters."), n=SHORTEST_SECRET),
            gettext(N_("Unset TURNERO_SECRET_KEY and run “turnero init”.")),
        )
    elif file.exists() and not is_private(file):
        yield fail(
            about,
            gettext(N_("Others on this machine can read %(path)s."), path=file),
            f"chmod 600 {file}",
        )
    else:
        yield ok(about, gettext(N_("kept to the server alone")))


def disk(chosen: Settings) -> Iterator[Finding]:
    about = gettext(N_("disk"))
    if not chosen.instance.is_dir():
        return
    free = shutil.disk_usage(chosen.instance).free
    said = gettext(N_("%(free)s GB free"), free=f"{free / GIB:.1f}")
    mend = gettext(N_("Make room: without it nothing can be written."))
    if free < LEAST_FREE:
        yield fail(about, said, mend)
    elif free < COMFORTABLE:
        yield warn(about, said, mend)
    else:
        yield ok(about, said)


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (settings, instance, secret, disk)
