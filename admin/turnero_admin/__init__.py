"""The staff's faces behind a login: sign-in and the desk console."""

from flask import Flask

from turnero_admin import (  # noqa: F401 - importing a module of views registers them
    appearance,
    calendar,
    cash,
    chooser,
    code_page,
    configuration,
    configuration_file,
    console_page,
    desk_actions,
    devices,
    helping,
    money,
    notes,
    panel,
    password,
    person_actions,
    procedures,
    provider_page,
    satisfaction,
    schedules,
    session_cookie,
    sign_in,
    signed_out,
    statistics,
    supervision,
    webhooks,
)
from turnero_admin.blueprint import blueprint, htmx
from turnero_core.web.access import PUBLIC, declare


def install(app: Flask) -> None:
    """Register the staff's pages and what happens to whoever is not signed in."""
    htmx.init_app(app)
    session_cookie.install(app)
    signed_out.install(app)
    password.install(app)
    app.register_blueprint(blueprint)
    panel.install(app)
    devices.install(app)
    helping.install(app)
    satisfaction.install(app)
    cash.install(app)
    money.install(app)
    calendar.install(app)
    schedules.install(app)
    statistics.install(app)
    supervision.install(app)
    configuration.install(app)
    configuration_file.install(app)
    appearance.install(app)
    procedures.install(app)
    webhooks.install(app)
    declare(app, "admin.static", PUBLIC)
    sign_in.limit_guesses(app)
