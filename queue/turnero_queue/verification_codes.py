"""Codes printed on receipts and certificates: typed by hand, read aloud, and never guessed."""

import secrets

# Without I, L, O and U, which are taken for something else (Crockford's Base32).
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MISTAKEN = str.maketrans("ILO", "110")


def make() -> str:
    """Twelve letters, sixty bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def spoken(code: str) -> str:
    """In groups of four: 7KQ2-M4XP-9TDA."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def normal(text: str) -> str:
    """A code however it was typed; empty when it cannot be one."""
    kept = "".join(letter for letter in text.upper() if letter.isalnum()).translate(_MISTAKEN)
    good = len(kept) == LENGTH and set(kept) <= set(LETTERS)
    return kept if good else ""


def hidden(text: str) -> str:
    """As much of a document's number as its owner needs to know it again: •••••678."""
    shown = 3 if len(text) > 5 else 1
    return "•" * (len(text) - shown) + text[-shown:]
