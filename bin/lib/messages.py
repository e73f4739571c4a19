"""The messages of the sources and the catalogues that translate them; run by bin/messages."""

import sys
from copy import deepcopy
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from turnero_core import clock
from turnero_core.i18n import LANGUAGES, LOCALE_DIR

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "hardware", "queue", "kiosk", "displays", "admin", "server")
# The language that the sources are written in: its catalogue repeats them.
SOURCE = "en"


def extract() -> Catalog:
    """Every message of the sources, with the files that it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    template = Catalog(project="Turnero")
    for room in ROOMS:
        package = ROOT / room / f"turnero_{room}"
        found = extract_from_dir(package, methods, options, DEFAULT_KEYWORDS)
        # In an order of its own: that of a folder differs from machine to machine.
        for name, _line, message, _comments, _context in sorted(found, key=lambda one: one[:2]):
            template.add(message, locations=[(f"{room}/turnero_{room}/{name}", 0)])
    return template


def path_of(language: str) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def _begin(language: str) -> Catalog:
    now = clock.now()
    return Catalog(
        language,
        header_comment=f"# Turnero: messages in {Locale(language).english_name}. See bin/messages.",
        project="Turnero",
        version="1",
        last_translator="Turnero",
        language_team="Turnero",
        msgid_bugs_address="Turnero",
        creation_date=now,
        revision_date=now,
        charset="utf-8",
        fuzzy=False,
    )


def update(language: str, template: Catalog) -> Catalog:
    """Write the catalogue anew: new messages come untranslated, those no longer used go."""
    path = path_of(language)
    catalogue = read(language) if path.is_file() else _begin(language)
    # A copy, for the catalogue takes over the template's own messages.
    catalogue.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    if language == SOURCE:
        for message in catalogue:
            if message.id and not any(_texts(message)):
                message.string = message.id
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=0, ignore_obsolete=True, sort_by_file=True, include_lineno=False
        )
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages without a text, or without one for every plural form, in their order."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not _is_whole(message, catalogue.num_plurals)
    ]


def _is_whole(message: Message, plurals: int) -> bool:
    texts = _texts(message)
    return all(texts) and len(texts) == (plurals if message.pluralizable else 1)


def _texts(message: Message) -> tuple[str, ...]:
    if message.string is None:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def main() -> int:
    """Update every catalogue; 1 when a translation is missing."""
    template, missing = extract(), 0
    for language in LANGUAGES:
        lacking = untranslated(update(language, template))
        missing += len(lacking)
        print(f"{language}: {len(template)} messages, {len(lacking)} not translated")
        for text in lacking:
            print(f"    {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
