"""What ways to pay, providers and systems of debts are called in the configuration."""

from turnero_core.i18n import N_

METHODS = {
    "cash": N_("In cash at a cash desk"),
    "qr": N_("With a QR code on a phone"),
    "card_terminal": N_("With a card at a card terminal"),
}
PROVIDERS = {
    "mercadopago": "Mercado Pago",
    "simulated": N_("Simulated, for trying out without money"),
}
ROUNDINGS = (
    ("nearest", N_("To the nearest coin, halves up")),
    ("half_down", N_("To the nearest coin, halves down")),
    ("down", N_("Always down, in favour of who pays")),
    ("up", N_("Always up")),
)
ASKED = (
    ("document", N_("Number of an identity document")),
    ("account", N_("Number of an account, a property or a vehicle")),
)
# Type of connector -> its name, what it is for, its picture.
TYPES = {
    "http": (
        N_("Another program, over the network"),
        N_("It answers at an address (HTTP) with its debts as JSON."),
        "webhook",
    ),
    "sql": (
        N_("A database"),
        N_("Turnero asks the city's own database with a question in SQL."),
        "file-search",
    ),
    "csv": (
        N_("A file that another program leaves"),
        N_("A list (CSV) on the server, read again whenever it changes."),
        "file-text",
    ),
    "demo": (
        N_("Made-up debts, for trying out"),
        N_("Nothing real is asked. 12345678 owes two things, 87654321 nothing."),
        "lightbulb",
    ),
}
