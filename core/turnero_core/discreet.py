"""Reasons that the staff write: kept for years, so they must not tell of citizens."""

import re

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

STRUCK = "…"
# E-mail addresses, telephones with their country, and what is as long as a document's number:
# in one piece, or with dots as they are printed on it.
_TELLING = re.compile(
    r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+|\+\d[\d ()-]{6,}\d|(?<![\w-])[1-9]\d{6,}(?![\w-])"
    r"|(?<![\w.])\d{1,3}(?:\.\d{3}){2,}(?![\w.])"
)


def struck(text: str) -> str:
    """`text` with what tells of a person struck out."""
    return _TELLING.sub(STRUCK, text)


class Reason(TypeDecorator[str]):
    """Text of the staff's, stored without what tells of a person."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else struck(value)
