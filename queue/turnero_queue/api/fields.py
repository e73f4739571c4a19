"""Fields that refuse what a database or a screen could not take."""

from typing import Any

from marshmallow import Schema, fields, validate

from turnero_core.i18n import N_


class Text(fields.String):
    """A string of 1 to `longest` characters, without control characters or half characters."""

    default_error_messages = {
        "control": N_("Leave out control characters."),
        "encoding": N_("This is not text in UTF-8."),
    }

    def __init__(self, longest: int = 80, shortest: int = 1, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(shortest, longest), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, *args, **kwargs)
        if any(ord(char) < 32 and char not in "\n\t" for char in text):
            raise self.make_error("control")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise self.make_error("encoding") from error
        return text


class Truth(fields.Boolean):
    """true or false, and nothing that merely resembles them."""

    truthy = {True}
    falsy = {False}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Input(Schema):
    """A body: unknown fields are refused, not ignored."""
