"""A configuration as plain keys and values, and the way to one entry of it.

A path goes from the top: ("services", "rentas"), ("offices", "centro", "desks", "1"),
("offices", "centro", "hours"), ("municipality", "payments", "connectors", "rentas"). In a list the
next step is an entry's code.
"""

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from turnero_queue.configuration import debts
from turnero_queue.configuration.plain import Writer
from turnero_queue.configuration.values import Configuration

Tree = dict[str, Any]
Path = tuple[str, ...]


def of(configuration: Configuration) -> Tree:
    """`configuration` as keys and values that JSON can hold; every list that has entries of its own
    history is there."""
    tree: Tree = _json(Writer(configuration).whole())
    tree.setdefault("categories", [])
    payments = tree["municipality"].setdefault("payments", {})
    payments.setdefault("providers", {})
    for key in debts.LISTS:
        payments.setdefault(key, [])
    for office in tree["offices"]:
        for key in ("printers", "availability"):
            office.setdefault(key, [])
    return tree


def find(tree: Any, path: Path) -> Any:
    """What stands at `path`; None when nothing does."""
    for step in path:
        if isinstance(tree, list):
            tree = next((entry for entry in tree if code_of(entry) == step), None)
        else:
            tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def put(tree: Tree, path: Path, value: Any) -> None:
    """Make `value` stand at `path`, in the place of what stood there; None takes it away."""
    holder, last = find(tree, path[:-1]), path[-1]
    if isinstance(holder, list):
        _put_entry(holder, last, copy.deepcopy(value))
    elif not isinstance(holder, dict):
        raise KeyError(path)
    elif value is None:
        holder.pop(last, None)
    else:
        holder[last] = copy.deepcopy(value)


def where(tree: Any, path: Path) -> str:
    """The path as findings name it: services[3].name."""
    written = ""
    for step in path:
        if isinstance(tree, list):
            codes = [code_of(entry) for entry in tree]
            index = codes.index(step) if step in codes else len(codes)
            written += f"[{index}]"
            tree = tree[index] if index < len(codes) else None
        else:
            written += f".{step}" if written else step
            tree = tree.get(step) if isinstance(tree, dict) else None
    return written


def code_of(entry: Any) -> str | None:
    """The code of a list's entry, written alone or with more."""
    return entry.get("code") if isinstance(entry, dict) else entry


def codes(entries: Sequence[Any]) -> list[str]:
    return [str(code_of(entry)) for entry in entries]


def arrange(entries: list[Any], wanted: Sequence[str]) -> None:
    """Put entries in the order of `wanted`; those it does not name keep to the one before them."""
    place = {code: float(index) for index, code in enumerate(wanted)}
    last = -1.0
    keys: dict[str, float] = {}
    for code in codes(entries):
        last = place.get(code, last + 0.001)
        keys[code] = last
    entries.sort(key=lambda entry: keys[str(code_of(entry))])


def fingerprint(value: Any) -> str:
    """A short text that is another one whenever `value` is."""
    written = json.dumps(_json(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:20]


def _put_entry(entries: list[Any], code: str, value: Any) -> None:
    known = codes(entries)
    if value is None:
        entries[:] = [entry for entry in entries if code_of(entry) != code]
    elif code in known:
        entries[known.index(code)] = value
    else:
        entries.append(value)


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_json(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value
