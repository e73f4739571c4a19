"""The indicators as a page of the documentation, printed from the one table of them."""

from turnero_core.i18n import N_, gettext
from turnero_queue.statistics.indicators import FAMILY_NAMES, INDICATORS, UNIT_NAMES, Indicator

HEADS = (
    N_("Code"),
    N_("Indicator"),
    N_("What it says"),
    N_("Formula"),
    N_("Unit"),
    N_("Who answers for it"),
)


def indicators() -> str:
    """In the language in force: a heading and a table for each family."""
    return "\n".join(_family(family, name) for family, name in FAMILY_NAMES.items())


def _family(family: str, name: str) -> str:
    own = [_line(one) for one in INDICATORS if one.family == family]
    rows = [[gettext(head) for head in HEADS], ["---"] * len(HEADS), *own]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"### {gettext(name)}\n\n{table}\n"


def _line(one: Indicator) -> list[str]:
    texts = (one.name, one.definition, one.formula, UNIT_NAMES[one.unit], one.owner)
    return [f"`{one.code}`", *map(gettext, texts)]
