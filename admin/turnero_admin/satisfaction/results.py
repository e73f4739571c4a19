"""The answers to the question and to the survey, in groups that tell nothing of one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request

from turnero_admin import next_page
from turnero_admin.helping.listing import asked_days
from turnero_admin.panel import offices
from turnero_admin.panel.blueprint import prepare
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue import satisfaction
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.permissions import Permission
from turnero_queue.satisfaction import Comment, Scores
from turnero_queue.satisfaction.counting import By
from turnero_queue.satisfaction.survey import DISABILITY, GENDERS

DAYS = 28
SOURCES: Mapping[str, str] = {
    "phone": N_("Phone"),
    "tablet": N_("Desk tablet"),
    "kiosk": N_("Kiosk, whoever stood there"),
}
blueprint = prepare(Blueprint("satisfaction", __name__, url_prefix="/admin/satisfaction"))


@dataclass(frozen=True)
class Group:
    name: str
    scores: Scores


@blueprint.get("", strict_slashes=False)
@access("can:statistics.view")
@reads
def index(unit: Unit) -> str:
    since, until = asked_days(unit, DAYS)
    mine = [office.id for office in offices.within(unit, Permission.STATISTICS_VIEW)]
    total = satisfaction.counts(unit.session, mine, since, until).get("", Scores((0,) * 5))
    return render_template(
        "admin/satisfaction/index.html",
        total=total,
        few=satisfaction.FEW,
        groups=_groups(unit, mine, since, until),
        comments=_comments(unit, mine, since, until),
        survey=_survey(unit, mine, since, until),
        offices={office.id: pick(office.name) for office in unit.catalogue.offices},
        asked={"from": since.isoformat(), "to": until.isoformat()},
        may_remove=unit.caller is not None and unit.caller.can(Permission.OFFICE_SUPERVISE),
    )


@blueprint.post("/comments/<comment>/remove")
@access("can:office.supervise")
@changes
def remove(unit: Unit, comment: str) -> Response:
    """Take out words that name somebody."""
    row = satisfaction.find(unit.session, comment)
    unit.require(Permission.OFFICE_SUPERVISE, row.office_id)
    reason = " ".join(request.form.get("reason", "").split())[:300]
    satisfaction.remove(unit.session, row, unit.actor, reason, unit.now)
    flash(gettext(N_("The comment is gone.")), "ok")
    return make_response(redirect(next_page.safe(next_page.asked_for()), 303))


def _groups(unit: Unit, mine: list[str], since: date, until: date) -> dict[str, list[Group]]:
    """Every dimension with what may be shown of it, by name."""
    catalogue = unit.catalogue
    desks = {
        desk.id: f"{pick(office.name)} · {pick(desk.name)}"
        for office in catalogue.offices_by_id.values()
        for desk in office.desks
    }
    named: dict[By, Callable[[str], str]] = {
        "office": lambda key: pick(catalogue.offices_by_id[key].name),
        "service": lambda key: pick(catalogue.services_by_id[key].name),
        "desk": lambda key: desks.get(key, "–"),
        "hour": lambda key: f"{key}:00–{int(key) + 3:02}:00",
        "source": lambda key: gettext(SOURCES[key]),
    }
    return {
        by: [
            Group(name(key), scores)
            for key, scores in satisfaction.shown_of(
                satisfaction.counts(unit.session, mine, since, until, by)
            ).items()
        ]
        for by, name in named.items()
    }


def _comments(unit: Unit, mine: list[str], since: date, until: date) -> list[Comment]:
    """The comments of offices where enough people answered: among a few, words tell who it was."""
    by_office = satisfaction.counts(unit.session, mine, since, until, "office")
    enough = [office_id for office_id, scores in by_office.items() if not scores.is_hidden]
    return satisfaction.listed(unit.session, enough, since, until)


def _survey(unit: Unit, mine: list[str], since: date, until: date) -> list[Any]:
    """Each question with its answers in their order, where enough people gave them."""
    found = satisfaction.answers(unit.session, mine, since, until)
    ages = {band: band for band in satisfaction.bands()}
    questions: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("age", N_("Age"), ages),
        ("gender", N_("Gender"), GENDERS),
        ("disability", N_("Disability"), DISABILITY),
    )
    return [
        (gettext(title), _told(found.get(question, {}), words))
        for question, title, words in questions
    ]


def _told(given: Mapping[str, int], words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Answers that fewer than five gave are told as such; no total stands beside them."""
    few = satisfaction.FEW
    if sum(given.values()) < few:
        return []
    return [
        (gettext(text), str(given[key]) if given.get(key, 0) >= few else f"< {few}")
        for key, text in words.items()
    ]
