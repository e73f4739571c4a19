"""Where personal data may be: one row for each place, with its class, its time and its end.

sensitive: names somebody, or how to reach them. restricted: a pseudonym, or words of the staff that
should name nobody. staff: about who works here. Everything else is open, see `inventory_plain`.
"""

from dataclasses import dataclass

SENSITIVE, RESTRICTED, STAFF = "sensitive", "restricted", "staff"
ALWAYS = "as long as what it belongs to"


@dataclass(frozen=True)
class Datum:
    """`kept` is a rule's name, or says the time; `end` what then becomes of it."""

    table: str
    columns: str
    kind: str
    holds: str
    kept: str
    end: str


_BOOKED = "appointment_forget_days after the appointment"
_PAYER = "payer_forget_days; unpaid: personal_data_days"
_VALID = "personal_data_days after the end of its validity"
_TWO_DAYS = "2 days after the last day waited for"
_REASONS = "a reason that the staff wrote; e-mail addresses and long numbers are struck out"
_LINK = "the secret of a link, which shows no more than what is still kept"

HELD: tuple[Datum, ...] = (
    Datum("ticket", "notes", SENSITIVE, "what a desk noted", "personal_data_days", "emptied"),
    Datum("ticket", "public_token", RESTRICTED, _LINK, ALWAYS, "stays"),
    Datum("ticket_event", "reason", RESTRICTED, _REASONS, ALWAYS, "stays: figures need it"),
    Datum("ticket_event", "data", RESTRICTED, "desks, services, outcome", ALWAYS, "stays"),
    Datum("appointment", "name email phone", SENSITIVE, "who comes, sealed", _BOOKED, "emptied"),
    Datum(
        "appointment",
        "email_digest phone_digest address_digest",
        RESTRICTED,
        "keyed digests, to find it again and against crowds of bookings",
        _BOOKED,
        "emptied",
    ),
    Datum("appointment", "notes", SENSITIVE, "what somebody noted", _BOOKED, "emptied"),
    Datum("appointment", "token token_digest", RESTRICTED, _LINK, ALWAYS, "stays"),
    Datum("appointment_event", "reason data", RESTRICTED, _REASONS, ALWAYS, "stays"),
    Datum("appointment_block", "reason", RESTRICTED, _REASONS, ALWAYS, "stays"),
    Datum("appointment_wish", "name email phone", SENSITIVE, "who waits", _TWO_DAYS, "emptied"),
    Datum("appointment_wish", "contact_digest", RESTRICTED, "a digest", _TWO_DAYS, "emptied"),
    Datum("appointment_wish", "token token_digest", RESTRICTED, _LINK, ALWAYS, "stays"),
    Datum(
        "notice",
        "address address_digest data last_error",
        SENSITIVE,
        "to whom a message went and what it said",
        "notices_forget_days",
        "emptied",
    ),
    Datum("notice", "key reference", RESTRICTED, "of which thing it told", ALWAYS, "stays"),
    Datum(
        "payment",
        "payer_name payer_document payer_email payer_digest",
        SENSITIVE,
        "who pays",
        _PAYER,
        "emptied",
    ),
    Datum("payment", "errand_id", RESTRICTED, "a debt's key or a digest", _PAYER, "emptied"),
    Datum("payment", "public_token", RESTRICTED, _LINK, ALWAYS, "stays"),
    Datum("payment_event", "reason data", RESTRICTED, _REASONS, ALWAYS, "stays"),
    Datum("payment_item", "names debt_key holds", RESTRICTED, "which debt", _PAYER, "emptied"),
    Datum("payment_refund", "reason", RESTRICTED, _REASONS, ALWAYS, "stays"),
    Datum(
        "receipt",
        "payer_name payer_document payer_digest",
        SENSITIVE,
        "who paid",
        "payer_forget_days",
        "emptied",
    ),
    Datum(
        "receipt",
        "content",
        RESTRICTED,
        "numbers, amounts, and what for",
        ALWAYS,
        "lines of debts lose their text with payer_forget_days",
    ),
    Datum(
        "debt_report", "debt_key description last_error", RESTRICTED, "a debt", _PAYER, "emptied"
    ),
    Datum(
        "certificate",
        "document token subject_hint subject_digest",
        SENSITIVE,
        "whom it is about",
        _VALID,
        "emptied; its code still says what it was",
    ),
    Datum("certificate", "revoked_reason", RESTRICTED, "a reason of the staff", ALWAYS, "stays"),
    Datum(
        "cash_movement", "reason", RESTRICTED, "a card slip's number or a reason", ALWAYS, "stays"
    ),
    Datum("cash_session", "reason", RESTRICTED, _REASONS, ALWAYS, "stays"),
    Datum("print_job", "slip", SENSITIVE, "what was printed", "7 days", "emptied"),
    Datum("print_job_event", "detail", RESTRICTED, "what a printer said, or why", ALWAYS, "stays"),
    Datum("idempotency_key", "body", SENSITIVE, "the answer to a request", "2 days", "deleted"),
    Datum("feedback_comment", "text", SENSITIVE, "free words", "personal_data_days", "emptied"),
    Datum("feedback_mark", "digest", RESTRICTED, "that there was an answer", "days", "deleted"),
    Datum("assistance", "path lead", RESTRICTED, "a kiosk's page", "while it lasts", "emptied"),
    Datum("hall_message", "texts", RESTRICTED, "what the hall was told", ALWAYS, "stays"),
    Datum("webhook_delivery", "body answer", RESTRICTED, "codes, hours", "30 days", "deleted"),
    Datum("webhook", "url secret old_secret", RESTRICTED, "other systems", ALWAYS, "stays"),
    Datum("configuration_change", "actor", STAFF, "who changed a setting", ALWAYS, "stays"),
    Datum("desk_event", "reason", RESTRICTED, _REASONS, ALWAYS, "stays"),
    Datum("service_pause", "reason", RESTRICTED, _REASONS, ALWAYS, "stays"),
    Datum("device", "facts", RESTRICTED, "what a machine tells of itself", ALWAYS, "stays"),
    Datum("device_enrolment", "address", RESTRICTED, "a machine's address", ALWAYS, "stays"),
    Datum(
        "statistic_day",
        "labels data",
        STAFF,
        "names of desks and staff, reasons as they are stored",
        ALWAYS,
        "stays",
    ),
    Datum("statistic_desk", "staff", STAFF, "whose figures they are", ALWAYS, "stays"),
    Datum(
        "staff",
        "login name email external_id password_hash totp_secret language",
        STAFF,
        "an account",
        ALWAYS,
        "stays: what was done refers to it",
    ),
    Datum("staff_backup_code", "hash", STAFF, "a digest", "until the next ones", "deleted"),
    Datum("staff_session", "address agent", STAFF, "a browser", "180 days unused", "deleted"),
    Datum(
        "audit_entry",
        "actor subject before after reason address",
        STAFF,
        "who did what; of citizens only codes",
        "for ever",
        "cannot be changed",
    ),
)


def columns(table: str) -> set[str]:
    """The columns of a table that may tell of somebody."""
    return {name for one in HELD if one.table == table for name in one.columns.split()}


def page() -> str:
    """The table, as the documentation shows it."""
    head = (
        "| table | columns | class | holds | kept | then |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    rows = [
        f"| `{one.table}` | {', '.join(f'`{name}`' for name in one.columns.split())} | {one.kind} "
        f"| {one.holds} | {one.kept} | {one.end} |\n"
        for one in sorted(HELD, key=lambda one: one.table)
    ]
    return head + "".join(rows)
