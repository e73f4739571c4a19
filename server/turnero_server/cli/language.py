"""The language of the terminal."""

from babel.core import default_locale

from turnero_core.i18n import LANGUAGES


def of_terminal() -> str:
    """What LANGUAGE, LC_MESSAGES or LANG ask for; English where they ask for nothing."""
    language = (default_locale("LC_MESSAGES") or "en").split("_")[0]
    return language if language in LANGUAGES else "en"
