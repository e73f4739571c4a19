"""Where a debt's values are in what a system answers, and how a file of theirs is written."""

from turnero_admin.configuration.fields import Field, Group
from turnero_core.i18n import N_

# What a tab is called in a form, which would lose it.
TAB = "tab"
DELIMITERS = (
    (",", N_("A comma")),
    (";", N_("A semicolon")),
    ("|", N_("A bar")),
    (TAB, N_("A tab")),
)
ENCODINGS = (
    ("utf-8", N_("UTF-8, as most programs do now")),
    ("iso8859-1", N_("Latin-1, as older programs do")),
    ("cp1252", N_("Windows-1252, as older Windows programs do")),
)
AMOUNTS = (
    ("decimal", N_("With decimals: 15.00 is fifteen")),
    ("minor", N_("In the smallest coin: 1500 is fifteen")),
)
USUAL = {
    "asks_for": ["document"],
    "amounts": "decimal",
    "none_when_404": False,
    "delimiter": ",",
    "encoding": "utf-8",
}


def values(title: str) -> Group:
    """The fields that say what each value of a debt is called."""
    return Group(
        title,
        (
            Field(
                "fields.key",
                N_("Number of the debt"),
                hint=N_("It has to name one debt for ever: it is paid once under it."),
                required=True,
            ),
            Field("fields.description", N_("What is owed for"), required=True),
            Field("fields.amount", N_("Amount"), required=True),
            Field(
                "amounts",
                N_("How amounts are written"),
                "choice",
                options=AMOUNTS,
            ),
            Field("fields.period", N_("Period")),
            Field("fields.due", N_("Due date"), hint=N_("Written as 2026-03-31.")),
            Field("fields.currency", N_("Currency"), hint=N_("As three letters.")),
            Field("fields.payable", N_("Whether it can be paid"), hint=N_("As yes or no.")),
        ),
        short=True,
    )
