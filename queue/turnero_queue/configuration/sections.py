"""Readers of the sections that depend on the municipality's languages and currency."""

from collections.abc import Callable, Sequence
from functools import partial

from turnero_core.i18n import LANGUAGES
from turnero_hardware.profiles import PROFILES
from turnero_queue.configuration import availability, hours, known, rule_values, scalars, texts
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.scalars import Tongues
from turnero_queue.configuration.values import (
    Attends,
    Category,
    Desk,
    Municipality,
    Names,
    Offer,
    Office,
    Printer,
    Priority,
    Service,
)

CHANNELS = ("in_person", "partly_online", "online")
NAME, SENTENCE, PARAGRAPH = 80, 300, 1000
FEW, MANY = 60, 2000
MINUTES = partial(Item.integer, low=0, high=600)
LIMIT = partial(Item.integer, low=1, high=scalars.MOST_PER_DAY)
SERVICE_KEYS = (
    "code",
    "prefix",
    "name",
    "category",
    "description",
    "requirements",
    "place",
    "icon",
    "duration_minutes",
    "target_wait_minutes",
    "fee",
    "channel",
    "appointments",
    "external_code",
    "daily_limit",
    "links",
)
OFFICE_KEYS = (
    "code",
    "name",
    "address",
    "location",
    "timezone",
    "hours",
    "holidays",
    "closures",
    "rules",
    "texts",
    "hall",
    "desks",
    "services",
    "printers",
    "availability",
)


def tongues(locale: str, languages: Sequence[str]) -> Tongues:
    """The languages that names are written in; any of the product's where `locale` is none."""
    if locale not in known.locales():
        return Tongues(None, LANGUAGES)
    return Tongues(locale.partition("_")[0], tuple(languages))


class Reader:
    def __init__(self, municipality: Municipality) -> None:
        spoken = tongues(municipality.locale, municipality.languages)
        self.name: Callable[[Item], Names] = scalars.names(spoken, NAME)
        self.sentence: Callable[[Item], Names] = scalars.names(spoken, SENTENCE)
        self.paragraph: Callable[[Item], Names] = scalars.names(spoken, PARAGRAPH)
        self.texts = texts.reader(spoken)
        self.hall = texts.hall_reader(spoken)
        self.money = scalars.money(municipality.currency)

    def category(self, item: Item) -> Category:
        found = item.fields(("code", "name", "icon"), ("code", "name"))
        return Category(
            code=found.get("code", scalars.code, ""),
            name=found.get("name", self.name, {}),
            icon=found.maybe("icon", scalars.icon),
        )

    def service(self, item: Item) -> Service:
        found = item.fields(SERVICE_KEYS, ("code", "prefix", "name"))
        return Service(
            code=found.get("code", scalars.code, ""),
            prefix=found.get("prefix", scalars.prefix, ""),
            name=found.get("name", self.name, {}),
            category=found.maybe("category", scalars.code),
            description=found.get("description", self.paragraph, {}),
            requirements=found.get(
                "requirements", partial(Item.each, read=self.sentence, limit=FEW), ()
            ),
            place=found.get("place", self.sentence, {}),
            icon=found.maybe("icon", scalars.icon),
            duration_minutes=found.get(
                "duration_minutes", partial(Item.integer, low=1, high=600), 10
            ),
            target_wait_minutes=found.get("target_wait_minutes", MINUTES, 20),
            fee_minor=found.maybe("fee", self.money),
            channel=found.get("channel", partial(Item.choice, options=CHANNELS), CHANNELS[0]),
            appointments=found.get("appointments", Item.boolean, False),
            external_code=found.maybe("external_code", partial(Item.text, limit=80)),
            daily_limit=found.maybe("daily_limit", LIMIT),
            links=found.get("links", texts.links, {}),
        )

    def priority(self, item: Item) -> Priority:
        found = item.fields(
            ("code", "name", "description", "icon", "head_start_minutes"), ("code", "name")
        )
        return Priority(
            code=found.get("code", scalars.code, ""),
            name=found.get("name", self.name, {}),
            description=found.get("description", self.paragraph, {}),
            icon=found.maybe("icon", scalars.icon),
            head_start_minutes=found.get("head_start_minutes", MINUTES, 0),
        )

    def office(self, item: Item) -> Office:
        found = item.fields(OFFICE_KEYS, ("code", "name", "hours"))
        closures = partial(Item.each, read=scalars.closure(self.sentence), limit=MANY)
        latitude, longitude = found.maybe("location", scalars.location) or (None, None)
        return Office(
            code=found.get("code", scalars.code, ""),
            name=found.get("name", self.name, {}),
            hours=found.get("hours", hours.read, {}),
            address=found.get("address", partial(Item.text, limit=300), ""),
            latitude=latitude,
            longitude=longitude,
            timezone=found.maybe("timezone", scalars.timezone),
            holidays=found.maybe("holidays", scalars.holidays),
            closures=found.get("closures", closures, ()),
            rules=found.get("rules", rule_values.settings, {}),
            texts=found.get("texts", self.texts, {}),
            hall=found.get("hall", self.hall, {}),
            desks=found.get("desks", partial(Item.each, read=self.desk, limit=MANY), ()),
            services=found.get("services", partial(Item.each, read=self.offer, limit=MANY), ()),
            printers=found.get("printers", partial(Item.each, read=printer, limit=FEW), ()),
            availability=found.get(
                "availability",
                partial(Item.each, read=availability.read(self.name), limit=availability.MOST),
                (),
            ),
        )

    def offer(self, item: Item) -> Offer:
        if not item.is_mapping:
            return Offer(scalars.code(item))
        found = item.fields(("code", "daily_limit", "place"), ("code",))
        return Offer(
            code=found.get("code", scalars.code, ""),
            daily_limit=found.maybe("daily_limit", LIMIT),
            place=found.get("place", self.sentence, {}),
        )

    def desk(self, item: Item) -> Desk:
        found = item.fields(("code", "name", "services"), ("code", "name"))
        return Desk(
            code=found.get("code", scalars.desk_code, ""),
            name=found.get("name", self.name, {}),
            services=found.get("services", partial(Item.each, read=attends, limit=MANY), ()),
        )


def printer(item: Item) -> Printer:
    found = item.fields(("code", "name", "uri", "profile"), ("code", "uri"))
    code = found.get("code", scalars.code, "")
    return Printer(
        code=code,
        name=found.get("name", partial(Item.text, limit=NAME), code),
        uri=found.get("uri", scalars.printer_uri, ""),
        profile=found.get("profile", partial(Item.choice, options=tuple(PROFILES)), "80mm"),
    )


def attends(item: Item) -> Attends:
    if not item.is_mapping:
        return Attends(scalars.code(item))
    found = item.fields(("code", "handicap_minutes"), ("code",))
    return Attends(found.get("code", scalars.code, ""), found.get("handicap_minutes", MINUTES, 0))
