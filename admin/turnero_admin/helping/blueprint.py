"""The blueprint of `/admin/help`."""

from flask import Blueprint

from turnero_admin.panel.blueprint import prepare

ANSWER = "can:help.answer"
blueprint = prepare(Blueprint("helping", __name__, url_prefix="/admin/help"))
