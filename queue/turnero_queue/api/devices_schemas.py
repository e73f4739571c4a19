"""The shapes of what devices and the server say to each other."""

from marshmallow import Schema, fields, validate

from turnero_core.i18n import N_
from turnero_hardware.models import PrinterState
from turnero_hardware.outbox_agents import Outcome
from turnero_hardware.status import Paper
from turnero_queue.api.fields import AtMost, Input, OneOf, Text, Truth
from turnero_queue.models.devices import DeviceKind

LONGEST_WAIT_S = 25
MOST_HELD = 500


class Enrol(Input):
    code = Text(40, required=True)
    version = Text(40, 0)


class AskToEnrol(Input):
    kind = fields.String(validate=OneOf(list(DeviceKind)), required=True)
    version = Text(40, 0)


class Collect(Input):
    secret = Text(100, required=True)


class Asked(Schema):
    code = fields.String(metadata={"description": "to show on the machine's screen"})
    secret = fields.String(metadata={"description": "to collect the token with"})
    expires_in_s = fields.Integer()


class Named(Schema):
    code = fields.String()
    name = fields.String()
    kind = fields.String()


class Collected(Schema):
    token = fields.String()
    server_time = fields.String()


class Enrolled(Schema):
    token = fields.String()
    device = fields.Nested(Named)
    settings = fields.Dict()
    server_time = fields.String()


class Claim(Input):
    wait_s = fields.Integer(
        strict=True,
        validate=validate.Range(0, LONGEST_WAIT_S, error=N_("Give 0 to 25 seconds.")),
        metadata={"description": "how long to wait for something to print"},
    )
    holds = fields.List(
        Text(36),
        validate=AtMost(MOST_HELD),
        metadata={"description": "ids of the jobs that were handed out and not reported yet"},
    )


class DrivenPrinter(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    uri = fields.String()
    profile = fields.String()


class PrintJob(Schema):
    id = fields.String()
    printer = fields.Nested(DrivenPrinter)
    kind = fields.String()
    slip = fields.Dict()
    copy = fields.Boolean()
    attempt = fields.Integer()
    created_at = fields.String()
    lease_until = fields.String()


class Claimed(Schema):
    jobs = fields.List(fields.Nested(PrintJob))
    drop = fields.List(fields.String())
    server_time = fields.String()


class Report(Input):
    outcome = fields.String(validate=OneOf(list(Outcome)), required=True)
    error = Text(500, 0)
    permanent = Truth()
    copy = Truth()


class Reported(Schema):
    id = fields.String()
    state = fields.String()


class PrinterTold(Input):
    code = Text(64, required=True)
    state = fields.String(validate=OneOf(list(PrinterState)))
    paper = fields.String(validate=OneOf(list(Paper)))
    error = Text(500, 0, allow_none=True)


class Heartbeat(Input):
    version = Text(40, 0)
    time = fields.AwareDateTime()
    printers = fields.List(fields.Nested(PrinterTold), validate=AtMost(50))
    facts = fields.Dict(keys=Text(40), validate=AtMost(40))


class Answer(Schema):
    device = fields.Nested(Named)
    server_time = fields.String()
    settings = fields.Dict()
    printers = fields.List(fields.Nested(DrivenPrinter))
    commands = fields.List(fields.String())


class Reason(Schema):
    type = fields.String()
    text = fields.String()


class Device(Schema):
    id = fields.String()
    code = fields.String()
    kind = fields.String()
    name = fields.String()
    office = fields.String(allow_none=True)
    state = fields.String()
    reasons = fields.List(fields.Nested(Reason))
    last_seen_at = fields.String(allow_none=True)
    paper = fields.String(allow_none=True)
    jobs_waiting = fields.Integer()
    version = fields.String()
    clock_offset_s = fields.Float(allow_none=True)
    driven_by = fields.String(allow_none=True)


class Devices(Schema):
    devices = fields.List(fields.Nested(Device))
