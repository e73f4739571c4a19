"""What is wrong elsewhere in the configuration, said with names that people know."""

import re
from dataclasses import replace

from turnero_admin.configuration.saving import State
from turnero_core.i18n import N_, gettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import ELSEWHERE

PLACE = re.compile(r"municipality\.payments\.(\w+)(?:\[(\d+)\])?[\w.]*: (.*)", re.DOTALL)
KINDS = {
    "points_of_sale": N_("Point of sale"),
    "connectors": N_("System of debts"),
    "certificates": N_("Certificate"),
    "provider": N_("Ways to pay"),
    "providers": N_("Provider"),
}


def plainly(unit: Unit, state: State) -> State:
    """`state` with the addresses in its errors turned into names."""
    found = state.errors.get(ELSEWHERE)
    if not found:
        return state
    tree = editing.present(unit.session)
    return replace(state, errors={**state.errors, ELSEWHERE: [_said(tree, text) for text in found]})


def _said(tree: trees.Tree, text: str) -> str:
    match = PLACE.fullmatch(text)
    if match is None or match[1] not in KINDS:
        return text
    entries = trees.find(tree, ("municipality", "payments", match[1]))
    name = ""
    if match[2] and isinstance(entries, list) and int(match[2]) < len(entries):
        entry = entries[int(match[2])]
        name = pick(entry.get("name", {})) or entry["code"]
    about = gettext(KINDS[match[1]])
    return f"{about} “{name}”: {match[3]}" if name else f"{about}: {match[3]}"
