"""The form of one availability, read: every field that cannot be used is named, in words."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue import opening
from turnero_queue.appointments import schedules
from turnero_queue.availability import POOLS, SHARED_GROUP, WEEKDAYS, Availability
from turnero_queue.catalogue import Office
from turnero_queue.configuration.availability import FARTHEST, LONGEST_LEAD, LONGEST_SLOT, MOST

LONGEST_NAME, LONGEST_CODE = 80, 40
MOST_EXCEPTIONS = 366
# Field -> least, most.
NUMBERS = {
    "slot_minutes": (5, LONGEST_SLOT),
    "buffer_minutes": (0, LONGEST_SLOT),
    "seats": (1, 200),
    "desks_needed": (1, 20),
    "every_weeks": (1, 52),
    "lead_minutes": (0, LONGEST_LEAD),
    "horizon_days": (0, FARTHEST),
}
GROUP = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
Form = MultiDict[str, str]


class _Reader:
    """Reads field after field and keeps what is wrong with them."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.errors: dict[str, list[str]] = {}

    def wrong(self, field: str, text: str, /, **params: object) -> None:
        self.errors.setdefault(field, []).append(gettext(text, **params))

    def number(self, field: str) -> int:
        least, most = NUMBERS[field]
        text = self.form.get(field, "").strip()
        if text.isascii() and text.isdecimal() and len(text) < 7 and least <= int(text) <= most:
            return int(text)
        self.wrong(field, N_("Write a number from %(least)s to %(most)s."), least=least, most=most)
        return least

    def day(self, field: str) -> date | None:
        text = self.form.get(field, "").strip()
        return self._date(field, text) if text else None

    def days(self, field: str) -> frozenset[date]:
        texts = re.split(r"[\s,;]+", self.form.get(field, "").strip())
        if len(texts) > MOST_EXCEPTIONS:
            self.wrong(field, N_("These are too many days."))
            return frozenset()
        found = [self._date(field, text) for text in texts if text]
        return frozenset(day for day in found if day is not None)

    def _date(self, field: str, text: str) -> date | None:
        try:
            return date.fromisoformat(text[:10]) if len(text) == 10 else date.fromisoformat("-")
        except ValueError:
            self.wrong(
                field,
                N_("“%(text)s” is no day. Write it like 2026-12-24."),
                text=text[:20],
            )
            return None

    def hours(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        found = {day: tuple(self._spans(f"hours-{day}")) for day in WEEKDAYS}
        kept = {day: spans for day, spans in found.items() if spans}
        if not kept and not any(field.startswith("hours-") for field in self.errors):
            self.wrong("hours", N_("Write the hours of at least one day."))
        return kept

    def _spans(self, field: str) -> Iterator[tuple[int, int]]:
        before = 0
        for text in filter(None, re.split(r"[,;]", self.form.get(field, ""))):
            span = self._span(field, re.sub(r"\s+", "", text).replace("–", "-"))
            if span is None:
                continue
            if span[0] < before:
                self.wrong(field, N_("These times overlap, or are not in order."))
            before = span[1]
            yield span

    def _span(self, field: str, text: str) -> tuple[int, int] | None:
        try:
            return opening.minutes_of_day(re.sub(r"(?<!\d)(\d:)", r"0\1", text))
        except ValueError:
            if re.fullmatch(r"\d?\d:[0-5]\d-\d?\d:[0-5]\d", text):
                self.wrong(field, N_("It has to close after it opens."))
            else:
                self.wrong(
                    field,
                    N_("“%(text)s” is not a time such as 08:30-12:30."),
                    text=text[:20],
                )
            return None


def read(form: Form, office: Office, languages: tuple[str, ...], code: str | None) -> Availability:
    """The availability that the form describes, `code` for one that there is already.

    Raises Invalid with `errors` by field.
    """
    reader = _Reader(form)
    names = _names(reader, languages)
    on_desks = form.get("places") != "seats"
    desks = tuple(form.getlist("desks")) if on_desks else ()
    if on_desks and not desks:
        reader.wrong("desks", N_("Choose at least one desk."))
    group = form.get("group", "").strip() or SHARED_GROUP
    if not on_desks and not GROUP.fullmatch(group):
        reader.wrong("group", N_("Use small letters, digits, - and _ only."))
    pool = form.get("pool", POOLS[0])
    given = Availability(
        code=code or _code(office, names),
        services=tuple(form.getlist("services")),
        hours=reader.hours(),
        slot_minutes=reader.number("slot_minutes"),
        seats=1 if on_desks else reader.number("seats"),
        desks=desks,
        group=SHARED_GROUP if on_desks else group,
        pool=pool if pool in POOLS else POOLS[0],
        first=reader.day("first"),
        last=reader.day("last"),
        every_weeks=reader.number("every_weeks"),
        exceptions=reader.days("exceptions"),
        buffer_minutes=reader.number("buffer_minutes"),
        lead_minutes=reader.number("lead_minutes"),
        horizon_days=reader.number("horizon_days"),
        desks_needed=reader.number("desks_needed"),
        name=names,
    )
    _check(reader, office, given)
    return given


def _check(reader: _Reader, office: Office, given: Availability) -> None:
    """What the domain thinks of it, besides what the form says already."""
    if len(given.services) > MOST:
        reader.wrong("services", N_("These are too many services."))
    try:
        schedules.check(office, given)
    except Invalid as problem:
        for field, texts in problem.extra["errors"].items():
            # A field that could not be read was given another value: say only what was wrong.
            if field not in reader.errors:
                reader.errors[field] = list(texts)
    except (Conflict, NotFound) as problem:
        reader.wrong("services", problem.detail, **problem.params)
    if reader.errors:
        raise Invalid(errors=reader.errors)


def _names(reader: _Reader, languages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for language in languages:
        name = " ".join(reader.form.get(f"name-{language}", "").split())
        if len(name) > LONGEST_NAME or not name.isprintable():
            field = f"name-{language}"
            reader.wrong(field, N_("Write at most %(longest)s characters."), longest=LONGEST_NAME)
        elif name:
            found[language] = name
    if not found and not any(field.startswith("name-") for field in reader.errors):
        reader.wrong(f"name-{languages[0]}", N_("This is needed."))
    return found


def _code(office: Office, names: Mapping[str, str]) -> str:
    """A code that the office does not use yet, made of the name."""
    name = next(iter(names.values()), "")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_CODE - 4].strip("-") or "hours"
    taken = {each.code for each in office.availabilities}
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
