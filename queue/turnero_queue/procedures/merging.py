"""Procedures over a configuration: services are added and brought up to date, none is removed.

What the standard says nothing of (fees, durations, desks, other languages …) stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from turnero_core.i18n import N_, gettext
from turnero_queue.configuration.items import UNPRINTABLE
from turnero_queue.configuration.sections import NAME, PARAGRAPH
from turnero_queue.configuration.values import Configuration, Service
from turnero_queue.procedures.reading import Procedure
from turnero_queue.procedures.standard import ALSO

LONGEST_CODE, LONGEST_EXTERNAL = 40, 80
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Left:
    """A procedure of the file that is left out, or that is taken without a part of it."""

    path: str
    title: str
    why: str


@dataclass(frozen=True)
class Plan:
    """The configuration as it would be, and what of the file it leaves out."""

    wanted: Configuration
    left: list[Left] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def plan(before: Configuration, procedures: Sequence[Procedure]) -> Plan:
    return _Plan(before).made(procedures)


class _Plan:
    def __init__(self, before: Configuration) -> None:
        self.before = before
        self.main = before.municipality.locale.partition("_")[0]
        self.services = {service.code: service for service in before.services}
        self.categories = {category.code for category in before.categories}
        self.taken: dict[str, Procedure] = {}
        self.left: list[Left] = []
        self.new: list[str] = []

    def made(self, procedures: Sequence[Procedure]) -> Plan:
        for procedure in procedures:
            if why := self._unusable(procedure):
                self._leave(procedure, why)
                continue
            service = self._known(procedure)
            code = service.code if service else self._code(procedure)
            if code in self.taken:
                if replace(self.taken[code], place=0) != replace(procedure, place=0):
                    why = gettext(
                        N_("is there twice: the first, %(path)s, counts"),
                        path=(self.taken[code].path),
                    )
                    self._leave(procedure, why)
                continue
            self.taken[code] = procedure
            if service is None:
                self.new.append(code)
            self.services[code] = self._updated(service or self._fresh(code, procedure), procedure)
        after = replace(self.before, services=tuple(self.services.values()))
        return Plan(after, self.left, self.new)

    def _leave(self, procedure: Procedure, why: str) -> None:
        self.left.append(Left(procedure.path, procedure.title, why))

    def _unusable(self, procedure: Procedure) -> str:
        if not procedure.title:
            return gettext(N_("has no title"))
        texts = {procedure.title: NAME, procedure.description: PARAGRAPH}
        texts[procedure.identifier] = LONGEST_EXTERNAL
        for text, limit in texts.items():
            if len(text) > limit:
                return gettext(
                    N_("“%(text)s…” must have at most %(limit)s characters"),
                    text=text[:30],
                    limit=limit,
                )
            if any(unicodedata.category(letter) in UNPRINTABLE for letter in text):
                return gettext(N_("contains a character that cannot be shown"))
        return ""

    def _known(self, procedure: Procedure) -> Service | None:
        """By the code it has elsewhere, by its own code, or by its name."""
        wanted = procedure.identifier
        every = list(self.services.values())
        if wanted:
            for service in every:
                if service.external_code == wanted:
                    return service
            if wanted in self.services:
                return self.services[wanted]
        alike = [
            each for each in every if plain(each.name.get(self.main, "")) == plain(procedure.title)
        ]
        # One that goes by another code elsewhere is another procedure of the same name.
        return next((s for s in alike if not (wanted and s.external_code)), None)

    def _updated(self, service: Service, procedure: Procedure) -> Service:
        changed: dict[str, Any] = {
            "name": {**service.name, self.main: procedure.title},
            "links": {**service.links, **procedure.links},
        }
        if procedure.description:
            changed["description"] = {**service.description, self.main: procedure.description}
        if theme := self._theme(procedure):
            changed["category"] = theme
        if procedure.identifier and procedure.identifier != service.code:
            changed["external_code"] = procedure.identifier
        return replace(service, **changed)

    def _theme(self, procedure: Procedure) -> str | None:
        theme = procedure.theme
        for code in (theme, ALSO.get(theme, "")):
            if code and code in self.categories:
                return code
        if theme:
            why = gettext(N_("there is no category %(code)s: it is taken without"), code=theme)
            self._leave(procedure, why)
        return None

    def _fresh(self, code: str, procedure: Procedure) -> Service:
        channel = "partly_online" if "online" in procedure.links else "in_person"
        return Service(code, self._prefix(procedure.title), {}, channel=channel)

    def _code(self, procedure: Procedure) -> str:
        stem = slug(procedure.identifier) or slug(procedure.title) or "tramite"
        for code in _numbered(stem):
            if code not in self.services:
                return code
        raise AssertionError

    def _prefix(self, title: str) -> str:
        """A free one of its own letters; any free one; one that is shared."""
        used = {service.prefix for service in self.services.values()}
        own = re.sub(r"[^A-Z]", "", plain(title).upper())
        pairs = [first + second for first in own[:1] or "T" for second in LETTERS]
        return next((p for p in (*own, *LETTERS, *pairs) if p not in used), "T")


def _numbered(stem: str) -> Iterator[str]:
    yield stem[:LONGEST_CODE].strip("-")
    for number in range(2, 10_000):
        yield f"{stem[: LONGEST_CODE - 5].strip('-')}-{number}"


def plain(text: str) -> str:
    """Small letters without accents and with single spaces, for comparing names."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")
