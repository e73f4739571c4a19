"""How what is wrong is said to whoever fills in a form, where the file's words would not fit."""

from turnero_core.i18n import N_
from turnero_queue.configuration.money_words import MONEY, NEEDED

WORDS = {
    "is missing": NEEDED,
    "is empty: give it a value or remove the line": NEEDED,
    "must be text: write it in quotes": NEEDED,
    "must give the text for each language, such as {es: Rentas}": NEEDED,
    "lacks the text in %(language)s, the municipality's language": N_(
        "Write it in the municipality's own language at least."
    ),
    "must be a whole number from %(low)s to %(high)s": N_(
        "Write a whole number from %(low)s to %(high)s."
    ),
    "must have at most %(limit)s characters": N_("Write at most %(limit)s characters."),
    'must be an amount in %(currency)s in quotes, such as "%(example)s"': N_(
        "Write an amount such as %(example)s."
    ),
    "must be 1 to 3 capital letters from A to Z": N_("Write one to three letters from A to Z."),
    "must be small letters, digits, - and _ only, such as rentas or licencia-obra": N_(
        "Use small letters, digits, - and _ only."
    ),
    'must be letters, digits, - and _ only, such as "1" or A': N_(
        "Use letters, digits, - and _ only, such as 1 or A."
    ),
    "%(code)s is used twice; the first is on line %(line)s": N_("%(code)s is in use already."),
    "%(text)s is not an opening such as 08:00-13:00, which ends after it begins": N_(
        "It has to close after it opens."
    ),
    "%(first)s overlaps the opening that begins at %(second)s": N_(
        "%(first)s runs into the opening that begins at %(second)s."
    ),
    "ends (to) before it begins (from)": N_("The last day comes before the first."),
    "must be a date such as 2026-12-24": N_("Choose a day."),
    "names a language twice": N_("Name every language once."),
    "lacks %(language)s, the language of locale": N_(
        "The main language has to be among the languages offered."
    ),
    "must have from %(low)s to %(high)s entries": N_("Choose from %(low)s to %(high)s."),
    **MONEY,
    "must be the name of a file in the folder secrets of the instance": N_(
        "Write the name of a file alone, without a folder."
    ),
    "shows a secret: write {secret} here, and the secret in secret_file": N_(
        "This looks like a secret. Write {secret} instead, and put the secret into the file."
    ),
    'must be hours such as "22:00-07:00", or none': N_(
        "Write hours such as 22:00-07:00, or the word none."
    ),
}
