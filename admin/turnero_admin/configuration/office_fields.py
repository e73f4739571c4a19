"""What an office and its desks are asked for."""

from turnero_admin.configuration.fields import Field
from turnero_admin.configuration.kinds import NAME
from turnero_core.i18n import N_

_NAME = Field("name", N_("Name"), "names", required=True, longest=NAME)
_ADDRESS = Field("address", N_("Address"), longest=300)
_ZONE = Field(
    "timezone",
    N_("Time zone"),
    "listed",
    hint=N_("Only where it differs from the municipality's."),
    longest=64,
)
_LOCATION = Field(
    "location",
    N_("Place on the map"),
    "location",
    hint=N_("Degrees north and east, such as -12.046, -77.043."),
    longest=40,
)
GENERAL = (_NAME, _ADDRESS, _LOCATION, _ZONE)
NEW_OFFICE = (
    _NAME,
    _ADDRESS,
    Field(
        "code",
        N_("Short name in addresses"),
        hint=N_(
            "Such as centro, for /kiosk/centro. It cannot be changed later. "
            "Left empty, it is made of the name."
        ),
        longest=40,
    ),
)
DESK = (
    Field(
        "code",
        N_("Number or letter that is called out"),
        required=True,
        hint=N_("Such as 1, 12 or A. It cannot be changed later."),
        longest=40,
    ),
    Field("name", N_("Name"), "names", required=True, longest=NAME),
)
