"""From bytes to a tree of YAML nodes that know their lines; nothing is constructed from tags."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.reader import ReaderError

from turnero_core.i18n import N_
from turnero_queue.configuration.problems import Report

MAX_BYTES = 1_000_000
NOT_YAML = N_(
    "is not YAML here or just before: check the brackets, quotes and indentation (%(reason)s)"
)


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
    return None if _has_anchors(node, report) else node


def _text(content: str | bytes, report: Report) -> str | None:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
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
    except (YAMLError, ValueError) as error:
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


def _has_anchors(top: Node, report: Report) -> bool:
    # Refusing anchors keeps a small file from growing without bound when it is read.
    found = False
    seen: set[int] = set()
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.anchor:
            found = True
            report.error(
                node.start_mark.line + 1,
                "",
                N_("anchors (&%(name)s) and aliases (*%(name)s) cannot be used: write it out"),
                name=node.anchor,
            )
        if isinstance(node, SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
    return found
