"""The blueprint of `/admin/configuration`, and who may change what.

An office's own things (its address has an `office`) are for whoever may configure that office.
What every office shares is for whoever may do so in all of them.
"""

from flask import Blueprint

from turnero_admin.panel.blueprint import prepare
from turnero_queue.api.edge import Unit
from turnero_queue.permissions import Permission

OFFICE, CITY = "can:office.configure", "everywhere:office.configure"
blueprint = prepare(Blueprint("configuration", __name__, url_prefix="/admin/configuration"))


def may_everywhere(unit: Unit) -> bool:
    """Whether whoever asks may change what every office shares."""
    grants = unit.caller.grants if unit.caller else None
    return grants is not None and grants.everywhere(Permission.OFFICE_CONFIGURE)
