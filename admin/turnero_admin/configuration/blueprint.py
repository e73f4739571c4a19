"""The blueprint of `/admin/configuration`, and who may change what.

An office's own things (its address has an `office`) are for whoever may configure that office.
What every office shares is for whoever may do so in all of them; what decides where secrets go and
who gets in, for administrators of all of them (see `guard`).
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from flask import Blueprint

from turnero_admin.calendar import looks
from turnero_admin.configuration.fields import language_name, located
from turnero_admin.panel.blueprint import prepare
from turnero_core.errors import Problem
from turnero_core.i18n import gettext
from turnero_queue.api.edge import Unit, reads
from turnero_queue.permissions import Permission

P = ParamSpec("P")
R = TypeVar("R")
OFFICE, CITY = "can:office.configure", "everywhere:office.configure"
ADMINISTRATOR = "everywhere:configuration.edit"
blueprint = prepare(Blueprint("configuration", __name__, url_prefix="/admin/configuration"))
blueprint.context_processor(looks.context)
blueprint.context_processor(
    lambda: {
        "language_name": language_name,
        "located": located,
        "translated": lambda options: [(key, gettext(text)) for key, text in options],
    }
)


def looking(look: Callable[Concatenate[Unit, P], R]) -> Callable[P, R]:
    """What `reads` does for a view, for a part of one; its types are kept."""
    done: Callable[P, R] = reads(look)
    return done


def may_everywhere(unit: Unit) -> bool:
    """Whether whoever asks may change what every office shares."""
    grants = unit.caller.grants if unit.caller else None
    return grants is not None and grants.everywhere(Permission.OFFICE_CONFIGURE)


def refusal(problem: Problem) -> str:
    return gettext(problem.detail, **problem.params)
