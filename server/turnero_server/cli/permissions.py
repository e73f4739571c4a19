"""turnero permissions"""

import click

from turnero_core.i18n import N_, gettext
from turnero_queue.permissions import ALLOWED, PERMISSION_NAMES, ROLE_NAMES, Permission, Role

HEAD = N_("Who may do what")
LEAD = N_(
    "A role is given for one office or for all of them, and a person may hold several. What is "
    "said here holds in the offices of the role. “turnero permissions” prints this page."
)
WHAT = N_("What")
NAME = N_("Permission")


@click.command(help=gettext(N_("Print who may do what, as a table in Markdown.")))
def command() -> None:
    click.echo(page(), nl=False)


def page() -> str:
    """The matrix of permissions by role, in the language in force."""
    heads = [gettext(WHAT), *(gettext(ROLE_NAMES[role]) for role in Role), gettext(NAME)]
    rows = [heads, ["---", *("---" for _ in Role), "---"], *map(_row, Permission)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"# {gettext(HEAD)}\n\n{gettext(LEAD)}\n\n{table}\n"


def _row(permission: Permission) -> list[str]:
    marks = ["●" if permission in ALLOWED[role] else " " for role in Role]
    return [gettext(PERMISSION_NAMES[permission]), *marks, f"`{permission}`"]
