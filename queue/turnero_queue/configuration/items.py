"""Typed access to YAML nodes: every reader reports what is wrong and answers a usable value."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any, TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from turnero_core.i18n import N_
from turnero_queue.configuration.problems import Report

T = TypeVar("T")
UNPRINTABLE = {"Cc", "Cs"}
DECIMALS = 6
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class Item:
    """One value of the file, with its path and line."""

    def __init__(self, node: Node, path: str, report: Report, line: int | None = None) -> None:
        self.node = node
        self.path = path
        self.report = report
        self.line: int = line or node.start_mark.line + 1
        report.lines[path] = self.line

    def error(self, message: str, **params: Any) -> None:
        self.report.error(self.line, self.path, message, **params)

    def warn(self, message: str, **params: Any) -> None:
        self.report.warning(self.line, self.path, message, **params)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, MappingNode)

    def tagged(self, kind: str) -> bool:
        return isinstance(self.node, ScalarNode) and self.node.tag == f"tag:yaml.org,2002:{kind}"

    def wrong(self, message: str, **params: Any) -> None:
        """Report `message`, or that there is no value at all."""
        empty = self.tagged("null") or (self.tagged("str") and not self.node.value.strip())
        if empty:
            self.error(N_("is empty: give it a value or remove the line"))
        else:
            self.error(message, **params)

    def text(self, limit: int) -> str:
        """Text of at most `limit` characters, its white space made single spaces."""
        if not self.tagged("str") or not self.node.value.strip():
            self.wrong(N_("must be text: write it in quotes"))
            return ""
        text = " ".join(self.node.value.split())
        if any(unicodedata.category(character) in UNPRINTABLE for character in text):
            self.error(N_("contains a character that cannot be shown"))
        if len(text) > limit:
            self.error(N_("must have at most %(limit)s characters"), limit=limit)
        return text

    def pattern(self, pattern: str, message: str, limit: int = 40) -> str:
        text = self.text(limit)
        if text and not re.fullmatch(pattern, text, re.ASCII):
            self.error(message)
        return text

    def integer(self, low: int, high: int) -> int:
        written = self.node.value if self.tagged("int") else ""
        if re.fullmatch(r"-?(0|[1-9][0-9]{0,11})", written) and low <= int(written) <= high:
            return int(written)
        self.wrong(N_("must be a whole number from %(low)s to %(high)s"), low=low, high=high)
        return low

    def decimal(self, low: int, high: int) -> float | None:
        """A number with or without decimals, of which six count; None when it is none."""
        written = self.node.value if self.tagged("int") or self.tagged("float") else ""
        if re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{0,20})?(e-[0-9]{2})?", written, re.ASCII):
            number = round(float(written), DECIMALS)
            if low <= number <= high:
                # Never -0.0, which the file would not say again.
                return number or 0.0
        self.wrong(N_("must be a number from %(low)s to %(high)s"), low=low, high=high)
        return None

    def boolean(self) -> bool:
        if self.tagged("bool") and self.node.value.lower() in ("true", "false"):
            return bool(self.node.value.lower() == "true")
        self.wrong(N_("must be true or false"))
        return False

    def choice(self, options: Collection[str]) -> str:
        text = self.text(80)
        if text and text not in options:
            self.unknown(text, options, N_("must be one of %(known)s"))
        return text

    def unknown(self, text: str, known: Collection[str], otherwise: str) -> None:
        """Say that `text` is not `known`, with the nearest if it looks like a slip."""
        if near := self.report.nearest(text, known):
            self.error(N_("%(text)s is not known; did you mean %(near)s?"), text=text, near=near)
        else:
            self.error(otherwise, text=text, known=", ".join(known))

    def date(self) -> date:
        written = self.node.value if self.tagged("timestamp") or self.tagged("str") else ""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
            try:
                day = date.fromisoformat(written)
            except ValueError:
                self.error(N_("%(text)s is not a day of the calendar"), text=written)
                return EARLIEST
            if EARLIEST <= day <= LATEST:
                return day
        self.wrong(N_("must be a date such as 2026-12-24"))
        return EARLIEST

    def each(self, read: "Callable[[Item], T]", limit: int, least: int = 0) -> tuple[T, ...]:
        """What `read` makes of each entry of a list of `least` to `limit` entries."""
        if not isinstance(self.node, SequenceNode):
            self.wrong(N_("must be a list"))
            return ()
        nodes = self.node.value
        if not least <= len(nodes) <= limit:
            self.error(N_("must have from %(low)s to %(high)s entries"), low=least, high=limit)
        return tuple(
            read(Item(node, f"{self.path}[{index}]", self.report))
            for index, node in enumerate(nodes[:limit])
        )

    def pairs(self) -> "Iterator[tuple[str, Item]]":
        """Keys and values of a mapping; a key written twice is reported and left out."""
        if not isinstance(self.node, MappingNode):
            self.wrong(N_("must be a group of keys and values"))
            return
        seen: dict[str, int] = {}
        for key_node, value in self.node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            path = f"{self.path}.{key}" if self.path else key
            line = key_node.start_mark.line + 1
            if not key:
                self.report.error(line, self.path, N_("has a key that is not text"))
            elif key in seen:
                self.report.error(
                    line,
                    path,
                    N_("is written twice; the first is on line %(line)s"),
                    line=seen[key],
                )
            else:
                seen[key] = line
                yield key, Item(value, path, self.report, line)

    def fields(self, known: Collection[str], required: Collection[str] = ()) -> "Fields":
        found: dict[str, Item] = {}
        for key, item in self.pairs():
            if key in known:
                found[key] = item
            else:
                item.unknown(key, known, N_("%(text)s is not known here; known are %(known)s"))
        if self.is_mapping:
            for key in required:
                if key not in found:
                    path = f"{self.path}.{key}" if self.path else key
                    self.report.error(self.line, path, N_("is missing"))
        return Fields(self, found)


class Fields:
    """The known keys of a mapping."""

    def __init__(self, item: Item, found: dict[str, Item]) -> None:
        self.item = item
        self.found = found

    def get(self, key: str, read: Callable[[Item], T], default: T) -> T:
        """What `read` makes of the value of `key`, or `default` where it is not written."""
        return read(self.found[key]) if key in self.found else default

    def maybe(self, key: str, read: Callable[[Item], T]) -> T | None:
        return read(self.found[key]) if key in self.found else None
