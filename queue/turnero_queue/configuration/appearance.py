"""Changes of what slips and screens say, checked as the configuration file checks them."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import LANGUAGES, N_, gettext
from turnero_queue.configuration.changes import Change
from turnero_queue.configuration.items import UNPRINTABLE
from turnero_queue.configuration.loading import apply, hold
from turnero_queue.configuration.stored import stored
from turnero_queue.configuration.values import Configuration, Names, Office
from turnero_queue.texts import KEYS, LONGEST, LONGEST_HALL_MESSAGE, MOST_CALLS

Texts = Mapping[str, Names]
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LONGEST_NAME = 200
Errors = dict[str, list[str]]


class ChangedMeanwhile(Conflict):
    """Somebody else saved other values since they were shown."""

    slug = "changed-meanwhile"


def mark(value: Any) -> str:
    """A short sign of a value: another value has another sign."""
    told = json.dumps(value, sort_keys=True, ensure_ascii=False, default=dict)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def in_force(session: Session) -> Configuration:
    found = stored(session)
    if found is None:
        raise Conflict(
            N_("Nothing is configured yet: load a configuration file with “turnero load FILE”."),
            slug="not-configured",
        )
    return found


def office_of(configuration: Configuration, code: str) -> Office:
    return next(office for office in configuration.offices if office.code == code)


def set_texts(
    session: Session, office: str | None, given: Texts, seen: str, *, actor: str
) -> list[Change]:
    """Put the texts of the municipality, or those of one office, in force.

    `given` has a text for each key and language; an empty one is none. Invalid names each as
    KEY.LANGUAGE; ChangedMeanwhile when they are not those that `seen` is the mark of.
    """
    hold(session)
    before = in_force(session)
    now = office_of(before, office).texts if office else before.municipality.texts
    texts = _checked_texts(given, now, _Tongues(before))
    _same(now, seen)
    if office:
        return _of_office(session, before, office, actor, texts=texts)
    after = replace(before, municipality=replace(before.municipality, texts=texts))
    return apply(session, after, actor=actor)


def set_hall(
    session: Session, office: str, given: Mapping[str, Any], seen: str, *, actor: str
) -> list[Change]:
    """Put an office's hall settings in force: those of `texts.HallSettings`, each as it is stored.

    Invalid names each that cannot be used; ChangedMeanwhile as for `set_texts`.
    """
    hold(session)
    before = in_force(session)
    found = office_of(before, office)
    hall = _checked_hall(given, found, _Tongues(before))
    _same(found.hall, seen)
    return _of_office(session, before, office, actor, hall=hall)


def _of_office(
    session: Session, before: Configuration, code: str, actor: str, **values: Any
) -> list[Change]:
    offices = tuple(
        replace(office, **values) if office.code == code else office for office in before.offices
    )
    return apply(session, replace(before, offices=offices), actor=actor)


def _same(now: Any, seen: str) -> None:
    if mark(now) != seen:
        raise ChangedMeanwhile(N_("Somebody else changed this while you were writing."))


class _Tongues:
    """The languages that a text may be written in; `main` has to be there."""

    def __init__(self, configuration: Configuration) -> None:
        municipality = configuration.municipality
        self.main = municipality.locale.partition("_")[0]
        self.known = {*municipality.languages, *LANGUAGES}


def _checked_texts(given: Texts, now: Texts, tongues: _Tongues) -> dict[str, dict[str, str]]:
    errors: Errors = {}
    found = {
        key: _names({**now.get(key, {}), **given.get(key, {})}, key, LONGEST[key], tongues, errors)
        for key in KEYS
    }
    if errors:
        raise Invalid(errors=errors)
    return {key: names for key, names in found.items() if names}


def _names(given: Names, key: str, limit: int, tongues: _Tongues, errors: Errors) -> dict[str, str]:
    """One text in several languages, its white space made single spaces."""
    names = {code: " ".join(text.split()) for code, text in given.items() if code in tongues.known}
    for code, text in names.items():
        if len(text) > limit:
            said = gettext(N_("must have at most %(limit)s characters"), limit=limit)
            errors[f"{key}.{code}"] = [said]
        elif any(unicodedata.category(character) in UNPRINTABLE for character in text):
            errors[f"{key}.{code}"] = [gettext(N_("contains a character that cannot be shown"))]
    written = {code: text for code, text in names.items() if text}
    if written and tongues.main not in written:
        said = gettext(N_("Write it in this language too: it is the municipality's own."))
        errors.setdefault(f"{key}.{tongues.main}", [said])
    return written


def _checked_hall(given: Mapping[str, Any], office: Office, tongues: _Tongues) -> dict[str, Any]:
    errors: Errors = {}
    offered = [offer.code for offer in office.services]
    queues = _among(given.get("queues"), offered, "queues", errors)
    spoken = _among(given.get("languages"), LANGUAGES, "languages", errors)
    if spoken and tongues.main in LANGUAGES and tongues.main not in spoken:
        said = N_("lacks %(language)s, the language of locale")
        errors["languages"] = [gettext(said, language=tongues.main)]
    calls = given.get("calls", MOST_CALLS)
    if not isinstance(calls, int) or not 1 <= calls <= MOST_CALLS:
        said = N_("must be a whole number from %(low)s to %(high)s")
        errors["calls"] = [gettext(said, low=1, high=MOST_CALLS)]
    wanted = {**office.hall.get("message", {}), **given.get("message", {})}
    message = _names(wanted, "message", LONGEST_HALL_MESSAGE, tongues, errors)
    if errors:
        raise Invalid(errors=errors)
    found: dict[str, Any] = {}
    if queues is not None:
        found["queues"] = queues
    if calls != MOST_CALLS:
        found["calls"] = calls
    if not given.get("voice", True):
        found["voice"] = False
    if spoken is not None:
        found["languages"] = spoken
    return {**found, "message": message} if message else found


def _among(
    given: Sequence[str] | None, known: Sequence[str], key: str, errors: Errors
) -> list[str] | None:
    """The chosen ones in the order of `known`; None is all of them."""
    if given is None:
        return None
    chosen = [code for code in known if code in given]
    if not chosen or set(given) - set(known):
        errors[key] = [gettext(N_("Choose at least one."))]
    return chosen


def branding(configuration: Configuration) -> dict[str, Any]:
    """Name, colour and logo, as `set_branding` compares them with what was shown."""
    value = configuration.municipality
    return {"name": value.name, "colour": value.colour, "logo": value.logo}


def set_branding(
    session: Session,
    name: str,
    colour: str | None,
    logo: str | None,
    seen: str,
    *,
    actor: str,
) -> list[Change]:
    """Put the municipality's name, colour (#rrggbb, None for the usual) and logo in force."""
    hold(session)
    before = in_force(session)
    errors: Errors = {}
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        said = N_("must have from %(low)s to %(high)s characters")
        errors["name"] = [gettext(said, low=1, high=LONGEST_NAME)]
    if colour is not None and not COLOUR.fullmatch(colour):
        errors["colour"] = [gettext(N_("Write the colour as #005f73."))]
    if errors:
        raise Invalid(errors=errors)
    _same(branding(before), seen)
    shade = colour.lower() if colour else None
    changed = replace(before.municipality, name=name, colour=shade, logo=logo)
    return apply(session, replace(before, municipality=changed), actor=actor)
