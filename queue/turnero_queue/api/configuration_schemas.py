"""The shapes of what is asked and answered about the configuration."""

from marshmallow import Schema, fields

from turnero_queue.api.fields import Input


class Asked(Input):
    dry_run = fields.Boolean(metadata={"description": "only say what would change"})


class Whole(Schema):
    municipality = fields.Dict()
    categories = fields.List(fields.Dict())
    services = fields.List(fields.Dict())
    priorities = fields.List(fields.Dict())
    offices = fields.List(fields.Dict())


class Change(Schema):
    kind = fields.String(metadata={"description": "+ new, ~ another, - taken out of use"})
    what = fields.String()
    code = fields.String()
    field = fields.String()
    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)
    told = fields.String()


class Outcome(Schema):
    applied = fields.Boolean()
    changes = fields.List(fields.Nested(Change))
    consequences = fields.List(fields.String())
    warnings = fields.List(fields.String())
