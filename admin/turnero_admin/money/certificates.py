"""Certificates: found, checked, and revoked for ever."""

from collections.abc import Callable

from flask import Response, flash, request, url_for
from sqlalchemy import select

from turnero_admin.money.blueprint import REVOKE, blueprint, office_ids, page
from turnero_admin.once import Errors, submit, to
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import certificates as papers
from turnero_queue import verification, verification_codes
from turnero_queue.api.edge import Unit, reads
from turnero_queue.models import Certificate
from turnero_queue.permissions import Permission

MOST_SHOWN = 60


@blueprint.get("/certificates")
@access(REVOKE)
@reads
def certificates(unit: Unit) -> str | Response:
    """The last ones; with a code, what is known of it."""
    code = request.args.get("code", "").strip()
    found = _of_code(unit, code) if code else None
    if found is not None:
        return to(url_for("money.certificate", code=found.code))
    query = select(Certificate).where(
        Certificate.office_id.in_(office_ids(unit, Permission.CERTIFICATES_REVOKE))
    )
    rows = list(
        unit.session.scalars(query.order_by(Certificate.issued_at.desc()).limit(MOST_SHOWN))
    )
    return page(
        "certificates.html",
        unit,
        rows=[(row, verification.state_of(unit.session, row, unit.now)) for row in rows],
        verdict=verification.verify_online(unit.session, code, unit.now) if code else None,
        code=code,
        states=verification.STATE_NAMES,
        spoken=verification_codes.spoken,
    )


@blueprint.get("/certificates/<code>")
@access(REVOKE)
@reads
def certificate(unit: Unit, code: str) -> str:
    return _page(unit, code)


@blueprint.post("/certificates/<code>/revoke")
@access(REVOKE)
def revoke(code: str) -> Response:
    def withdraw(unit: Unit) -> str:
        found = _find(unit, code)
        reason = request.form.get("reason", "")
        papers.revoke(unit.session, found, unit.actor, reason, unit.now)
        flash(gettext(N_("The certificate is revoked. Whoever checks it is told so.")), "ok")
        return url_for("money.certificate", code=found.code)

    return submit(withdraw, _again(code), url_for("money.certificate", code=code))


def _again(code: str) -> Callable[[Errors], str]:
    @reads
    def again(unit: Unit, errors: Errors) -> str:
        return _page(unit, code, errors)

    return again


def _page(unit: Unit, code: str, errors: Errors | None = None) -> str:
    found = _find(unit, code)
    return page(
        "certificate.html",
        unit,
        paper=found,
        verdict=verification.verify_online(unit.session, found.code, unit.now),
        office=unit.catalogue.offices_by_id[found.office_id],
        spoken=verification_codes.spoken,
        errors=errors or {},
        values=request.form,
        switcher=None,
    )


def _find(unit: Unit, code: str) -> Certificate:
    """The certificate of a code, of an office in reach; NotFound, Forbidden."""
    found = papers.find(unit.session, code)
    unit.require(Permission.CERTIFICATES_REVOKE, found.office_id)
    return found


def _of_code(unit: Unit, code: str) -> Certificate | None:
    wanted = verification_codes.normal(code)
    query = select(Certificate).where(Certificate.code == wanted)
    found = unit.session.scalars(query).one_or_none()
    mine = found is not None and found.office_id in office_ids(unit, Permission.CERTIFICATES_REVOKE)
    return found if mine else None
