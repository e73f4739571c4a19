"""The audit log: whether its last entries are as they were written."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext, ngettext
from turnero_core.settings import Settings
from turnero_queue import audit
from turnero_server.checks.finding import Finding, fail, ok

# Enough for days of work, and looked at in less than a second.
LAST = 2000


def audit_log(session: Session, _settings: Settings) -> Iterator[Finding]:
    about, last = gettext(N_("audit log")), audit.last_seq(session)
    found = audit.verify(session, max(0, last - LAST))
    if not found.whole:
        mend = N_("Keep a copy of this database, and find out who has its password.")
        yield fail(about, found.sentence(), gettext(mend))
    elif last > LAST:
        said = N_("the last %(n)s entries of %(all)s are whole; “turnero audit verify” checks all")
        yield ok(about, gettext(said, n=LAST, all=last))
    else:
        yield ok(about, ngettext("the only entry is whole", "all %(n)s entries are whole", last))
