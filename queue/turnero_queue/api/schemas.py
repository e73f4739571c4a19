"""The shapes of requests and answers, as the OpenAPI document shows them."""

from marshmallow import Schema, fields

from turnero_core.i18n import LANGUAGES
from turnero_queue.api.fields import AtMost, Input, OneOf, Text, Truth
from turnero_queue.attending import OUTCOMES
from turnero_queue.issuing import ORIGINS

MOST_SERVICES = 20


class NewTicket(Input):
    service = Text(40, required=True)
    priority = Text(40, allow_none=True)
    origin = fields.String(validate=OneOf(ORIGINS))
    language = fields.String(validate=OneOf(LANGUAGES))
    also = fields.List(Text(40), validate=AtMost(MOST_SERVICES))
    notes = Text(1000, 0)


class VerbBody(Input):
    desk = Text(40)
    reason = Text(500, 0)
    service = Text(40)
    to_desk = Text(40)
    outcome = fields.String(validate=OneOf(OUTCOMES))
    services_given = fields.List(Text(40), validate=AtMost(MOST_SERVICES))


class NotesBody(Input):
    notes = Text(1000, 0, required=True)


class CallNextBody(Input):
    finish_current = Truth()


class ReasonBody(Input):
    reason = Text(500, 0)


class Wait(Schema):
    p50_s = fields.Integer(metadata={"description": "seconds, as likely as not"})
    p90_s = fields.Integer(metadata={"description": "seconds, nine times in ten"})
    desks_attending = fields.Integer(allow_none=True)
    why = fields.String()


class Event(Schema):
    kind = fields.String()
    at = fields.String()
    actor = fields.String()
    desk = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    data = fields.Dict()


class Ticket(Schema):
    id = fields.String()
    code = fields.String()
    number = fields.Integer()
    office = fields.String()
    service = fields.String()
    priority = fields.String()
    state = fields.String()
    origin = fields.String()
    language = fields.String()
    business_day = fields.String()
    issued_at = fields.String()
    due_at = fields.String()
    called_at = fields.String(allow_none=True)
    serving_since = fields.String(allow_none=True)
    served_s = fields.Integer()
    ended_at = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    desk = fields.String(allow_none=True)
    calls = fields.Integer()
    notes = fields.String()
    status_url = fields.String()
    position = fields.Integer(allow_none=True)
    people_ahead = fields.Integer(allow_none=True)
    wait = fields.Nested(Wait, allow_none=True)


class TicketWithEvents(Ticket):
    services_remaining = fields.List(fields.String())
    events = fields.List(fields.Nested(Event))


class Called(Schema):
    ticket = fields.Nested(Ticket)
    why = fields.String()


class QueueEntry(Schema):
    id = fields.String()
    code = fields.String()
    position = fields.Integer()
    people_ahead = fields.Integer()
    service = fields.String()
    priority = fields.String()
    state = fields.String()
    issued_at = fields.String()
    due_at = fields.String()
    why = fields.String()
    wait = fields.Nested(Wait)


class Queue(Schema):
    tickets = fields.List(fields.Nested(QueueEntry))


class Office(Schema):
    code = fields.String()
    name = fields.Dict()
    address = fields.String()
    timezone = fields.String()
    open_now = fields.Boolean()
    closes_at = fields.String(allow_none=True)
    opens_at = fields.String(allow_none=True)
    closed_because = fields.String(allow_none=True)
    people_waiting = fields.Integer()
    wait = fields.Nested(Wait)


class Offices(Schema):
    offices = fields.List(fields.Nested(Office))


class Money(Schema):
    amount = fields.String()
    currency = fields.String()


class Service(Schema):
    code = fields.String()
    prefix = fields.String()
    name = fields.Dict()
    category = fields.String(allow_none=True)
    description = fields.Dict()
    requirements = fields.List(fields.Dict())
    place = fields.Dict()
    duration_s = fields.Integer()
    target_wait_s = fields.Integer()
    fee = fields.Nested(Money, allow_none=True)
    channel = fields.String()
    appointments = fields.Boolean()
    external_code = fields.String(allow_none=True)
    people_waiting = fields.Integer()
    wait = fields.Nested(Wait)
    paused = fields.Boolean(metadata={"description": "no turns are given for now"})
    resumes_at = fields.String(
        allow_none=True, metadata={"description": "when a pause ends, if that is known"}
    )


class Services(Schema):
    services = fields.List(fields.Nested(Service))


class Desk(Schema):
    code = fields.String()
    office = fields.String()
    name = fields.Dict()
    status = fields.String()
    services = fields.List(fields.String())
    ticket = fields.Nested(Ticket, allow_none=True)


class Desks(Schema):
    desks = fields.List(fields.Nested(Desk))


class Problem(Schema):
    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
