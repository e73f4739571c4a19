"""Reasons that a supervisor gives: needed where others will ask why."""

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext

LONGEST = 500


def needed(reason: str | None) -> str:
    """The reason in one line; Invalid `reason` when there is none or it is too long."""
    why = " ".join((reason or "").split())
    if not why:
        raise Invalid(errors={"reason": [gettext(N_("This is needed."))]})
    if len(why) > LONGEST:
        said = gettext(N_("Write at most %(longest)s characters."), longest=LONGEST)
        raise Invalid(errors={"reason": [said]})
    return why
