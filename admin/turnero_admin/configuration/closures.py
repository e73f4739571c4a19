"""The form of an office's closures and holidays."""

from turnero_admin.configuration.fields import Field, Form, Plain
from turnero_core.i18n import LANGUAGES, N_
from turnero_queue.configuration.editing import Entry

FIELDS = (
    Field("holidays", N_("Public holidays")),
    Field("closures", N_("Days on which it does not open")),
)


def entry(office: str) -> Entry:
    return Entry(("offices", office), tuple(field.name for field in FIELDS))


def typed(form: Form) -> Plain:
    """What is filled in, as the file says it; a closure of one day needs no last day."""
    found: Plain = {}
    if place := form.get("holidays", "").strip():
        found["holidays"] = place
    rows = [row for row in _rows(form) if row]
    if rows:
        found["closures"] = rows
    return found


def _rows(form: Form) -> list[Plain]:
    firsts, lasts = form.getlist("closures.from"), form.getlist("closures.to")
    reasons = {code: form.getlist(f"closures.reason.{code}") for code in _languages(form)}
    rows = []
    for index, first in enumerate(firsts[:2000]):
        last = lasts[index] if index < len(lasts) else ""
        reason = {
            code: column[index].strip()
            for code, column in reasons.items()
            if index < len(column) and column[index].strip()
        }
        row: Plain = {}
        if first or last or reason:
            row = {"from": first, "to": last or first}
        if reason:
            row["reason"] = reason
        rows.append(row)
    return rows


def _languages(form: Form) -> list[str]:
    prefix = "closures.reason."
    found = [name.removeprefix(prefix) for name in form if name.startswith(prefix)]
    return sorted(found, key=lambda code: LANGUAGES.index(code) if code in LANGUAGES else 9)
