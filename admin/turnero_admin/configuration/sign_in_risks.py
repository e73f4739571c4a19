"""What a change of signing in does to people, in words, before it is saved; and whether the
city's provider answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from turnero_admin.configuration.blueprint import looking
from turnero_admin.configuration.fields import Plain
from turnero_core import clock
from turnero_core.i18n import N_, gettext, ngettext
from turnero_core.web.runtime import base_url
from turnero_queue.api.edge import Unit
from turnero_queue.city_sign_in import Trouble, begin, provider
from turnero_queue.city_sign_in import settings as stored_settings
from turnero_queue.city_sign_in.effects import GONE, ISSUER, PASSWORDS, ROLES, Effect, effects
from turnero_queue.configuration import nodes, sign_in
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.problems import Report

SILENT = "silent"
NO_ANSWER = N_("At this moment nobody could sign in there: it does not answer as it should.")


@dataclass(frozen=True)
class Risk:
    """`kind` is what whoever saves all the same agrees to."""

    kind: str
    text: str


def risks_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Risk]:
    """What is to be agreed to before `after` is saved; nothing while it cannot be used anyway."""
    if before == after or not _is_good(after):
        return []
    found = [Risk(effect.kind, _words(effect)) for effect in _effects(before, after)]
    # Asked when no transaction is open: it may take its time.
    if _leans_on_it(before, after) and _trouble(after):
        found.append(Risk(SILENT, gettext(NO_ANSWER)))
    return found


def tried(stored: Mapping[str, Any]) -> Plain:
    """Whether the provider that is saved answers, in words."""
    provider.forget()
    trouble = _trouble(stored)
    if trouble is None:
        text = N_(
            "The city's sign-in answers, and is the one it says. Sign in there once yourself."
        )
        return {"tone": "ok", "text": gettext(text), "detail": ""}
    return {"tone": "danger", "text": gettext(trouble.detail), "detail": trouble.why}


@looking
def _effects(unit: Unit, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Effect]:
    return effects(unit.session, before, after)


def _is_good(after: Mapping[str, Any]) -> bool:
    report = Report()
    sign_in.read(Item(nodes.of(after), "", report))
    return not report.errors


def _leans_on_it(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether people come to depend on a provider, or on another one."""
    old, new = before.get("provider") or {}, after.get("provider") or {}
    if not new:
        return False
    stricter = after.get("passwords") != before.get("passwords")
    return stricter or old.get("issuer") != new["issuer"]


def _trouble(settings: Mapping[str, Any]) -> Trouble | None:
    found = stored_settings.of(settings)
    if found is None:
        return Trouble(N_("Nobody signs in that way here."), "not configured")
    try:
        begin(found, f"{base_url()}{url_for('admin.come_back')}", clock.now())
    except Trouble as trouble:
        return trouble
    return None


def _words(effect: Effect) -> str:
    if effect.kind == PASSWORDS:
        first = ngettext(
            "%(n)s person is no administrator: their password works no more.",
            "%(n)s people are no administrators: their passwords work no more.",
            effect.count,
        )
        if not effect.never:
            return first
        more = ngettext(
            "%(n)s of them has never signed in at the city's sign-in.",
            "%(n)s of them have never signed in at the city's sign-in.",
            effect.never,
        )
        return f"{first} {more}"
    texts = {
        GONE: ngettext(
            "%(n)s person signs in at the city's sign-in, and needs a password here from now on.",
            "%(n)s people sign in at the city's sign-in, and need a password here from now on.",
            effect.count,
        ),
        ISSUER: ngettext(
            "%(n)s person is linked to the sign-in of before, and is not recognised at another"
            " until the link is undone under Staff.",
            "%(n)s people are linked to the sign-in of before, and are not recognised at another"
            " until each link is undone under Staff.",
            effect.count,
        ),
        ROLES: ngettext(
            "No group makes an administrator of all offices: %(n)s administrator who signs in there"
            " loses that role, unless it is the last one.",
            "No group makes an administrator of all offices: of %(n)s administrators, whoever signs"
            " in there loses that role, but for the last one.",
            effect.count,
        ),
    }
    return texts[effect.kind]
