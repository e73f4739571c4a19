"""The shapes of payments in the API."""

from marshmallow import Schema, fields

from turnero_core.i18n import LANGUAGES
from turnero_queue.api.fields import AtMost, Input, OneOf, Text
from turnero_queue.api.schemas import Money
from turnero_queue.models.payments import METHODS
from turnero_queue.payments.starting import MOST_ITEMS


class MoneyBody(Input):
    # As it was written: amounts are judged by payments.money, which says what is wrong with one.
    amount = fields.Raw(required=True, metadata={"type": "string", "example": "15.00"})
    currency = Text(3, 3)


class NewItem(Input):
    service = Text(40)
    description = Text(200)
    amount = fields.Nested(MoneyBody)
    quantity = fields.Integer(strict=True)
    debt = Text(160)


class NewPayment(Input):
    office = Text(40, required=True)
    items = fields.List(fields.Nested(NewItem), required=True, validate=AtMost(MOST_ITEMS))
    method = fields.String(required=True, validate=OneOf(METHODS))
    ticket = Text(40)
    device = Text(80)
    point_of_sale = Text(40)
    language = fields.String(validate=OneOf(LANGUAGES))


class NewRefund(Input):
    amount = fields.Nested(MoneyBody)
    reason = Text(500, 0, required=True)


class PaymentItem(Schema):
    description = fields.Dict()
    quantity = fields.Integer()
    amount = fields.Nested(Money)
    service = fields.String(allow_none=True)
    debt = fields.String(allow_none=True)


class Instructions(Schema):
    qr_data = fields.String(metadata={"description": "what the QR says"}, allow_none=True)
    terminal = fields.String(metadata={"description": "the card terminal"}, allow_none=True)
    voucher = fields.String(metadata={"description": "the code for the cash desk"})
    cash = fields.Nested(Money, metadata={"description": "what the cashier takes"})
    expires_at = fields.String()


class Refund(Schema):
    id = fields.String()
    amount = fields.Nested(Money)
    reason = fields.String()
    state = fields.String()
    actor = fields.String()
    created_at = fields.String()


class Payment(Schema):
    id = fields.String()
    office = fields.String()
    state = fields.String()
    told = fields.String(metadata={"description": "what to tell whoever pays"})
    unsure = fields.Boolean()
    simulated = fields.Boolean()
    method = fields.String()
    provider = fields.String(allow_none=True)
    amount = fields.Nested(Money)
    refunded = fields.Nested(Money)
    errand = fields.Dict()
    items = fields.List(fields.Nested(PaymentItem))
    instructions = fields.Nested(Instructions, allow_none=True)
    created_at = fields.String()
    expires_at = fields.String()
    approved_at = fields.String(allow_none=True)
    refunds = fields.List(fields.Nested(Refund))
    receipt = fields.Dict(allow_none=True)
