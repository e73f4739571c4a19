"""What a scan may turn out to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from turnero_core.i18n import N_

#: Characters of the longest document (Colombia's 531 bytes) with room for a reader's own marks.
LONGEST = 2000


class Why(StrEnum):
    """Why a scan says nothing; the texts for people are in `WORDS`."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    UNKNOWN = "unknown"
    GARBLED = "garbled"
    FOREIGN = "foreign"


WORDS = {
    Why.EMPTY: N_("Nothing was read. Hold the code a little further away."),
    Why.TOO_LONG: N_("That was too much at once. Show one code at a time."),
    Why.UNKNOWN: N_("This code is not one that we know."),
    Why.GARBLED: N_("The document was not read well. Try once more, or type your data."),
    Why.FOREIGN: N_("This code leads somewhere else. Show one that we gave you."),
}


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """`country` is ISO 3166 alpha-2. A code that holds the number alone (Peru's Code 39) leaves
    the names empty and the birth date unknown. `sex` is M, F, X, or None where it is not said."""

    country: str
    number: str
    family_names: str = ""
    given_names: str = ""
    birth_date: date | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link of this installation: `kind` is the first part of its path, `code` the second."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class ShortCode:
    """A code as people copy it by hand, in capitals."""

    code: str


@dataclass(frozen=True, slots=True)
class Refusal:
    why: Why

    @property
    def words(self) -> str:
        """The msgid of what to tell the person."""
        return WORDS[self.why]


Scan = IdentityDocument | OwnLink | ShortCode | Refusal
