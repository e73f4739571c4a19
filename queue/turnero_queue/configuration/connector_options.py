"""Reads one entry of `payments: connectors`, and what each type of connector needs."""

import codecs
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import ArgumentError

from turnero_core.i18n import LANGUAGES, N_
from turnero_queue.configuration import scalars
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.scalars import Tongues
from turnero_queue.connectors import sql
from turnero_queue.connectors.options import KINDS, LONGEST_CACHE_S, TYPES
from turnero_queue.connectors.reading import FIELDS, REQUIRED
from turnero_queue.connectors.secret_files import NAME

Reader = Callable[[Item], Any]
_name = scalars.names(Tongues(None, LANGUAGES), 80)


def read(item: Item) -> dict[str, Any]:
    """The entry as it is stored and written again."""
    values = values_of(item, CONNECTOR, ("code", "type"))
    _check(item, values)
    return values


def _check(item: Item, values: Mapping[str, Any]) -> None:
    kind = values.get("type", "")
    if kind not in TYPES:
        return
    for key in _NEEDED.get(kind, ()):
        if not values.get(key):
            message = N_("lacks %(key)s, which every %(type)s connector needs")
            _wrong(item, key, message, key=key, type=kind)
    for key in values:
        if key not in _COMMON and key not in _ALLOWED.get(kind, ()):
            message = N_("%(key)s means nothing for a %(type)s connector")
            _wrong(item, key, message, key=key, type=kind)
    if kind in _CHECKS:
        _check_fields(item, values)
        _CHECKS[kind](item, values)


def _wrong(item: Item, key: str, message: str, /, **params: Any) -> None:
    """Report `message` of one of the entry's keys, at its line where it is written."""
    path = f"{item.path}.{key}"
    item.report.error(item.report.lines.get(path, item.line), path, message, **params)


def _check_fields(item: Item, values: Mapping[str, Any]) -> None:
    for name in REQUIRED:
        if name not in values.get("fields", {}):
            _wrong(item, f"fields.{name}", N_("lacks fields.%(name)s"), name=name)


def _check_http(item: Item, values: Mapping[str, Any]) -> None:
    for key in ("url", "report_url"):
        parts = urlsplit(values.get(key, ""))
        if values.get(key) and (parts.scheme not in ("http", "https") or parts.username):
            message = N_("%(key)s must be an address with http or https, and no password")
            _wrong(item, key, message, key=key)
    if values.get("url") and "{value}" not in values["url"]:
        _wrong(item, "url", N_("the url needs {value} where the document or account goes"))


def _check_sql(item: Item, values: Mapping[str, Any]) -> None:
    if values.get("url") and not sql.is_database_url(values["url"]):
        message = N_("the url must be SQLAlchemy's, with its password in password_file")
        _wrong(item, "url", message)
    if values.get("query") and not sql.only_reads(values["query"]):
        _wrong(item, "query", N_("the query must be a single SELECT"))
    known = {"query": sql.QUERY_PARAMETERS, "report_statement": sql.REPORT_PARAMETERS}
    for key, parameters in known.items():
        for name in sorted(_parameters(item, key, values) - set(parameters)):
            _wrong(item, key, N_(":%(name)s is not known in %(key)s"), name=name, key=key)
    if values.get("query") and not _parameters(item, "query", values):
        message = N_("the query asks for nobody: it needs :document, :account or :value")
        _wrong(item, "query", message)


def _parameters(item: Item, key: str, values: Mapping[str, Any]) -> set[str]:
    try:
        return sql.parameters(values[key]) if values.get(key) else set()
    except ArgumentError:
        _wrong(item, key, N_("cannot be read as SQL"))
        return set()


def _check_csv(item: Item, values: Mapping[str, Any]) -> None:
    for kind in values.get("asks_for", ["document"]):
        if kind not in values.get("keys", {}):
            message = N_("lacks keys.%(kind)s, the column with whose debt it is")
            _wrong(item, f"keys.{kind}", message, kind=kind)


