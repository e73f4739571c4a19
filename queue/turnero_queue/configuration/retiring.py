"""Taking an entry out of a configuration together with what refers to it."""

from collections.abc import Callable
from typing import Any

from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.tree import Path, Tree


def remove(tree: Tree, path: Path) -> None:
    """Take away what stands at `path`; nothing goes on referring to it."""
    trees.put(tree, path, None)
    section, code = path[-2:]
    if section == "categories":
        for service in tree["services"]:
            if service.get("category") == code:
                del service["category"]
    elif section == "services":
        for office in tree["offices"]:
            withdraw(office, code)
    elif section == "desks":
        _without(trees.find(tree, path[:-2]), "desks", code)
    else:
        _forget(tree["municipality"]["payments"], section, code)


def _forget(payments: Any, section: str, code: str) -> None:
    """Money is not taken at an office, by a provider or for a connector that is there no more."""
    if section == "offices":
        _keep(payments, "points_of_sale", lambda place: place.get("office") != code)
    elif section == "connectors":
        _keep(payments, "certificates", lambda kind: kind.get("connector") != code)
    elif section == "providers" and payments.get("provider") == code:
        del payments["provider"]


def _keep(payments: Any, key: str, wanted: Callable[[Any], bool]) -> None:
    payments[key] = [entry for entry in payments[key] if wanted(entry)]


def withdraw(office: Any, service: str) -> None:
    """The office does not give `service` any more: neither do its desks nor its schedules."""
    for holder in (office, *office.get("desks", ())):
        trees.put(holder, ("services", service), None)
    _without(office, "services", service)


def keep_to_offers(office: Any) -> None:
    """Desks and schedules of the office do only what it still gives."""
    given = set(trees.codes(office.get("services", ())))
    for holder in (*office.get("desks", ()), *office.get("availability", ())):
        for code in trees.codes(holder.get("services", ())):
            if code not in given:
                withdraw(office, code)


def _without(office: Any, key: str, code: str) -> None:
    """The office's schedules without `code`; one that is left with none of them goes."""
    kept = []
    for given in office.get("availability", ()):
        if code in given.get(key, ()):
            given[key] = [each for each in given[key] if each != code]
            if not given[key]:
                continue
        kept.append(given)
    if "availability" in office:
        office["availability"] = kept
