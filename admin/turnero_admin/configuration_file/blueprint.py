"""The blueprint of `/admin/configuration/file`."""

from flask import Blueprint

from turnero_admin.panel.blueprint import prepare

CITY = "everywhere:office.configure"
blueprint = prepare(
    Blueprint("configuration_file", __name__, url_prefix="/admin/configuration/file")
)
