"""`form_words` of how money is taken: methods, providers, points of sale, connectors, papers."""

from turnero_core.i18n import N_

NEEDED = N_("This is needed.")
_AMOUNT = N_("Write an amount in the municipality's currency, such as 5.00.")
_ADDRESS = N_("Write an address that begins with https:// and holds neither user nor password.")
MONEY = {
    "must name one way to pay at least": N_("Choose one way to pay at least."),
    "is not one of providers": N_("Choose a provider that is set up."),
    "must be an address such as https://api.mercadopago.com": N_(
        "Write an address such as https://api.mercadopago.com."
    ),
    "must be letters, digits, - and _ only, such as CAJA01": N_(
        "Use letters, digits, - and _ only, such as CAJA01."
    ),
    "there is no such office": N_("Choose an office."),
    "there is no such printer in this office": N_("This printer is not in that office."),
    "there is no such connector": N_("Choose who is asked."),
    "the connector is not asked by this": N_(
        "The system chosen is not asked by this. Change one of the two."
    ),
    'must be an amount in quotes, such as "15.00"': _AMOUNT,
    "is no amount in the municipality's currency": _AMOUNT,
    "lacks %(key)s, which every %(type)s connector needs": NEEDED,
    "lacks fields.%(name)s": NEEDED,
    "lacks keys.%(kind)s, the column with whose debt it is": NEEDED,
    "%(key)s must be an address with http or https, and no password": _ADDRESS,
    "the url needs {value} where the document or account goes": N_(
        "Write {value} where the number has to go."
    ),
    "the url must be SQLAlchemy's, with its password in password_file": N_(
        "Write it such as postgresql+psycopg://reader@server/database, without the password."
    ),
    "the query must be a single SELECT": N_("Write one single question that begins with SELECT."),
    ":%(name)s is not known in %(key)s": N_(":%(name)s is not known here."),
    "the query asks for nobody: it needs :document, :account or :value": N_(
        "It asks for nobody yet: write :document, :account or :value where the number has to go."
    ),
    "cannot be read as SQL": N_("This cannot be read as SQL."),
    "must be a file inside the instance folder, such as files/debts.csv": N_(
        "Write a file inside the server's folder, such as files/debts.csv."
    ),
    "is a secret: write it as {file: name}": N_(
        "This is a secret: it belongs into a file. Write the file's name, and no text here."
    ),
    "has a key that is not text": N_("Give every line a name."),
}
