"""What is wrong with a configuration file, each thing with its line and field."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext

ENOUGH = 100
# The field of what is wrong with the whole of it, as in other problems.
WHOLE = "_schema"


class Finding(NamedTuple):
    """`line` counts from 1; `field` is a path such as services[3].duration_minutes."""

    line: int
    field: str
    message: str


class ConfigurationError(Invalid):
    """A file that cannot be loaded; `errors` holds everything found, in the file's order."""

    slug = "invalid-configuration"
    title = N_("The configuration file cannot be used")

    def __init__(self, source: str, errors: Sequence[Finding]) -> None:
        self.source = source
        once = dict.fromkeys(errors)
        self.errors = sorted(once, key=lambda error: (error.line, error.field))
        super().__init__(
            N_("%(source)s cannot be loaded; nothing has been changed."),
            errors=self.by_field(),
            source=source,
        )

    def by_field(self, *, lines: bool = True) -> dict[str, list[str]]:
        """What is wrong with each field; without `lines` for whoever wrote none."""
        found: dict[str, list[str]] = defaultdict(list)
        for error in self.errors:
            with_line = gettext(
                N_("line %(line)s: %(message)s"), line=error.line, message=error.message
            )
            found[error.field or WHOLE].append(with_line if lines else error.message)
        return found

    def __str__(self) -> str:
        return "\n".join(sentence(self.source, error) for error in self.errors)


class Report:
    """Collects what is found while a file is read; `lines` has the line of every path.

    `words` says some messages otherwise, for whoever has a form and no file before them.
    """

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        self.words = words or {}
        self.lines: dict[str, int] = {}
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []

    def nearest(self, text: str, known: Collection[str]) -> str | None:
        """The one of `known` that `text` was perhaps meant to be."""
        # Comparing is slow, and of no use to somebody who loads quite another kind of file.
        if len(self.errors) > ENOUGH:
            return None
        return next(iter(get_close_matches(text, known, 1)), None)

    def error(self, line: int, field: str, message: str, /, **params: Any) -> None:
        self.errors.append(self._finding(line, field, message, params))

    def warning(self, line: int, field: str, message: str, /, **params: Any) -> None:
        self.warnings.append(self._finding(line, field, message, params))

    def _finding(self, line: int, field: str, message: str, params: Mapping[str, Any]) -> Finding:
        text = self.words.get(message, message)
        return Finding(line, field, gettext(text, **params))


def sentence(source: str, finding: Finding) -> str:
    """The finding as a line for a person, with the file's name."""
    if not finding.field:
        return gettext(
            N_("%(source)s line %(line)s: %(message)s"),
            source=source,
            line=finding.line,
            message=finding.message,
        )
    return gettext(
        N_("%(source)s line %(line)s, %(field)s: %(message)s"),
        source=source,
        line=finding.line,
        field=finding.field,
        message=finding.message,
    )
