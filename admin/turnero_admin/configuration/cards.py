"""What the configuration's first page leads to: one row per group of pages."""

from dataclasses import dataclass
from typing import Any

from flask import current_app

from turnero_core.i18n import N_
from turnero_queue.api import signed_in


@dataclass(frozen=True)
class Card:
    """`endpoint` is where it begins; `permission` who sees it, in every office where `shared`.

    A card stays hidden until its endpoint exists. `given` fills what its address needs.
    """

    endpoint: str
    label: str
    hint: str
    icon: str
    permission: str = "office.configure"
    shared: bool = True
    given: tuple[tuple[str, str], ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.given)


CARDS: tuple[Card, ...] = (
    Card(
        "configuration.offices",
        N_("Offices"),
        N_("Where people are attended: hours, desks, closures"),
        "building-2",
        shared=False,
    ),
    Card(
        "configuration.listing",
        N_("Services"),
        N_("What people come for: names, requirements, fees"),
        "file-text",
        given=(("kind", "services"),),
    ),
    Card(
        "configuration.listing",
        N_("Categories"),
        N_("The groups that citizens see first"),
        "list-checks",
        given=(("kind", "categories"),),
    ),
    Card(
        "configuration.listing",
        N_("Priorities"),
        N_("Who is called earlier, and by how much"),
        "heart-handshake",
        given=(("kind", "priorities"),),
    ),
    Card(
        "configuration.rules",
        N_("Rules"),
        N_("Limits, times and habits of every office"),
        "scale",
    ),
    Card(
        "configuration.municipality",
        N_("Municipality"),
        N_("Name, languages, time zone and currency"),
        "landmark",
    ),
    Card(
        "configuration.payments",
        N_("Payments"),
        N_("Ways to pay, points of sale, debts of other systems, certificates"),
        "coins",
    ),
    Card(
        "appearance.branding",
        N_("Name, logo and colour"),
        N_("How screens and slips look, and whether everybody can read them"),
        "eye",
    ),
    Card(
        "appearance.texts",
        N_("Texts of slips and screens"),
        N_("Greetings, last lines and messages, with a preview"),
        "message-square",
    ),
    Card(
        "appearance.halls",
        N_("Hall screens"),
        N_("Which queues they show, and what they say aloud"),
        "monitor",
        shared=False,
    ),
    Card(
        "configuration.messages",
        N_("How messages are sent"),
        N_("E-mail, SMS and WhatsApp: through what, and whether it works"),
        "mail",
        permission="configuration.edit",
    ),
    Card(
        "configuration.sign_in",
        N_("How staff sign in"),
        N_("With a password here, or at the city's own sign-in"),
        "log-in",
        permission="configuration.edit",
    ),
    Card(
        "configuration_file.index",
        N_("As a file"),
        N_("Everything in one text file: take it away, bring one, compare"),
        "download",
    ),
    Card(
        "procedures.index",
        N_("Procedures of Argentina"),
        N_("The national tramites.json: import and export"),
        "scroll-text",
    ),
    Card(
        "configuration.history",
        N_("History"),
        N_("Who changed what, and how to go back"),
        "history",
    ),
)


def shown() -> list[Card]:
    """The cards that whoever is signed in may follow."""
    person = signed_in.person()
    views = current_app.view_functions
    return [
        card
        for card in CARDS
        if person is not None
        and card.endpoint in views
        and (
            person.grants.everywhere(card.permission)
            if card.shared
            else person.can(card.permission)
        )
    ]
