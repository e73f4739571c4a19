"""From a `tramites.json` to procedures; whatever the standard does not name is passed over."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.configuration.texts import LINKS, LONGEST_LINK

MAX_BYTES = 1_000_000
MOST = 2000
# The standard's own example has numbers such as 06, and another one comments: neither is JSON.
_LENIENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|(?<![\w.])0+(?=\d)')
_LINK = re.compile(r"https?://[^\s/?#]+\S*")


@dataclass(frozen=True)
class Procedure:
    """One of the file's `services`, by its place there. `identifier` is not of the standard."""

    place: int
    title: str
    description: str = ""
    theme: str = ""
    identifier: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"services[{self.place}]"


def read(content: str | bytes) -> list[Procedure]:
    """The procedures in `content`; Invalid says why it is none of the standard."""
    found = _json(content)
    services = found.get("services") if isinstance(found, dict) else None
    if not isinstance(services, list):
        raise _wrong("services", N_("is missing: this is not a file of the standard"))
    if len(services) > MOST:
        raise _wrong("services", N_("must have at most %(limit)s entries"), limit=MOST)
    return list(_procedures(services))


def _procedures(services: list[Any]) -> Iterator[Procedure]:
    for place, entry in enumerate(services):
        given = entry if isinstance(entry, dict) else {}
        yield Procedure(
            place,
            title=_text(given.get("title")),
            description=_text(given.get("description")),
            theme=_text(given.get("theme")),
            identifier=_text(given.get("identifier")),
            links={
                key: link
                for key in LINKS
                if len(link := _text(given.get(key))) <= LONGEST_LINK and _LINK.fullmatch(link)
            },
        )


def _text(value: Any) -> str:
    """Text or a number as one line; anything else is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value).split())


def _json(content: str | bytes) -> Any:
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        raise _wrong("", N_("is not UTF-8 text: save the file with the encoding UTF-8")) from error
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise _wrong("", N_("the file is larger than %(limit)s bytes"), limit=MAX_BYTES)
    try:
        return json.loads(_LENIENT.sub(lambda match: match[1] or "", text))
    except json.JSONDecodeError as error:
        line = error.lineno
        raise _wrong("", N_("line %(line)s: is not JSON"), line=line) from error
    except (RecursionError, ValueError) as error:
        raise _wrong("", N_("is nested too deeply")) from error


def _wrong(path: str, message: str, **params: object) -> Invalid:
    return Invalid(errors={path or "file": [gettext(message, **params)]})
