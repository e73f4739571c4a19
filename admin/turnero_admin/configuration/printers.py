"""An office's printers: where each is and what it can do, without an address to type."""

from typing import Any

from flask import Response, render_template, request, url_for
from sqlalchemy import select

from turnero_admin.configuration import codes, fields, printer_address, saving
from turnero_admin.configuration import printer_fields as asked_of
from turnero_admin.configuration.blueprint import OFFICE, blueprint, looking
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.printer_form import ASKED, page, path_of, present, typed
from turnero_admin.configuration.saving import OPENED, Edit, State
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, pick
from turnero_core.web.access import access
from turnero_hardware.models import Printer
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Tree
from turnero_queue.permissions import Permission

PRINTERS = "/offices/<office>/printers"
LEAVING = N_("Nothing new is sent to it. What it holds still prints, and its history stays.")


@blueprint.get(PRINTERS, endpoint="printers")
@access(OFFICE)
def listing(office: str) -> str:
    return _listing(office)


@blueprint.get(f"{PRINTERS}/new")
@access(OFFICE)
def new_printer(office: str) -> str:
    return page(office, None, OPENED)


@blueprint.get(f"{PRINTERS}/edit/<code>")
@access(OFFICE)
def edit_printer(office: str, code: str) -> str:
    return page(office, code, OPENED)


@blueprint.post(f"{PRINTERS}/new")
@access(OFFICE)
def create_printer(office: str) -> Response:
    code = _code()
    return saving.answer(
        _adding(office, code),
        path_of(office, code),
        page=lambda state: page(office, None, state),
        then=url_for("configuration.printers", office=office),
    )


@blueprint.post(f"{PRINTERS}/edit/<code>")
@access(OFFICE)
def change_printer(office: str, code: str) -> Response:
    entry = Entry(path_of(office, code), ASKED)

    def edit(tree: Tree) -> None:
        stored = entry.of(tree)
        editing.check_opened(stored, request.form.get("opened", ""))
        entry.put(tree, typed(str((stored or {}).get("uri", ""))))

    return saving.answer(
        edit,
        entry.path,
        page=lambda state: page(office, code, state),
        then=url_for("configuration.printers", office=office),
    )


@blueprint.get(f"{PRINTERS}/retire/<code>")
@access(OFFICE)
def leaving_printer(office: str, code: str) -> str:
    return _retire_page(office, code, OPENED)


@blueprint.post(f"{PRINTERS}/retire/<code>")
@access(OFFICE)
def retire_printer(office: str, code: str) -> Response:
    return saving.retire(
        Entry(path_of(office, code)),
        page=lambda state: _retire_page(office, code, state),
        then=url_for("configuration.printers", office=office),
    )


def _adding(office: str, code: str) -> Edit:
    """An edit that adds a printer; one of that code, wherever it stands, is not overwritten."""

    def edit(tree: Tree) -> None:
        if any(code in trees.codes(each["printers"]) for each in tree["offices"]):
            raise Conflict(
                N_("There is a printer %(code)s already. Give this one another short name."),
                code=code,
            )
        trees.put(tree, path_of(office, code), {"code": code, **typed("")})

    return edit


@looking
def _code(unit: Unit) -> str:
    taken = set(unit.session.scalars(select(Printer.code)))
    name = request.form.get("name", "")
    return request.form.get("code", "").strip() or codes.made_of({"": name}, taken, "printer")


@looking
def _listing(unit: Unit, office: str) -> str:
    place = unit.office(office)
    entries = trees.find(editing.present(unit.session), ("offices", office, "printers")) or []
    query = select(Printer).where(Printer.office_id == place.id)
    states = {row.code: row.state for row in unit.session.scalars(query)}
    may_see = unit.caller is not None and unit.caller.can(Permission.DEVICES_VIEW, place.id)
    return render_template(
        "admin/configuration/printers.html",
        office=place,
        rows=[
            {
                **entry,
                "name": entry.get("name", entry["code"]),
                "where": printer_address.words(entry["uri"]),
                "what": fields.said(asked_of.PROFILE, entry.get("profile", "80mm")),
                "state": states.get(entry["code"], "unknown"),
            }
            for entry in entries
        ],
        may_see=may_see,
        switcher=None,
    )


@looking
def _retire_page(unit: Unit, office: str, code: str, state: State) -> str:
    tree = present(unit, office, code)
    stored: Any = trees.find(tree, path_of(office, code))
    tills = tree["municipality"].get("payments", {}).get("points_of_sale", ())
    return render_template(
        "admin/configuration/retire.html",
        title=stored.get("name", code),
        leaving=LEAVING,
        action=url_for("configuration.retire_printer", office=office, code=code),
        back=url_for("configuration.edit_printer", office=office, code=code),
        used=[pick(till["name"]) for till in tills if till.get("printer") == code],
        office=unit.office(office),
        **form_context(unit, state, {}, stored, ()),
    )
