"""What the commands share. Imports nothing of the server's, see `group`."""

from collections.abc import Mapping

from turnero_core.errors import Problem
from turnero_core.i18n import gettext


def sentence(problem: Problem) -> str:
    """A refusal in the reader's language, with the fields it names."""
    text = gettext(problem.detail or problem.title, **problem.params)
    errors = problem.extra.get("errors")
    if not isinstance(errors, Mapping):
        return text
    return text + "".join(f"\n  {field}: {'; '.join(said)}" for field, said in errors.items())
