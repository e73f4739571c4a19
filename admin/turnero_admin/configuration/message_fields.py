"""What a channel of messages is asked for, by the way in which its messages leave."""

from collections.abc import Mapping
from typing import Any

from turnero_admin.configuration import fields
from turnero_admin.configuration.fields import Field, Form, Plain
from turnero_core.i18n import N_
from turnero_queue.models.notices import Channel

OFF = ""
WAYS: Mapping[str, str] = {
    OFF: N_("Not at all: nothing is sent, and messages for it wait"),
    "smtp": N_("Through your mail server (SMTP)"),
    "http": N_("Through a provider of short messages, over the internet (HTTP)"),
    "inbox": N_("Only kept in a folder of this machine, to try it out: nobody receives them"),
}
SENDER = (
    Field(
        "sender",
        N_("Address that mails come from"),
        "email",
        required=True,
        hint=N_("Such as turnos@example.com."),
        longest=254,
    ),
    Field(
        "reply_to",
        N_("Address that answers go to"),
        "email",
        hint=N_("Left empty, they go to the address above."),
        longest=254,
    ),
)
SMTP = (
    Field(
        "host",
        N_("Mail server"),
        required=True,
        hint=N_("Such as smtp.example.com. Whoever runs your e-mail knows this and the rest."),
        longest=253,
    ),
    Field(
        "security",
        N_("How the connection is protected"),
        "choice",
        options=(
            ("starttls", N_("Encrypted after the greeting (STARTTLS), as usual")),
            ("tls", N_("Encrypted from the beginning (TLS)")),
            ("none", N_("Not at all: only inside your own network")),
        ),
    ),
    Field(
        "port",
        N_("Port"),
        "number",
        hint=N_("587 as usual; 465 where it is encrypted from the beginning."),
        high=65_535,
    ),
    Field(
        "user",
        N_("User name at the mail server"),
        hint=N_("Leave it empty if the server asks for none."),
        longest=200,
    ),
)
PASSWORD = Field(
    "secret_file",
    N_("File that holds the password"),
    hint=N_("Its name alone, such as smtp_password. It is in the folder “secrets” of the server."),
    longest=80,
)
HTTP = (
    Field(
        "url",
        N_("Web address of the provider"),
        "text",
        required=True,
        hint=N_(
            "As its instructions for programs say, such as https://sms.example.com/v1/messages."
        ),
        longest=1000,
    ),
    Field(
        "method",
        N_("Method of the call"),
        "choice",
        options=(("POST", N_("With POST, as usual")), ("PUT", N_("With PUT"))),
    ),
    Field(
        "headers",
        N_("Headers that go with it"),
        "pairs",
        hint=N_("Such as Authorization: Bearer {secret}, where {secret} is what the file holds."),
        longest=500,
    ),
    Field(
        "body",
        N_("What is sent"),
        "area",
        required=True,
        hint=N_(
            "As its instructions say, with {to} where the number goes and {text} where the message"
            " goes. {id} is a number of its own for each message."
        ),
        longest=4000,
    ),
    Field(
        "reference",
        N_("Where the answer tells the provider's own number of the message"),
        hint=N_("Such as messages.0.id. Leave it empty if you do not know."),
        longest=100,
    ),
)
TOKEN = Field(
    "secret_file",
    N_("File that holds the key or token"),
    hint=N_("Its name alone, such as sms_token. It is in the folder “secrets” of the server."),
    longest=80,
)
# What counts where nothing is written.
USUAL: Mapping[str, Any] = {"security": "starttls", "port": 587, "method": "POST"}


def ways(channel: Channel) -> list[tuple[str, str]]:
    own = "smtp" if channel is Channel.EMAIL else "http"
    return [(key, text) for key, text in WAYS.items() if key in (OFF, own, "inbox")]


def asked(channel: Channel) -> tuple[Field, ...]:
    """Every field of the channel's form."""
    return (*SENDER, *SMTP, PASSWORD) if channel is Channel.EMAIL else (*HTTP, TOKEN)


def of_way(channel: Channel, way: str) -> tuple[Field, ...]:
    """The fields that count when its messages leave in that way."""
    if way == "inbox":
        return SENDER if channel is Channel.EMAIL else ()
    return asked(channel)


def typed(form: Form, channel: Channel, stored: Plain) -> Plain | None:
    """What is filled in for the way chosen; None where nothing is sent.

    What is as usual and was not written before is not written now.
    """
    way = form.get("provider", OFF)
    if way == OFF:
        return None
    found = fields.read(form, of_way(channel, way), ())
    kept = {key: value for key, value in found.items() if key in stored or value != USUAL.get(key)}
    return {"provider": way, **kept}
