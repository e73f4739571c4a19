"""Saving what a form says: in one transaction, after asking about whom it hurts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for
from markupsafe import Markup

from turnero_admin.calendar import hurt as bookings
from turnero_admin.configuration import guard
from turnero_admin.configuration.blueprint import may_everywhere, refusal
from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, gettext, ngettext
from turnero_queue.api.edge import Unit, changes
from turnero_queue.appointments import mending
from turnero_queue.configuration import editing, history, hurting, retiring
from turnero_queue.configuration.editing import Done, Entry, Overtaken
from turnero_queue.configuration.hurting import Hurt
from turnero_queue.configuration.tree import Path, Tree

Edit = Callable[[Tree], None]
STAY = "stay"


@dataclass(frozen=True)
class State:
    """What there is to say about a form that was not saved.

    `stored` is how the thing is now, where somebody else has `overtaken` this form. `agreed` is
    what its next sending agrees to.
    """

    errors: dict[str, list[str]] = field(default_factory=dict)
    overtaken: bool = False
    stored: Any = None
    hurt: list[Hurt] = field(default_factory=list)
    agreed: str = ""
    refusal: str = ""


OPENED = State()


@dataclass(frozen=True)
class Saved:
    """What was done; `undo` is where it can be taken back, `moved` how many people were moved."""

    done: Done
    undo: str
    moved: int = 0
    mended: mending.Mended = field(default_factory=mending.Mended)


class Undecided(Exception):
    """Nobody has agreed yet to what the change does to these."""

    def __init__(self, hurt: list[Hurt], errors: dict[str, list[str]]) -> None:
        super().__init__("undecided")
        self.hurt = hurt
        self.errors = errors


def answer(
    edit: Edit,
    at: Path,
    *,
    page: Callable[[State], str],
    then: str,
    told: str = N_("Saved. It is in force now."),
    undoes: str | None = None,
) -> Response:
    """Make the change and go on to `then`; or the `page` again with what there is to say."""
    try:
        saved = commit(edit, at, undoes)
    except Undecided as problem:
        state = State(problem.errors, hurt=problem.hurt, agreed=agreement(problem.hurt))
        return make_response(page(state), 409)
    except Overtaken as problem:
        return make_response(page(State(overtaken=True, stored=problem.stored)), 409)
    except Invalid as problem:
        return make_response(page(State(problem.extra.get("errors", {}))), 422)
    except (Conflict, NotFound) as problem:
        return make_response(page(State(refusal=refusal(problem))), 409)
    _tell(saved, gettext(told))
    return make_response(redirect(then, 303))


def retire(
    entry: Entry,
    *,
    page: Callable[[State], str],
    then: str,
    check: Callable[[], None] | None = None,
) -> Response:
    """Take an entry out of use, if `check` has nothing against it and it still is what its form was
    opened on."""
    opened = request.form.get("opened", "")

    def edit(tree: Tree) -> None:
        if check:
            check()
        editing.check_opened(entry.of(tree), opened)
        retiring.remove(tree, entry.path)

    return answer(edit, entry.path[:-1], page=page, then=then, told=N_("Taken out of use."))


def _tell(saved: Saved, told: str) -> None:
    if not saved.done.changed:
        flash(gettext(N_("Nothing was changed.")), "ok")
    elif saved.undo:
        link = Markup('{} <a href="{}">{}</a>')
        flash(link.format(told, saved.undo, gettext(N_("See it, or undo it"))), "ok")
    else:
        flash(told, "ok")
    if saved.moved:
        text = ngettext("%(n)s person was moved.", "%(n)s people were moved.", saved.moved)
        flash(text, "ok")
    bookings.tell(saved.mended)


@changes
def commit(unit: Unit, edit: Edit, at: Path, undoes: str | None = None) -> Saved:
    """The change and what becomes of whom it hurts; nothing at all when that is not decided."""
    done = editing.change(unit.session, edit, at=at, actor=unit.actor, now=unit.now, undoes=undoes)
    if done.changed:
        guard.check(unit)
    undo = _way_back(unit) if done.changed else ""
    if not done.hurt:
        return Saved(done, undo)
    agreed = request.form.get("agreed", "").split()
    if "agreed" not in request.form or set(agreement(done.hurt).split()) - set(agreed):
        raise Undecided(done.hurt, {})
    if missing := _not_chosen(done.hurt):
        raise Undecided(done.hurt, missing)
    found = [row for hurt in done.hurt for row in hurt.appointments]
    try:
        remedy = bookings.decided(found)
    except bookings.Undecided as problem:
        raise Undecided(done.hurt, problem.errors) from problem
    moved = sum(_settle(unit, done, hurt) for hurt in done.hurt)
    reason = " ".join(request.form.get("told", "").split())[:300]
    mended = mending.mend(unit.session, found, remedy, unit.actor, unit.now, reason)
    return Saved(done, undo, moved, mended)


def _way_back(unit: Unit) -> str:
    """Where the change just made can be undone by whoever made it."""
    (last,) = history.changes(unit.session, most=1)
    if may_everywhere(unit):
        return url_for("configuration.past_change", version=last.version)
    if last.office:
        endpoint = "configuration.past_office_change"
        return url_for(endpoint, office=last.office, version=last.version)
    return ""


def agreement(hurt: list[Hurt]) -> str:
    """What is agreed to: kinds of harm, not numbers, for people go on coming and going."""
    return " ".join(sorted(token for one in hurt for token in _kinds(one)))


def _kinds(hurt: Hurt) -> Iterator[str]:
    for service_id in hurt.waiting:
        yield f"{hurt.office.code}:waiting:{service_id}"
    for desk in hurt.closing:
        yield f"{hurt.office.code}:closing:{desk.code}"
    if hurt.for_desks:
        yield f"{hurt.office.code}:desks"


def _not_chosen(hurt: list[Hurt]) -> dict[str, list[str]]:
    """What becomes of who waits has to be said for each office."""
    names = [f"move-{one.office.code}" for one in hurt if one.waiting]
    said = [gettext(N_("Choose what becomes of them."))]
    return {name: said for name in names if not request.form.get(name)}


def _settle(unit: Unit, done: Done, hurt: Hurt) -> int:
    """Close desks, move who waits where that was chosen; answers how many were moved."""
    hurting.settle(unit.session, done.after, hurt, unit.actor, unit.now)
    chosen = request.form.get(f"move-{hurt.office.code}", STAY)
    if chosen == STAY or not hurt.waiting:
        return 0
    service = done.after.office(hurt.office.code).service(chosen)
    return hurting.move_waiting(unit.session, done.after, hurt, service, unit.actor, unit.now)


def with_stored(state: State, stored: Any) -> State:
    return replace(state, stored=stored)
