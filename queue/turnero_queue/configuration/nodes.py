"""Plain values as the nodes of a file that says the same: what is typed into a form is judged by
the readers of the file, so that every rule stands in one place."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ruamel.yaml.error import FileMark
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_MARK = FileMark("", 0, 0, 0)
_TAG = "tag:yaml.org,2002:"


def of(value: Any) -> Node:
    """The node of a text, number, yes or no, date, None, list or mapping."""
    if isinstance(value, Mapping):
        pairs = [(of(str(key)), of(entry)) for key, entry in value.items()]
        return MappingNode(f"{_TAG}map", pairs, _MARK, _MARK)
    if isinstance(value, list | tuple):
        return SequenceNode(f"{_TAG}seq", [of(entry) for entry in value], _MARK, _MARK)
    return ScalarNode(f"{_TAG}{_kind(value)}", _written(value), _MARK, _MARK)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "int" if isinstance(value, int) else "float"
    return "timestamp" if isinstance(value, date) else "str"


def _written(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
