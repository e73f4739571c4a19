"""The shapes of appointments in requests and answers."""

from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from turnero_core.i18n import LANGUAGES, N_, gettext
from turnero_queue.api import schemas
from turnero_queue.api.fields import AtMost, Input, NotEmpty, OneOf, Text, check_days
from turnero_queue.appointments.values import MOST_OF_ONE, MOST_SERVICES, POOLS

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
ORIGINS = ("api", "web", "kiosk", "staff")


class Day(fields.Date):
    """A day of the calendar, in the office's own zone."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        found: date = super()._deserialize(value, *args, **kwargs)
        if not EARLIEST <= found <= LATEST:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return found


class Instant(fields.AwareDateTime):
    """An instant as RFC 3339, with its zone; given in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        found: datetime = super()._deserialize(value, *args, **kwargs)
        if not EARLIEST < found.date() < LATEST:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return found.astimezone(UTC)


class Service(fields.Field[tuple[str, int]]):
    """A service's code, or {"service": code, "quantity": number} -> (code, quantity)."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[str, int]:
        if isinstance(value, str):
            value = {"service": value}
        if not isinstance(value, dict) or set(value) - {"service", "quantity"}:
            raise ValidationError(gettext(N_("Give a service's code.")))
        code, quantity = value.get("service"), value.get("quantity", 1)
        if not isinstance(code, str) or not 1 <= len(code) <= 40:
            raise ValidationError(gettext(N_("Give a service's code.")))
        if isinstance(quantity, bool) or not isinstance(quantity, int):
            quantity = 0
        if not 1 <= quantity <= MOST_OF_ONE:
            text = gettext(N_("Use a quantity from 1 to %(most)s."), most=MOST_OF_ONE)
            raise ValidationError(text)
        return code, quantity


class SlotsQuery(Schema):
    service = fields.List(Text(40), load_default=list, validate=AtMost(MOST_SERVICES))
    first = Day(data_key="from")
    last = Day(data_key="to")
    pool = fields.String(validate=OneOf(POOLS))

    @validates_schema
    def check(self, query: dict[str, Any], **_more: Any) -> None:
        check_days(query.get("first"), query.get("last"))


class Contact(Input):
    name = Text(80, 0, allow_none=True)
    email = Text(254, 0, allow_none=True)
    phone = Text(40, 0, allow_none=True)


class NewAppointment(Input):
    office = Text(40, required=True)
    services = fields.List(Service(), required=True, validate=[NotEmpty(), AtMost(MOST_SERVICES)])
    start = Instant(required=True)
    contact = fields.Nested(Contact, allow_none=True)
    language = fields.String(validate=OneOf(LANGUAGES))
    origin = fields.String(validate=OneOf(ORIGINS))
    pool = fields.String(validate=OneOf(POOLS))
    notes = Text(1000, 0)
    client = Text(
        80, metadata={"description": "for whom the program asks; holds are counted by it"}
    )


class ConfirmBody(Input):
    contact = fields.Nested(Contact, allow_none=True)


class RescheduleBody(Input):
    start = Instant(required=True)
    reason = Text(500, 0)


class CancelBody(Input):
    reason = Text(500, 0)


class CheckInBody(Input):
    priority = Text(40, allow_none=True)


class NewWish(Input):
    office = Text(40, required=True)
    services = fields.List(Service(), required=True, validate=[NotEmpty(), AtMost(MOST_SERVICES)])
    first = Day(required=True, data_key="from")
    last = Day(data_key="to")
    contact = fields.Nested(Contact, required=True)
    language = fields.String(validate=OneOf(LANGUAGES))

    @validates_schema
    def check(self, wish: dict[str, Any], **_more: Any) -> None:
        check_days(wish.get("first"), wish.get("last"))


class Wish(Schema):
    token = fields.String()
    state = fields.String()
    office = fields.String()
    first = fields.String(data_key="from")
    last = fields.String(data_key="to")


class Slot(Schema):
    start = fields.String()
    end = fields.String()
    seats_left = fields.Integer()


class Slots(Schema):
    slots = fields.List(fields.Nested(Slot))


class AppointmentService(Schema):
    service = fields.String()
    quantity = fields.Integer()


class Appointment(Schema):
    token = fields.String()
    code = fields.String(metadata={"description": "short enough to be read aloud"})
    state = fields.String()
    office = fields.String()
    services = fields.List(fields.Nested(AppointmentService))
    start = fields.String()
    end = fields.String()
    timezone = fields.String()
    desk = fields.String(allow_none=True)
    language = fields.String()
    uid = fields.String()
    sequence = fields.Integer()
    expires_at = fields.String(allow_none=True)
    manage_url = fields.String()
    ticket_id = fields.String(allow_none=True)


class AppointmentWithContact(Appointment):
    contact = fields.Nested(Contact, allow_none=True)


class CheckedIn(schemas.Ticket):
    arrival = fields.String(metadata={"description": "early, on_time or late"})
    appointment = fields.Nested(Appointment)
