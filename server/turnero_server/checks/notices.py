"""Whether messages can leave: channels, and the files with their secrets."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue.models import Municipality
from turnero_queue.notices import listing
from turnero_queue.notices.providers import ProviderError, provider_for
from turnero_queue.notices.settings import from_stored
from turnero_queue.server_files import is_private
from turnero_server.checks.finding import Finding, ok, warn


def notices(session: Session, settings: Settings) -> Iterator[Finding]:
    about = gettext(N_("messages"))
    row = session.get(Municipality, 1)
    found = from_stored(row.notices) if row else None
    for channel, chosen in found.providers.items() if found else ():
        name = gettext(listing.CHANNEL_NAMES[channel])
        mend = gettext(N_("See “Setting it up” in docs/notices.md."))
        try:
            provider_for(chosen, settings.instance)
        except ProviderError as error:
            yield warn(about, f"{name}: {error}", mend)
        else:
            yield ok(about, name)
    if found and found.providers and not settings.base_url:
        said = gettext(N_("TURNERO_BASE_URL is not set: messages have no links."))
        yield warn(about, said, gettext(N_("Set it to the address that citizens use.")))
    folder = settings.instance / "secrets"
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        if not is_private(file):
            said = gettext(N_("Others on this machine can read %(path)s."), path=file)
            yield warn(about, said, f"chmod 600 {file}")
