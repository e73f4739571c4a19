"""Puts the citizen's faces into the application."""

from flask import Flask
from flask_htmx import HTMX  # type: ignore[import-untyped]

from turnero_core.web import csrf
from turnero_core.web.access import PUBLIC, declare
from turnero_kiosk import (
    heartbeats,
    phone,
    preview,
    scanning,
    setup,
    technician,
    touch,
    turn,
    wording,
)
from turnero_kiosk.booking import arriving, link
from turnero_kiosk.booking import touch as booking
from turnero_kiosk.booking import web as booking_web
from turnero_kiosk.helping import mirror
from turnero_kiosk.helping import touch as help_
from turnero_kiosk.paying import certifying, checking, following, handing
from turnero_kiosk.paying import phone as paid
from turnero_kiosk.paying import touch as debts
from turnero_kiosk.rating import phone as phone_rating
from turnero_kiosk.rating import tablet
from turnero_kiosk.rating import touch as rating


def install(app: Flask) -> None:
    HTMX(app)
    screens = (touch, turn, setup, heartbeats, scanning, technician, booking, arriving, help_)
    money = (debts, following, handing, certifying, paid, checking)
    for part in (*screens, mirror, preview, *money, phone, rating, phone_rating, tablet):
        app.register_blueprint(part.blueprint)
    for open_part in (booking_web, link):
        # Their forms take no session: whoever has the address may do what it says.
        csrf.protect.exempt(open_part.blueprint)
        app.register_blueprint(open_part.blueprint)
    declare(app, "kiosk.static", PUBLIC)
    app.jinja_env.filters.update(
        named=wording.in_language,
        money=wording.money,
        minutes=wording.minutes,
        ahead=wording.ahead,
        paused=wording.paused,
        day=wording.day,
    )