def values_of(item: Item, readers: Mapping[str, Reader], required: Sequence[str]) -> dict[str, Any]:
    """What `readers` make of the keys that are there."""
    found = item.fields(tuple(readers), required).found
    return {key: read(found[key]) for key, read in readers.items() if key in found}


def _file(item: Item) -> str:
    """A path inside the instance folder."""
    text = item.text(200)
    path = PurePosixPath(text)
    if text and (path.is_absolute() or ".." in path.parts):
        item.error(N_("must be a file inside the instance folder, such as files/debts.csv"))
    return text


def _secret(item: Item) -> str:
    return item.pattern(
        NAME.pattern, N_("must be the name of a file in the folder secrets of the instance"), 80
    )


def _statement(item: Item) -> str:
    return item.text(4000)


def _encoding(item: Item) -> str:
    text = item.text(20)
    try:
        return codecs.lookup(text).name if text else ""
    except LookupError:
        item.error(N_("is no encoding such as utf-8 or latin-1"))
        return "utf-8"


def _delimiter(item: Item) -> str:
    written = item.node.value if item.tagged("str") else ""
    if written not in (",", ";", "|", "\t"):
        item.error(N_("must be a comma, a semicolon, a bar or a tab, in quotes"))
        return ","
    return str(written)


def _headers(item: Item) -> dict[str, Any]:
    return {name: _header(name, value) for name, value in item.pairs()}


def _header(name: str, item: Item) -> Any:
    if not item.is_mapping:
        if name.lower() in ("authorization", "x-api-key", "cookie"):
            item.error(N_("is a secret: write it as {file: name}"))
        return item.text(300)
    return {"file": item.fields(("file",), ("file",)).get("file", _secret, "")}


def _columns(known: Sequence[str]) -> Reader:
    def read(item: Item) -> dict[str, str]:
        found = item.fields(known).found
        return {key: found[key].text(80) for key in known if key in found}

    return read


def _kinds(item: Item) -> list[str]:
    return list(item.each(partial(Item.choice, options=KINDS), len(KINDS), 1))


CONNECTOR: Mapping[str, Reader] = {
    "code": scalars.code,
    "type": partial(Item.choice, options=TYPES),
    "name": _name,
    "asks_for": _kinds,
    "timeout_s": partial(Item.integer, low=1, high=20),
    "cache_s": partial(Item.integer, low=0, high=LONGEST_CACHE_S),
    "amounts": partial(Item.choice, options=("decimal", "minor")),
    "fields": _columns(FIELDS),
    "url": partial(Item.text, limit=500),
    "headers": _headers,
    "path": partial(Item.text, limit=80),
    "none_when_404": Item.boolean,
    "report_url": partial(Item.text, limit=500),
    "password_file": _secret,
    "query": _statement,
    "report_statement": _statement,
    "file": _file,
    "encoding": _encoding,
    "delimiter": _delimiter,
    "keys": _columns(KINDS),
    "report_file": _file,
}
_COMMON = ("code", "type", "name", "asks_for", "timeout_s", "cache_s")
_ALLOWED: Mapping[str, Sequence[str]] = {
    "http": ("amounts", "fields", "url", "headers", "path", "none_when_404", "report_url"),
    "sql": ("amounts", "fields", "url", "password_file", "query", "report_statement"),
    "csv": ("amounts", "fields", "file", "encoding", "delimiter", "keys", "report_file"),
}
_NEEDED: Mapping[str, Sequence[str]] = {
    "http": ("url", "fields"),
    "sql": ("url", "query", "fields"),
    "csv": ("file", "keys", "fields"),
}
_CHECKS: Mapping[str, Callable[[Item, Mapping[str, Any]], None]] = {
    "http": _check_http,
    "sql": _check_sql,
    "csv": _check_csv,
}
