"""What a hall says: the sentences that call a person, and the desks' names, in every language."""

from collections.abc import Iterable, Mapping

from turnero_core.i18n import N_, gettext, speaking
from turnero_queue.catalogue import Office

FIRST = N_("Turn %(ticket)s, %(desk)s")
SECOND = N_("Second call: turn %(ticket)s, %(desk)s")
LATER = N_("Call %(count)s: turn %(ticket)s, %(desk)s")
FIELDS = {"ticket": "{ticket}", "desk": "{desk}"}


def sentences(languages: Iterable[str]) -> dict[str, list[str]]:
    """Language -> what is said at the first, second and any later call.

    The page fills {ticket}, {desk} and {count}.
    """
    said = {}
    for language in dict.fromkeys(languages):
        with speaking(language):
            said[language] = [
                gettext(FIRST, **FIELDS),
                gettext(SECOND, **FIELDS),
                gettext(LATER, count="{count}", **FIELDS),
            ]
    return said


def desk_names(office: Office) -> dict[str, Mapping[str, str]]:
    """Desk code -> its name by language."""
    return {desk.code: dict(desk.name) for desk in office.desks}
