"""From bytes to a tree of YAML nodes that know their lines; nothing is constructed from tags."""

import re
import sys
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from turnero_core.i18n import N_
from turnero_queue.configuration.problems import Report

MAX_BYTES = 1_000_000
NOT_YAML = N_(
    "is not YAML here or just before: check the brackets, quotes and indentation (%(reason)s)"
)
NO_CHARACTER = N_("has an escape that is no whole character: write the character itself")
_HALF = re.compile("[\ud800-\udfff]")


def compose(content: str | bytes, report: Report) -> Node | None:
    """The file's top node, or None after reporting why there is none."""
    size = len(content.encode(errors="replace") if isinstance(content, str) else content)
    if size > MAX_BYTES:
        report.error(1, "", N_("the file is larger than %(limit)s bytes"), limit=MAX_BYTES)
        return None
    text = _text(content, report)
    if text is None:
        return None
    node = _compose(text, report)
    if node is None:
        if not report.errors:
            report.error(1, "", N_("the file is empty"))
        return None
    sound = [_has_no_anchors(node, report), _has_whole_characters(node, report)]
    return node if all(sound) else None


def _text(content: str | bytes, report: Report) -> str | None:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    line = 1
    try:
        # UTF-16 and UTF-32 without a mark are UTF-8 too, with a null beside each letter.
        if b"\0" not in content[:4]:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    report.error(line, "", N_("is not UTF-8 text: save the file with the encoding UTF-8"))
    return None


def _compose(text: str, report: Report) -> Node | None:
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
        return node
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        report.error(line, "", N_("contains a control character, which YAML does not allow"))
    except MarkedYAMLError as error:
        _report_syntax(error, text, report)
    except RecursionError:
        report.error(1, "", N_("is nested too deeply"))
    except (YAMLError, ValueError, OverflowError) as error:
        if (wrong := _line_of_no_character(text)) is not None:
            report.error(wrong, "", NO_CHARACTER)
            return None
        report.error(1, "", NOT_YAML, reason=str(error))
    return None


def _report_syntax(error: MarkedYAMLError, text: str, report: Report) -> None:
    mark: Any = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    lines = text.splitlines()
    found = lines[line] if line < len(lines) else ""
    if "\t" in found[: len(found) - len(found.lstrip())]:
        report.error(line + 1, "", N_("begins with a tab: indent with spaces"))
        return
    reason = " ".join(part for part in (error.context, error.problem) if part)
    report.error(line + 1, "", NOT_YAML, reason=reason)


def _line_of_no_character(text: str) -> int | None:
    """Where an escape goes beyond the last character there is."""
    for found in re.finditer(r"\\U([0-9A-Fa-f]{8})", text):
        if int(found[1], 16) > sys.maxunicode:
            return text[: found.start()].count("\n") + 1
    return None


def _has_no_anchors(top: Node, report: Report) -> bool:
    # Refusing anchors keeps a small file from growing without bound when it is read.
    anchored = [node for node, _ in _nodes(top) if node.anchor]
    for node in anchored:
        report.error(
            node.start_mark.line + 1,
            "",
            N_("anchors (&%(name)s) and aliases (*%(name)s) cannot be used: write it out"),
            name=node.anchor,
        )
    return not anchored


def _has_whole_characters(top: Node, report: Report) -> bool:
    """An escape can write half a character, which is no text: nothing could store or show it."""
    broken = [
        (node, path)
        for node, path in _nodes(top)
        if isinstance(node, ScalarNode) and _HALF.search(node.value)
    ]
    for node, path in broken:
        report.error(node.start_mark.line + 1, path, NO_CHARACTER)
    return not broken


def _nodes(top: Node) -> Iterator[tuple[Node, str]]:
    """Each node once with its path; a key has the path of what it is a key of."""
    seen: set[int] = set()
    waiting = [(top, "")]
    while waiting:
        node, path = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node, path
        if isinstance(node, SequenceNode):
            waiting.extend((part, f"{path}[{index}]") for index, part in enumerate(node.value))
        elif isinstance(node, MappingNode):
            for key, value in node.value:
                named = key.value if isinstance(key, ScalarNode) else ""
                whole = named and not _HALF.search(named)
                below = f"{path}.{named}".removeprefix(".") if whole else path
                waiting.extend([(key, path), (value, below)])
