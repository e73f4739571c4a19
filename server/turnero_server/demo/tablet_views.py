"""Makes the browser that asks a satisfaction tablet, without the sheet of its invitation."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import Unauthorized
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import machine
from turnero_kiosk.rating.tablet import COOKIE
from turnero_queue import devices
from turnero_queue.api.edge import Unit, changes
from turnero_queue.models.devices import DeviceKind
from turnero_server.demo.municipality import ACTOR

NAME = "Tableta de prueba"


def install(blueprint: Blueprint) -> None:
    blueprint.get("/demo/tablet/<office>/<desk>")(enrol)


@access(PUBLIC)
@changes
def enrol(unit: Unit, office: str, desk: str) -> Response:
    """To the tablet of that desk; a browser that is none yet becomes one of any office."""
    unit.catalogue.office(office).desk(desk)
    answer = redirect(url_for("tablet.page", office=office, desk=desk), 303)
    try:
        devices.authenticate(unit.session, request.cookies.get(COOKIE, ""), unit.now)
    except Unauthorized:
        kind = DeviceKind.TABLET.value
        code = devices.invite(
            unit.session, kind, name=NAME, office_id=None, actor=ACTOR, now=unit.now
        )
        _, token = devices.redeem(unit.session, code, unit.now, version=machine.VERSION)
        answer.set_cookie(COOKIE, token, path="/", httponly=True, samesite="Strict")
    return answer
