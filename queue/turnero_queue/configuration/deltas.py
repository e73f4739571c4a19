"""Which entries differ between two configurations, in a form that can be kept and turned round."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.tree import Tree

# The first step of a path whose before and after are the codes of a list, in their order.
ORDER = "order"
LISTS = ("categories", "services", "priorities")
OF_AN_OFFICE = ("desks", "printers", "availability")
PAYMENTS = ("municipality", "payments")
OF_PAYMENTS = ("points_of_sale", "connectors", "certificates")


class Delta(TypedDict):
    """`path` as in `tree`; before or after is None where there was, or is, no such entry."""

    path: list[str]
    before: Any
    after: Any


def between(before: Tree, after: Tree) -> list[Delta]:
    return [*_city(before, after), *_payments(before, after), *_lists(before, after)]


def office_of(found: Sequence[Delta]) -> str:
    """The code of the one office that all of them are about; empty when there is none."""
    offices = {_office(delta["path"]) for delta in found}
    return offices.pop() if len(offices) == 1 else ""


def turn_back(tree: Tree, found: Sequence[Mapping[str, Any]]) -> None:
    """Put back what was before; Conflict `changed-since` where it is not as it was left."""
    for delta in found:
        path = tuple(delta["path"])
        if path[0] == ORDER:
            continue
        if trees.find(tree, path) != delta["after"]:
            raise Conflict(
                N_("It has been changed again since, so it cannot be undone any more."),
                slug="changed-since",
                extra={"path": list(path)},
            )
        if trees.find(tree, path[:-1]) is None:
            raise Conflict(N_("What it belongs to is not in use any more."), slug="changed-since")
        trees.put(tree, path, delta["before"])
    for delta in found:
        if delta["path"][0] == ORDER:
            entries = trees.find(tree, tuple(delta["path"][1:]))
            if isinstance(entries, list):
                trees.arrange(entries, delta["before"] or [])


def _office(path: Sequence[str]) -> str:
    steps = [step for step in path if step != ORDER]
    # An office that comes or goes is a thing of the city.
    return steps[1] if steps[0] == "offices" and len(steps) > 2 else ""


def _lists(before: Tree, after: Tree) -> Iterator[Delta]:
    for name in LISTS:
        yield from _entries((name,), before, after)
    for code in dict.fromkeys([*trees.codes(before["offices"]), *trees.codes(after["offices"])]):
        yield from _one_office(("offices", code), before, after)
    yield from _order(("offices",), before, after)


def _one_office(path: tuple[str, ...], before: Tree, after: Tree) -> Iterator[Delta]:
    old, new = trees.find(before, path), trees.find(after, path)
    if old is None or new is None:
        yield Delta(path=list(path), before=old, after=new)
        return
    for key in dict.fromkeys([*old, *new]):
        if key in OF_AN_OFFICE:
            yield from _entries((*path, key), before, after)
        elif old.get(key) != new.get(key):
            yield Delta(path=[*path, key], before=old.get(key), after=new.get(key))


def _entries(path: tuple[str, ...], before: Tree, after: Tree) -> Iterator[Delta]:
    old, new = trees.find(before, path) or [], trees.find(after, path) or []
    for code in dict.fromkeys([*trees.codes(old), *trees.codes(new)]):
        was, is_now = (trees.find(entries, (code,)) for entries in (old, new))
        if was != is_now:
            yield Delta(path=[*path, code], before=was, after=is_now)
    yield from _order(path, before, after)


def _order(path: tuple[str, ...], before: Tree, after: Tree) -> Iterator[Delta]:
    old, new = (trees.codes(trees.find(tree, path) or []) for tree in (before, after))
    if old != new:
        yield Delta(path=[ORDER, *path], before=old, after=new)


def _city(before: Tree, after: Tree) -> Iterator[Delta]:
    return _keys(("municipality",), before, after, apart=("payments",))


def _payments(before: Tree, after: Tree) -> Iterator[Delta]:
    """Apart, so that who changes a connector is in nobody's way who changes a certificate."""
    yield from _keys(PAYMENTS, before, after, apart=("providers", *OF_PAYMENTS))
    yield from _keys((*PAYMENTS, "providers"), before, after)
    for key in OF_PAYMENTS:
        yield from _entries((*PAYMENTS, key), before, after)


def _keys(
    path: tuple[str, ...], before: Tree, after: Tree, apart: Sequence[str] = ()
) -> Iterator[Delta]:
    """What differs in the keys at `path`, but for those told `apart`."""
    old, new = trees.find(before, path) or {}, trees.find(after, path) or {}
    for key in dict.fromkeys([*old, *new]):
        if key not in apart and old.get(key) != new.get(key):
            yield Delta(path=[*path, key], before=old.get(key), after=new.get(key))
