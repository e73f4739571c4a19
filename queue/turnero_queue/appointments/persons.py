"""Who comes: what they wrote is checked, kept sealed, and found again by a digest."""

from typing import Any

from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.appointments.values import Person
from turnero_queue.models import Municipality
from turnero_queue.notices.contacts import contact
from turnero_queue.notices.settings import region_of

LONGEST_NAME = 80


def check(session: Session, person: Person, language: str) -> Person:
    """The same with its addresses in their usual form; Invalid names the fields that are wrong."""
    name = " ".join((person.name or "").split()) or None
    if name and (len(name) > LONGEST_NAME or not name.isprintable()):
        text = gettext(N_("Write at most %(longest)s characters."), longest=LONGEST_NAME)
        raise Invalid(errors={"name": [text]})
    if not (person.email or person.phone):
        return Person(name)
    region = ""
    if person.phone and not person.phone.strip().startswith("+"):
        region = region_of(session.get_one(Municipality, 1))
    found = contact(email=person.email, phone=person.phone, language=language, region=region)
    return Person(name, found.email, found.phone)


def columns(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "email_digest": digest(person.email),
        "phone_digest": digest(person.phone),
    }


def digest(address: str | None) -> str | None:
    return sealed.digest(address.lower()) if address else None
