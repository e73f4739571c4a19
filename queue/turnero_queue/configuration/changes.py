"""The difference between two configurations, in lines a person understands."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from turnero_core.i18n import N_, gettext, pick
from turnero_queue.configuration.plain import Plain, Writer
from turnero_queue.configuration.references import Coded
from turnero_queue.configuration.values import Configuration, Names, Office

Retired = Collection[tuple[str, str]]
C = TypeVar("C", bound=Coded)


@dataclass(frozen=True)
class Change:
    """One thing added (+), altered (~, with its field) or retired (-).

    `code` is empty for the municipality, and office/desk for a desk.
    """

    kind: Literal["+", "~", "-"]
    what: str
    code: str = ""
    field: str = ""
    before: str | None = None
    after: str | None = None
    returns: bool = False

    def __str__(self) -> str:
        thing = " ".join(part for part in (self.kind, self.what, self.code) if part)
        if self.kind == "-":
            return gettext(N_("%(thing)s (kept for history)"), thing=thing)
        if self.kind == "+":
            line = f"{thing} {self.after}" if self.after else thing
            return gettext(N_("%(thing)s (in use again)"), thing=line) if self.returns else line
        none = gettext(N_("none"))
        return f"{thing} {self.field}: {self.before or none} → {self.after or none}"


def compare(before: Configuration | None, after: Configuration, retired: Retired) -> list[Change]:
    """What loading `after` over `before` changes; `retired` are codes kept but out of use."""
    if before is None:
        return [
            Change("+", "municipality", after=_quoted(after.municipality.name)),
            *_added_whole(after, retired),
        ]
    return list(_Comparison(before, after, retired).changes())


def _added_whole(after: Configuration, retired: Retired) -> Iterator[Change]:
    nothing = Configuration(after.municipality, (), (), (), ())
    return _Comparison(nothing, after, retired).changes()


class _Comparison:
    def __init__(self, before: Configuration, after: Configuration, retired: Retired) -> None:
        self.before, self.after, self.retired = before, after, retired
        self.old, self.new = Writer(before), Writer(after)

    def changes(self) -> Iterator[Change]:
        old, new, before, after = self.old, self.new, self.before, self.after
        yield from _altered(
            "municipality",
            "",
            old.municipality(before.municipality),
            new.municipality(after.municipality),
        )
        yield from self.section(
            "category", before.categories, after.categories, old.category, new.category
        )
        yield from self.section(
            "service", before.services, after.services, old.service, new.service
        )
        yield from self.section(
            "priority", before.priorities, after.priorities, old.priority, new.priority
        )
        yield from self.section(
            "office", before.offices, after.offices, _with_offers(old), _with_offers(new)
        )
        known = {office.code: office for office in before.offices}
        for office in after.offices:
            desks = known[office.code].desks if office.code in known else ()
            place = f"{office.code}/"
            yield from self.section("desk", desks, office.desks, old.desk, new.desk, place)
            were = known[office.code].printers if office.code in known else ()
            yield from self.section(
                "printer", were, office.printers, old.printer, new.printer, place
            )
            gave = known[office.code].availability if office.code in known else ()
            yield from self.section(
                "availability", gave, office.availability, old.availability, new.availability, place
            )

    def section(
        self,
        what: str,
        before: Sequence[C],
        after: Sequence[C],
        old: "Any",
        new: "Any",
        place: str = "",
    ) -> Iterator[Change]:
        were = {entry.code: entry for entry in before}
        are = {entry.code: entry for entry in after}
        for code, entry in are.items():
            if code in were:
                yield from _altered(what, place + code, old(were[code]), new(entry))
            else:
                returns = (what, place + code) in self.retired
                name = _quoted(self._name(entry))
                yield Change("+", what, place + code, after=name, returns=returns)
        for code in were:
            if code not in are:
                yield Change("-", what, place + code)
        yield from _reordered(what, place, list(were), list(are))

    def _name(self, entry: Any) -> str:
        names: Names | str = entry.name
        if isinstance(names, str):
            return names
        return pick(names, self.after.municipality.locale.split("_")[0])


def _with_offers(writer: Writer) -> Any:
    def write(office: Office) -> Plain:
        return {**writer.office(office), **writer.offers(office)}

    return write


def _reordered(
    what: str, place: str, before: Sequence[str], after: Sequence[str]
) -> Iterator[Change]:
    kept_before = [code for code in before if code in after]
    kept_after = [code for code in after if code in before]
    if kept_before != kept_after:
        order = gettext(N_("order"))
        yield Change("~", what, place, order, ", ".join(kept_before), ", ".join(kept_after))


def _altered(what: str, code: str, before: Plain, after: Plain) -> Iterator[Change]:
    old, new = dict(_flat(before)), dict(_flat(after))
    for field in [*old, *(field for field in new if field not in old)]:
        if old.get(field) != new.get(field):
            yield Change("~", what, code, field, old.get(field), new.get(field))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf with its path; lists of short texts and services are kept in one piece."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if key == "services":
                yield from _links(entry)
            else:
                yield from _flat(entry, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and not any(isinstance(entry, dict) for entry in value):
        yield path, ", ".join(value)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _flat(entry, f"{path}[{index}]")
    elif isinstance(value, bool):
        yield path, str(value).lower()
    else:
        yield path, _quoted(value) if isinstance(value, str) and " " in value else str(value)


def _links(entries: list[Any]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if isinstance(entry, str):
            yield f"services.{entry}", gettext(N_("yes"))
        else:
            options = [f"{key} {text}" for key, text in _flat(entry) if key != "code"]
            yield f"services.{entry['code']}", ", ".join(options)


def _quoted(text: str) -> str:
    return f'"{text}"'
