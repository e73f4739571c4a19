"""An office as it would be with what somebody is writing in a form: for previews, never stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request

from turnero_core.i18n import LANGUAGES, set_language
from turnero_queue import models, texts
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.texts import HALL_KEYS, KEYS, MOST_CALLS, HallSettings, Names

TEXT, MESSAGE = "text.", "message."
MUNICIPALITY, OFFICE, HALL = "municipality", "office", "hall"


def names(key: str) -> Names:
    """One text of the form, by language; fields are called KEY.LANGUAGE."""
    start = f"{key}."
    return {
        name.removeprefix(start): value
        for name, value in request.form.items()
        if name.startswith(start)
    }


def written_texts() -> Mapping[str, Names]:
    return {key: names(f"{TEXT}{key}") for key in KEYS}


def written_hall() -> Mapping[str, Any]:
    """What the form says of a hall; None where all are chosen."""
    form = request.form
    calls = form.get("calls", "")
    return {
        "queues": None if form.get("which") != "some" else form.getlist("queues"),
        "languages": None if form.get("spoken") != "some" else form.getlist("languages"),
        "calls": int(calls) if calls.isascii() and calls.isdecimal() else calls,
        "voice": "voice" in form,
        "message": names("message"),
    }


def office(unit: Unit, found: Office) -> Office:
    """The office with the form's draft over it; as it is where no form was sent."""
    _speak()
    about = request.form.get("about", "")
    if about == HALL:
        return replace(found, hall=_hall(written_hall()))
    if about in (MUNICIPALITY, OFFICE):
        city = unit.session.get_one(models.Municipality, 1).texts
        own = unit.session.get_one(models.Office, found.id).texts
        layers = (_filled(written_texts()), own) if about == MUNICIPALITY else (city, _filled())
        return replace(found, texts=texts.merged(*layers))
    return found


def within(catalogue: Catalogue, drafted: Office) -> Catalogue:
    """The configuration with the drafted office in its place."""
    return replace(catalogue, offices_by_id={**catalogue.offices_by_id, drafted.id: drafted})


def _filled(given: Mapping[str, Names] | None = None) -> dict[str, Names]:
    written = written_texts() if given is None else given
    kept = {key: {c: t for c, t in text.items() if t.strip()} for key, text in written.items()}
    return {key: text for key, text in kept.items() if text}


def _hall(given: Mapping[str, Any]) -> HallSettings:
    """Whatever cannot be used is left out: the form's own page says what is wrong."""
    values = {key: given[key] for key in HALL_KEYS if given[key] is not None}
    if not isinstance(values["calls"], int) or not 1 <= values["calls"] <= MOST_CALLS:
        del values["calls"]
    values["message"] = {code: text for code, text in values["message"].items() if text.strip()}
    return HallSettings.stored(values)


def _speak() -> None:
    asked = request.values.get("preview_language")
    if asked in LANGUAGES:
        set_language(asked)


def seen() -> str:
    """The mark of the values that the form was filled with."""
    return request.form.get("seen", "")
