"""Changing one entry of the configuration: judged like the file, applied like the file.

Nothing is overwritten that the one who edits has not seen: an entry is saved against the
fingerprint of what it was when its form was opened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_
from turnero_queue import catalogue
from turnero_queue.catalogue import Catalogue
from turnero_queue.configuration import hurting, loading
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.dumping import required
from turnero_queue.configuration.form_words import WORDS
from turnero_queue.configuration.hurting import Hurt
from turnero_queue.configuration.parsing import judge
from turnero_queue.configuration.problems import ConfigurationError, Finding
from turnero_queue.configuration.tree import Path, Tree

ELSEWHERE = ""


class Overtaken(Conflict):
    """Somebody else has saved the same thing meanwhile; `stored` is how it is now."""

    slug = "overtaken"

    def __init__(self, stored: Any) -> None:
        super().__init__(N_("Somebody else has changed this meanwhile."))
        self.stored = stored


@dataclass(frozen=True)
class Entry:
    """What one form edits: what stands at `path`, or only those of its `keys`."""

    path: Path
    keys: tuple[str, ...] = ()

    def of(self, tree: Tree) -> Any:
        """Its value; None when there is no such entry."""
        found = trees.find(tree, self.path)
        if found is None or not self.keys:
            return found
        return {key: found[key] for key in self.keys if key in found}

    def put(self, tree: Tree, value: Any) -> None:
        if not self.keys:
            trees.put(tree, self.path, value)
            return
        for key in self.keys:
            trees.put(tree, (*self.path, key), value.get(key))


@dataclass(frozen=True)
class Done:
    """What a change did: the configuration as it is now, and whom it hurt."""

    after: Catalogue
    hurt: list[Hurt]
    changed: bool


def present(session: Session) -> Tree:
    """The configuration in force, as plain keys and values."""
    return trees.of(required(session))


def in_use(found: Any) -> Any:
    """What was looked for in the configuration; NotFound where there is nothing."""
    if found is None:
        raise NotFound(N_("This is not in use any more, or never was."))
    return found


def saving(entry: Entry, value: Any, opened: str) -> Callable[[Tree], None]:
    """An edit that saves `value`, if the entry still is what the form was `opened` on."""

    def edit(tree: Tree) -> None:
        check_opened(entry.of(tree), opened)
        entry.put(tree, value)

    return edit


def check_opened(stored: Any, opened: str) -> None:
    if trees.fingerprint(stored) != opened:
        raise Overtaken(stored)


def change(
    session: Session,
    edit: Callable[[Tree], None],
    *,
    at: Path,
    actor: str,
    now: datetime,
    undoes: str | None = None,
) -> Done:
    """Make `edit`'s change of the configuration; the caller commits, or does not.

    Raises Invalid with `errors` by field below the path `at` (elsewhere under ""), and what `edit`
    raises. Whom it hurts is in the answer, for the caller to ask about and to settle.
    """
    loading.hold(session)
    tree = present(session)
    before = catalogue.current(session)
    edit(tree)
    try:
        wanted = judge(tree, WORDS)
    except ConfigurationError as error:
        raise Invalid(errors=by_field(error.errors, trees.where(tree, at))) from error
    changed = loading.apply(session, wanted, actor=actor, undoes=undoes)
    after = catalogue.current(session)
    hurt = hurting.of(session, before, after, now) if changed else []
    return Done(after, hurt, bool(changed))


def by_field(found: list[Finding], prefix: str) -> Mapping[str, list[str]]:
    """Findings by the field below `prefix`; those of other places under "", with their place."""
    errors: dict[str, list[str]] = {}
    for finding in found:
        field = _below(finding.field, prefix)
        message = finding.message[:1].upper() + finding.message[1:]
        if field is None:
            errors.setdefault(ELSEWHERE, []).append(f"{finding.field}: {message}")
        else:
            errors.setdefault(field, []).append(message)
    return errors


def _below(field: str, prefix: str) -> str | None:
    if field == prefix:
        return ELSEWHERE
    if field.startswith((f"{prefix}.", f"{prefix}[")):
        return field[len(prefix) :].removeprefix(".")
    return None
