"""Amounts in words, as receipts have them: fifteen and 50/100 soles."""

from babel.numbers import get_currency_name
from num2words import num2words

from turnero_core.i18n import N_, gettext, speaking
from turnero_queue.payments import money


def in_words(minor: int, currency: str, language: str) -> str:
    """An amount in words and hundredths (or thousandths), in `language`."""
    places = money.decimals(currency)
    whole, rest = divmod(minor, 10**places)
    name = str(get_currency_name(currency, whole, locale=language))
    # Only English writes where money comes from with a capital.
    name = name if language == "en" else name.lower()
    words = str(num2words(whole, lang=language))
    with speaking(language):
        if not places:
            text = gettext(
                N_("%(words)s %(currency)s"), words=_before(words, language), **_of(name)
            )
        else:
            part = f"{rest:0{places}d}/{10**places}"
            text = gettext(
                N_("%(words)s and %(part)s %(currency)s"), words=words, part=part, **_of(name)
            )
    return text[:1].upper() + text[1:]


def _of(name: str) -> dict[str, str]:
    return {"currency": name}


def _before(words: str, language: str) -> str:
    """The number as it is said right before a noun: veintiún guaraníes, un millón de guaraníes."""
    if language == "es":
        if words.endswith("veintiuno"):
            words = words.removesuffix("uno") + "ún"
        elif words.endswith("uno"):
            words = words.removesuffix("o")
        return f"{words} de" if words.endswith(("illón", "illones")) else words
    if language == "pt" and words.endswith(("ilhão", "ilhões")):
        return f"{words} de"
    return words
