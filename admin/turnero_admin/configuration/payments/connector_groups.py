"""What each type of system of debts is asked for: its own fields, in the order of its form."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from turnero_admin.configuration.fields import Field, Group
from turnero_admin.configuration.payments.connector_values import DELIMITERS, ENCODINGS, values
from turnero_core.i18n import N_

SECRET = N_("Only the file's name. Whoever looks after the server puts it into “secrets” there.")


def _http(value: Mapping[str, Any]) -> Iterator[Group]:
    yield Group(
        N_("How it is asked"),
        (
            Field(
                "url",
                N_("Address that is asked"),
                hint=N_(
                    "Write {value} where the number goes; {kind} becomes document or account. "
                    "Such as https://rentas.example/debts/{value}"
                ),
                required=True,
                longest=500,
            ),
            Field("headers", N_("Keys that it wants to see (headers)"), "headers"),
            Field(
                "path",
                N_("Where the list of debts is in its answer"),
                hint=N_("Such as data.debts. Leave it empty when the answer is the list itself."),
            ),
            Field(
                "none_when_404", N_("When it answers “not found” (404), nothing is owed"), "flag"
            ),
        ),
    )
    yield values(N_("What the values of a debt are called in its answer"))
    yield _told(
        Field(
            "report_url",
            N_("Address that is told"),
            hint=N_("Leave it empty when nobody has to be told."),
            longest=500,
        )
    )
    yield _patience()


def _sql(value: Mapping[str, Any]) -> Iterator[Group]:
    yield Group(
        N_("How it is asked"),
        (
            Field(
                "url",
                N_("Address of the database"),
                hint=N_(
                    "Such as postgresql+psycopg://reader@server/database, without the password."
                ),
                required=True,
                longest=500,
            ),
            Field("password_file", N_("File with the password"), hint=SECRET),
            Field(
                "query",
                N_("Question (SELECT)"),
                "area",
                hint=N_(
                    "Write :document, :account or :value where the number goes, such as: "
                    "SELECT id, concept, amount FROM debt WHERE dni = :document"
                ),
                required=True,
                longest=4000,
            ),
        ),
    )
    yield values(N_("What the columns of its answer are called"))
    yield _told(
        Field(
            "report_statement",
            N_("Statement that books a payment"),
            "area",
            hint=N_(
                "Leave it empty when nothing has to be booked. It may hold :key, :debt, :amount, "
                ":amount_minor, :currency, :receipt, :method and :paid_at."
            ),
            longest=4000,
        )
    )
    yield _patience()


def _csv(value: Mapping[str, Any]) -> Iterator[Group]:
    yield Group(
        N_("The file"),
        (
            Field(
                "file",
                N_("Where it is on the server"),
                hint=N_("Inside the server's folder, such as files/debts.csv."),
                required=True,
                longest=200,
            ),
            Field(
                "delimiter",
                N_("What stands between two columns"),
                "choice",
                options=DELIMITERS,
            ),
            Field(
                "encoding",
                N_("How its letters are written"),
                "choice",
                hint=N_("Choose another one when letters with accents come out wrong."),
                options=_encodings(value.get("encoding")),
            ),
        ),
    )
    yield values(N_("What its columns are called"))
    yield Group(
        N_("Whose debt it is"),
        (
            Field(
                "keys.document", N_("Column with the document's number"), hint=N_("Such as dni.")
            ),
            Field(
                "keys.account", N_("Column with the account's number"), hint=N_("Such as cuenta.")
            ),
        ),
        short=True,
    )
    yield _told(
        Field(
            "report_file",
            N_("File to which payments are added"),
            hint=N_("Such as files/paid.csv. Leave it empty when nobody has to be told."),
            longest=200,
        )
    )
    yield _patience()


def _encodings(chosen: str | None) -> tuple[tuple[str, str], ...]:
    """The common ones, and the one that is configured."""
    known = chosen is None or chosen in dict(ENCODINGS)
    return ENCODINGS if known else (*ENCODINGS, (str(chosen), str(chosen)))


def _demo(value: Mapping[str, Any]) -> Iterator[Group]:
    yield _patience()


def nothing(value: Mapping[str, Any]) -> Iterator[Group]:
    yield from ()


def _told(field: Field) -> Group:
    return Group(N_("When a debt has been paid"), (field,))


def _patience() -> Group:
    return Group(
        N_("Waiting and remembering"),
        (
            Field(
                "timeout_s",
                N_("Seconds that its answer may take"),
                "number",
                hint=N_("From 1 to 20."),
            ),
            Field(
                "cache_s",
                N_("Seconds for which its answer is remembered"),
                "number",
                hint=N_("From 0 to 60. Before anything is charged it is asked again."),
            ),
        ),
        short=True,
    )


OWN: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Group]]] = {
    "http": _http,
    "sql": _sql,
    "csv": _csv,
    "demo": _demo,
}
