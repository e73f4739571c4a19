"""Languages: gettext catalogues in `locale/`, a current language per request, names in many.

Message ids are English. Catalogues are kept as .po files only and compiled at first use, with no
build step; what was compiled is kept beside its source as Python keeps its own, for the next start.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

LANGUAGES = ("es", "en", "pt")
LOCALE_DIR = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="es")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "extract, do not translate"
    """Mark a message for extraction where it is written; it is translated where it is shown."""
    return message


@cache
def catalogue(language: str) -> NullTranslations:
    """The gettext catalogue of `language`, or one that answers the message id itself."""
    source = LOCALE_DIR / language / "LC_MESSAGES" / "messages.po"
    return Translations(BytesIO(_compiled(source))) if source.is_file() else NullTranslations()


def _compiled(source: Path) -> bytes:
    """The catalogue in gettext's binary form: the kept one, if it was made from this very file."""
    stat = source.stat()
    kept = source.parent / "__pycache__" / f"{source.stem}.{stat.st_mtime_ns}-{stat.st_size}.mo"
    with suppress(OSError):
        return kept.read_bytes()
    compiled = _compile(source)
    # Where nobody may write, it is compiled at every start.
    with suppress(OSError):
        _keep(kept, compiled)
    return compiled


def _compile(source: Path) -> bytes:
    # Imported here, for most starts have no use for them.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=source.parents[1].name))
    return compiled.getvalue()


def _keep(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; those of earlier sources go."""
    file.parent.mkdir(exist_ok=True)
    for earlier in file.parent.glob(f"{file.name.partition('.')[0]}.*"):
        earlier.unlink(missing_ok=True)
    partial = file.with_suffix(f".{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(file)


def current_language() -> str:
    return _language.get()


def set_language(language: str) -> None:
    """Speak `language` in the rest of this request or thread."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, /, **params: Any) -> str:
    """`message` in the current language, its %(name)s fields filled from `params`."""
    text = catalogue(current_language()).ugettext(message) if message else ""
    return text % params if params else text


def ngettext(singular: str, plural: str, n: int, /, **params: Any) -> str:
    """The form of a message for `n` things, with %(n)s filled too."""
    text = catalogue(current_language()).ungettext(singular, plural, n)
    return text % {"n": n, **params}


def language_of(locale: str) -> str:
    """The language spoken here that `locale` (pt_BR, es) is of; Spanish where it is another."""
    language = locale.replace("-", "_").split("_")[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def negotiate(accept_language: str | None, offered: tuple[str, ...], fallback: str) -> str:
    """The best of `offered` for an Accept-Language header (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((float(weight or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    for _, tag in sorted(wanted, key=lambda pair: -pair[0]):
        if tag in offered:
            return tag
    return fallback


def pick(names: Mapping[str, str], language: str | None = None) -> str:
    """One text of a name written in several languages: the asked one, Spanish, or any."""
    for code in (language or current_language(), "es"):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")
