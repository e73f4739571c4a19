"""What every office shares: services, categories, priorities; and what each of them says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from turnero_admin.configuration.fields import Field, Group
from turnero_admin.configuration.pictures import PICTURES
from turnero_core.i18n import N_
from turnero_queue.configuration.scalars import decimals

NAME, SENTENCE, PARAGRAPH = 80, 300, 1000
CHANNELS = (
    ("in_person", N_("At the office")),
    ("partly_online", N_("Partly online")),
    ("online", N_("Entirely online")),
)


@dataclass(frozen=True)
class Kind:
    """`name` is its list in the configuration; the texts are what people call it."""

    name: str
    one: str
    many: str
    new: str
    lead: str
    nothing: str
    icon: str
    groups: tuple[Group, ...]
    # What happens when one is taken out of use.
    leaving: str

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for group in self.groups for field in group.fields)


LINKS = Field(
    "links",
    N_("Its pages on the web"),
    "parts",
    hint=N_("Whole addresses, beginning with https://. The national register shows them."),
    options=(
        ("guide", N_("Where it is explained")),
        ("appointment", N_("Where an appointment is asked for")),
        ("online", N_("Where it is done online")),
    ),
    longest=400,
)
_NAME = Field("name", N_("Name"), "names", required=True, longest=NAME)
_ICON = Field("icon", N_("Picture"), "icon", options=PICTURES)

SERVICES = Kind(
    "services",
    N_("Service"),
    N_("Services"),
    N_("New service"),
    N_("What people come for, in the order in which they see it."),
    N_("There are no services yet."),
    "file-text",
    (
        Group(
            N_("What citizens read"),
            (
                replace(_NAME, hint=N_("Up to 38 letters fit the kiosk best.")),
                Field(
                    "description",
                    N_("What it is for"),
                    "names",
                    hint=N_("One plain sentence."),
                    longest=PARAGRAPH,
                    lines=True,
                ),
                Field("requirements", N_("What to bring"), "texts", longest=SENTENCE),
                Field(
                    "place",
                    N_("Where it is attended"),
                    "names",
                    hint=N_("Such as: first floor, desks 1 to 3."),
                    longest=SENTENCE,
                ),
                Field("category", N_("Category"), "choice", blank=N_("None")),
                _ICON,
            ),
        ),
        Group(
            N_("Turns"),
            (
                Field(
                    "prefix",
                    N_("Letters of its turns"),
                    "capitals",
                    hint=N_(
                        "R gives R001, R002 … Services with the same letters share the numbers."
                    ),
                    required=True,
                    longest=3,
                ),
                Field(
                    "duration_minutes",
                    N_("Minutes that attending one person takes"),
                    "number",
                    hint=N_("Estimates begin with it, and learn from what really happens."),
                    required=True,
                    low=1,
                ),
                Field(
                    "target_wait_minutes",
                    N_("Minutes that people should wait at most"),
                    "number",
                    hint=N_("Shorter ones are called earlier."),
                    required=True,
                ),
                Field(
                    "daily_limit",
                    N_("Turns in a day at most, in one office"),
                    "number",
                    hint=N_("Leave it empty for no limit."),
                    low=1,
                    high=100_000,
                ),
                Field("appointments", N_("It can be booked ahead"), "flag"),
            ),
            short=True,
        ),
        Group(
            N_("Fee and procedure"),
            (
                Field("fee", N_("Fee"), "money", hint=N_("Leave it empty when it costs nothing.")),
                Field("channel", N_("Where it can be done"), "choice", options=CHANNELS),
                Field(
                    "external_code",
                    N_("Code in the national register"),
                    hint=N_("Such as TUPA, SUIT or tramites.json, if there is one."),
                ),
            ),
            short=True,
        ),
        Group("", (LINKS,)),
    ),
    N_("It is no longer given anywhere. What was attended stays in the statistics."),
)
CATEGORIES = Kind(
    "categories",
    N_("Category"),
    N_("Categories"),
    N_("New category"),
    N_("The groups that citizens see first. Six or fewer fit one screen."),
    N_("There are no categories: citizens see all services at once."),
    "list-checks",
    (Group("", (_NAME, _ICON)),),
    N_("Its services stay, without a category."),
)
PRIORITIES = Kind(
    "priorities",
    N_("Priority"),
    N_("Priorities"),
    N_("New priority"),
    N_("Who is called earlier. The first one is what everybody has who asks for none."),
    N_("There are no priorities yet."),
    "heart-handshake",
    (
        Group(
            "",
            (
                _NAME,
                Field("description", N_("Whom it is for"), "names", longest=PARAGRAPH, lines=True),
                Field(
                    "head_start_minutes",
                    N_("Minutes of advantage"),
                    "number",
                    hint=N_("They are called as if they had come so many minutes earlier."),
                    required=True,
                ),
                _ICON,
            ),
        ),
    ),
    N_("Who has a turn with it keeps the place; nobody can ask for it any more."),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (SERVICES, CATEGORIES, PRIORITIES)}
NEW: Mapping[str, dict[str, object]] = {
    "services": {"duration_minutes": 10, "target_wait_minutes": 20, "channel": "in_person"},
    "categories": {},
    "priorities": {"head_start_minutes": 0},
}


def completed(
    groups: tuple[Group, ...], categories: tuple[tuple[str, str], ...], currency: str
) -> tuple[Group, ...]:
    """The groups with what depends on the rest of the configuration."""

    def complete(field: Field) -> Field:
        if field.name == "category":
            return replace(field, options=categories)
        if field.kind == "money":
            return replace(field, high=decimals(currency), blank=currency)
        return field

    return tuple(
        replace(group, fields=tuple(complete(field) for field in group.fields)) for group in groups
    )
