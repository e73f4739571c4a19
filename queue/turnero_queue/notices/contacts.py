"""Addresses that people give: checked when they are given, and kept in one form."""

from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat

from turnero_core.errors import Invalid
from turnero_core.i18n import LANGUAGES, N_, gettext

LONGEST = 254
BAD_EMAIL = N_("This is not an e-mail address. Write it like ana@example.com.")
BAD_PHONE = N_("This is not a telephone number. Write it with its area code.")


@dataclass(frozen=True)
class Contact:
    """Where a person can be told things; `phone` is E.164, such as +51987654321."""

    email: str | None
    phone: str | None
    language: str = LANGUAGES[0]

    @property
    def reachable(self) -> bool:
        return bool(self.email or self.phone)


def contact(
    *, email: str | None = None, phone: str | None = None, language: str, region: str
) -> Contact:
    """What somebody wrote, as a Contact; Invalid names the fields that cannot be used.

    `region` is the country (PE) that a number without +… is of; see `region_of`.
    """
    errors: dict[str, list[str]] = {}
    found: dict[str, str | None] = {"email": None, "phone": None}
    for field, text, read in (
        ("email", email, normal_email),
        ("phone", phone, lambda written: normal_phone(written, region)),
    ):
        if not (text or "").strip():
            continue
        try:
            found[field] = read(text or "")
        except ValueError as error:
            errors[field] = [gettext(str(error))]
    if errors:
        raise Invalid(errors=errors)
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    return Contact(found["email"], found["phone"], spoken)


def normal_email(text: str) -> str:
    """The address in its usual form; ValueError says what to do. Nobody is asked over the net."""
    trimmed = text.strip()
    if len(trimmed) > LONGEST or not trimmed.isprintable():
        raise ValueError(BAD_EMAIL)
    try:
        checked = validate_email(trimmed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(BAD_EMAIL) from error
    # Without SMTPUTF8 everywhere, an address outside ASCII would be lost on the way.
    if not checked.ascii_email:
        raise ValueError(BAD_EMAIL)
    return checked.ascii_email


def normal_phone(text: str, region: str) -> str:
    """The number as E.164; ValueError says what to do."""
    if len(text) > 40 or not text.strip().isprintable():
        raise ValueError(BAD_PHONE)
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise ValueError(BAD_PHONE) from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise ValueError(BAD_PHONE)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked(address: str) -> str:
    """Enough of an address to recognise it: a…@example.com, …4321."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if at else f"…{address[-4:]}"
