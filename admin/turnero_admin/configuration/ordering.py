"""Putting a list in order: dragged whole, or one entry moved by a button."""

from flask import request

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.tree import Path, Tree

STEPS = {"up": -1, "down": 1}


def opened(tree: Tree, path: Path) -> str:
    """The fingerprint of a list's order."""
    return trees.fingerprint(trees.codes(trees.find(tree, path) or []))


def save(unit: Unit, path: Path) -> None:
    """Put the list at `path` in the order of the form; Conflict when somebody else was first."""

    def edit(tree: Tree) -> None:
        entries = trees.find(tree, path)
        if not isinstance(entries, list) or request.form.get("opened") != opened(tree, path):
            raise Conflict(
                N_("Somebody else has changed this list meanwhile. Here it is as it is now.")
            )
        trees.arrange(entries, _wanted(trees.codes(entries)))

    editing.change(unit.session, edit, at=path, actor=unit.actor, now=unit.now)


def moved() -> str | None:
    """The button that was used, to have the keyboard there again."""
    return request.form.get("move")


def _wanted(codes: list[str]) -> list[str]:
    """The order of the form, after the step that a button asks for."""
    known = [code for code in request.form.getlist("code") if code in codes]
    wanted = known if sorted(known) == sorted(codes) else list(codes)
    way, _, code = request.form.get("move", "").partition(":")
    if way in STEPS and code in wanted:
        place = wanted.index(code)
        other = place + STEPS[way]
        if 0 <= other < len(wanted):
            wanted[place], wanted[other] = wanted[other], wanted[place]
    return wanted
