"""The people who work with the system: listed, and new ones."""

from flask import Response, make_response, render_template, request
from sqlalchemy import select

from turnero_admin.panel.blueprint import blueprint
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import staff as accounts
from turnero_queue import staff_roles
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.grants import Grants
from turnero_queue.models import Staff
from turnero_queue.permissions import ROLE_NAMES, Permission

EVERYWHERE = "*"
LONGEST_NAME = 120


@blueprint.get("/staff")
@access("can:staff.manage")
@reads
def staff(unit: Unit) -> str:
    asked = request.args.get("q", "").strip().lower()
    people = [
        person
        for person in unit.session.scalars(select(Staff).order_by(~Staff.active, Staff.name))
        if _is_shown(unit, person) and asked in f"{person.login} {person.name}".lower()
    ]
    return render_template(
        "admin/panel/staff.html", people=people, asked=asked, unit=unit, roles=ROLE_NAMES
    )


@blueprint.get("/staff/new")
@access("can:staff.manage")
@reads
def new_staff(unit: Unit) -> Response:
    return _form(unit)


@blueprint.post("/staff/new")
@access("can:staff.manage")
@changes
def create_staff(unit: Unit) -> Response:
    """Make the account with a random password, which this answer alone shows."""
    login, name = request.form.get("login", ""), request.form.get("name", "").strip()
    password = accounts.random_password()
    errors = {} if 0 < len(name) <= LONGEST_NAME else {"name": [gettext(N_("This is needed."))]}
    try:
        if errors:
            raise Invalid(errors=errors)
        wanted = asked_roles(unit)
        if not wanted and not grants(unit).everywhere(Permission.STAFF_MANAGE):
            raise Invalid(
                errors={"grant": [gettext(N_("Give at least one role in your offices."))]}
            )
        person = accounts.create(
            unit.session, login, password, unit.now, name=name, role=None, actor=unit.actor
        )
    except Invalid as problem:
        return _form(unit, problem.extra["errors"], 422)
    except Conflict as problem:
        return _form(unit, {"login": [gettext(problem.detail, **problem.params)]}, 409)
    staff_roles.assign(
        unit.session, person, wanted, manager=grants(unit), actor=unit.actor, now=unit.now
    )
    return password_page(person, password, 201)


def password_page(person: Staff, password: str, status: int = 200) -> Response:
    """The one page that shows a password that was just made."""
    page = render_template(
        "admin/panel/staff_password.html", switcher=None, who=person, password=password
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def grants(unit: Unit) -> Grants:
    return (unit.caller and unit.caller.grants) or Grants()


def asked_roles(unit: Unit) -> set[tuple[str, str | None]]:
    """The boxes ticked: "role@office", or "role@*" for all offices."""
    wanted: set[tuple[str, str | None]] = set()
    for text in request.form.getlist("grant"):
        role, _, code = text.partition("@")
        everywhere = code == EVERYWHERE
        wanted.add((role, None if everywhere else unit.catalogue.office(code).id))
    return wanted


def _is_shown(unit: Unit, person: Staff) -> bool:
    """Those of one's offices, or of the one looked at; who has no role yet, to who has them all."""
    code = request.args.get("office")
    mine = grants(unit)
    if code:
        office = unit.catalogue.office(code)
        unit.require(Permission.STAFF_MANAGE, office.id)
        return any(row.office_id in (None, office.id) for row in person.roles)
    if mine.everywhere(Permission.STAFF_MANAGE):
        return True
    return any(
        row.office_id is not None and mine.can(Permission.STAFF_MANAGE, row.office_id)
        for row in person.roles
    )


def _form(unit: Unit, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    page = render_template(
        "admin/panel/staff_new.html",
        switcher=None,
        errors=errors or {},
        values=request.form,
        roles=ROLE_NAMES,
        held=set(request.form.getlist("grant")),
        offices=unit.offices_with(Permission.STAFF_MANAGE),
        everywhere=grants(unit).everywhere(Permission.STAFF_MANAGE),
    )
    return make_response(page, status)
