"""The shapes of the statistics, as the OpenAPI document shows them."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from turnero_core.i18n import N_, gettext
from turnero_queue.api.fields import AtMost, Input, OneOf, Text, Within, check_days
from turnero_queue.statistics import DIMENSIONS

MOST_VALUES = 100


def _list(inner: "fields.Field[Any]", said: str) -> "fields.List[Any]":
    return fields.List(inner, validate=AtMost(MOST_VALUES), metadata={"description": said})


class Desk(Text):
    """A desk of some office."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if "/" not in text:
            raise ValidationError(gettext(N_("Write it as OFFICE/DESK, such as centro/1.")))
        return text


class StatisticsQuery(Input):
    """Every filter may be given several times; without one, everything is kept."""

    first = fields.Date(
        required=True, data_key="from", metadata={"description": "first local day, YYYY-MM-DD"}
    )
    last = fields.Date(
        required=True, data_key="to", metadata={"description": "last local day, included"}
    )
    office = _list(Text(40), "codes; those the token may see, when none is given")
    service = _list(Text(40), "codes")
    desk = _list(Desk(90), "as OFFICE/DESK")
    staff = _list(Text(80), "logins")
    priority = _list(Text(40), "codes")
    origin = _list(Text(12), "kiosk, web, staff, appointment or api")
    hour = _list(fields.Integer(validate=Within(0, 23)), "local hours of arrival")
    weekday = _list(fields.Integer(validate=Within(0, 6)), "0 is Monday")
    by = _list(fields.String(validate=OneOf(DIMENSIONS)), "tables to give")

    @validates_schema
    def check(self, query: dict[str, Any], **_more: Any) -> None:
        check_days(query.get("first"), query.get("last"))


class Spread(Schema):
    count = fields.Integer()
    median = fields.Integer(allow_none=True, metadata={"description": "whole minutes"})
    p90 = fields.Integer(allow_none=True, metadata={"description": "whole minutes"})


class Figures(Schema):
    """issued = served + left + cancelled + no_show + there."""

    issued = fields.Integer()
    served = fields.Integer()
    left = fields.Integer()
    cancelled = fields.Integer()
    no_show = fields.Integer()
    there = fields.Integer()
    wait = fields.Nested(Spread)
    service = fields.Nested(Spread)
    with_target = fields.Integer()
    on_target = fields.Integer()
    calls = fields.Integer()
    recalls = fields.Integer()
    transfers = fields.Integer()
    out_of_order = fields.Integer()
    readmitted = fields.Integer()
    paper = fields.Integer()
    paperless = fields.Integer()
    open_s = fields.Integer(allow_none=True)
    paused_s = fields.Integer(allow_none=True)
    serving_s = fields.Integer(allow_none=True)
    attentions = fields.Integer(allow_none=True)
    answers = fields.Integer(allow_none=True)
    satisfied = fields.Integer(allow_none=True)


class StatisticsRow(Schema):
    key = fields.String(metadata={"description": "as the filter takes it"})
    name = fields.String()
    figures = fields.Nested(Figures)


class Indicator(Schema):
    code = fields.String()
    name = fields.String()
    family = fields.String()
    unit = fields.String()
    value = fields.Float(allow_none=True)


class Statistics(Schema):
    first = fields.String(data_key="from")
    last = fields.String(data_key="to")
    offices = fields.List(fields.String())
    totals = fields.Nested(Figures)
    indicators = fields.List(fields.Nested(Indicator))
    tables = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(StatisticsRow)))
