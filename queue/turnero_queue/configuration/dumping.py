"""Writes a configuration as the YAML file that would load it."""

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.configuration.plain import Writer
from turnero_queue.configuration.stored import stored
from turnero_queue.configuration.values import Configuration

WIDTH = 100
# Other readers of YAML take these for numbers, times or comments unless they are quoted.
NUMERIC = re.compile(r"[#0-9][^\W_]*([.:-][^\W_]+)*")


def dump(session: Session) -> str:
    """Everything configured and in use; Conflict when nothing is configured yet."""
    return render(required(session))


def plain(session: Session) -> dict[str, Any]:
    """The same as plain values, such as JSON has; what loads one loads the other."""
    found: dict[str, Any] = Writer(required(session)).whole()
    return found


def required(session: Session) -> Configuration:
    """The configuration in force; Conflict when there is none yet."""
    configuration = stored(session)
    if configuration is None:
        raise Conflict(
            N_("Nothing is configured yet: load a configuration file with “turnero load FILE”."),
            slug="not-configured",
        )
    return configuration


def render(configuration: Configuration) -> str:
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_styled(Writer(configuration).whole()), out)
    return out.getvalue()


def _styled(value: Any) -> Any:
    if isinstance(value, dict):
        return CommentedMap({key: _styled(entry) for key, entry in value.items()})
    if isinstance(value, list):
        entries = CommentedSeq(_styled(entry) for entry in value)
        # Hours, languages and codes read best side by side.
        if all(isinstance(entry, str) for entry in entries):
            entries.fa.set_flow_style()
        return entries
    if isinstance(value, str) and NUMERIC.fullmatch(value):
        return DoubleQuotedScalarString(value)
    return value
