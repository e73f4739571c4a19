"""The blueprint of `/admin/configuration/procedures`."""

from flask import Blueprint

from turnero_admin.panel.blueprint import prepare

CITY = "everywhere:office.configure"
blueprint = prepare(Blueprint("procedures", __name__, url_prefix="/admin/configuration/procedures"))
