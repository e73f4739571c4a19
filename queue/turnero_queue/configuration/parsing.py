"""Reads a configuration file into values, or raises with everything that is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from ruamel.yaml.nodes import Node

from turnero_core.i18n import N_
from turnero_queue.configuration import (
    document,
    known,
    nodes,
    notices,
    payments,
    rule_values,
    scalars,
    sign_in,
    texts,
)
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.problems import ConfigurationError, Report
from turnero_queue.configuration.references import canonical, check
from turnero_queue.configuration.sections import FEW, MANY, Reader, tongues
from turnero_queue.configuration.values import Configuration, Municipality

T = TypeVar("T")
KEYS = ("municipality", "categories", "services", "priorities", "offices")
REQUIRED = ("municipality", "services", "priorities", "offices")


def parse(content: str | bytes, source: str) -> Configuration:
    """The configuration in `content`; ConfigurationError names `source`, lines and fields."""
    report = Report()
    node = document.compose(content, report)
    if node is None:
        raise ConfigurationError(source, report.errors)
    return _judged(node, report, source)


def judge(plain: Mapping[str, Any], words: Mapping[str, str] | None = None) -> Configuration:
    """The configuration that plain keys and values say, as `parse` would read them in a file.

    ConfigurationError names the fields; `words` says some messages otherwise.
    """
    return _judged(nodes.of(plain), Report(words), "")


def _judged(node: Node, report: Report, source: str) -> Configuration:
    configuration = _configuration(Item(node, "", report))
    check(configuration, report)
    if report.errors:
        raise ConfigurationError(source, report.errors)
    return replace(canonical(configuration, report), warnings=tuple(report.warnings))


def _configuration(top: Item) -> Configuration:
    found = top.fields(KEYS, REQUIRED)
    municipality = found.get("municipality", _municipality, Municipality("", "", "", (), ""))
    reader = Reader(municipality)
    return Configuration(
        municipality=municipality,
        categories=found.get("categories", _list_of(reader.category, FEW), ()),
        services=found.get("services", _list_of(reader.service, MANY), ()),
        priorities=found.get("priorities", _list_of(reader.priority, FEW, least=1), ()),
        offices=found.get("offices", _list_of(reader.office, MANY), ()),
    )


def _list_of(
    read: Callable[[Item], T], limit: int, least: int = 0
) -> Callable[[Item], tuple[T, ...]]:
    return lambda item: item.each(read, limit, least)


def _municipality(item: Item) -> Municipality:
    found = item.fields(
        (
            "name",
            "timezone",
            "locale",
            "languages",
            "currency",
            "colour",
            "logo",
            "rules",
            "notices",
            "payments",
            "texts",
            "sign_in",
        ),
        ("name", "timezone", "locale", "currency"),
    )
    locale = found.get("locale", scalars.locale, "")
    main = locale.split("_")[0]
    languages = found.maybe("languages", _list_of(scalars.language, 20, least=1)) or (main,)
    if "languages" in found.found:
        _check_languages(found.found["languages"], main, languages)
    return Municipality(
        name=found.get("name", partial(Item.text, limit=200), ""),
        timezone=found.get("timezone", scalars.timezone, ""),
        locale=locale,
        languages=languages,
        currency=found.get("currency", scalars.currency, ""),
        colour=found.maybe("colour", scalars.colour),
        logo=found.maybe("logo", scalars.logo),
        rules=found.get("rules", rule_values.settings, {}),
        notices=found.get("notices", notices.read, {}),
        payments=found.get("payments", payments.read, {}),
        texts=found.get("texts", texts.reader(tongues(locale, languages)), {}),
        sign_in=found.get("sign_in", sign_in.read, {}),
    )


def _check_languages(item: Item, main: str, languages: Sequence[str]) -> None:
    if len(set(languages)) < len(languages):
        item.error(N_("names a language twice"))
    if main in known.languages() and languages and main not in languages:
        item.error(N_("lacks %(language)s, the language of locale"), language=main)
