"""How messages are sent: what the configuration file says under `notices`, as values.

Each channel has a provider. A password or token is never among them: `secret_file` names a file
in the instance's folder `secrets`, which is read when something is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from babel.core import get_global

from turnero_queue.models.catalogue import Municipality
from turnero_queue.models.notices import Channel

Security = Literal["starttls", "tls", "none"]
NOWHERE = "turnero.invalid"
# Under this name an application keeps settings that hold instead of the configured ones.
EXTENSION = "turnero_notices"


@dataclass(frozen=True)
class Smtp:
    """A mail server. `secret_file` holds the password of `user`."""

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    secret_file: str = ""


@dataclass(frozen=True)
class Http:
    """A provider of short messages. In `url`, `headers` and `body` the fields {to}, {text}, {id}
    and {secret} are filled in; `reference` is the dotted path of the answer's own id."""

    url: str
    body: str
    method: Literal["POST", "PUT"] = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_file: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Inbox:
    """Messages are put into the instance's folder `inbox`, and nobody receives them."""


Provider = Smtp | Http | Inbox


@dataclass(frozen=True)
class Settings:
    """`sender` is the address that mails come from; `reply_to` may be empty."""

    sender: str = ""
    reply_to: str = ""
    providers: Mapping[Channel, Provider] = field(default_factory=dict)


def from_stored(values: Mapping[str, Any]) -> Settings:
    """The settings that the municipality's column `notices` holds, as `configuration` put them."""
    email = values.get(Channel.EMAIL, {})
    providers = {channel: _provider(values[channel]) for channel in Channel if channel in values}
    return Settings(email.get("sender", ""), email.get("reply_to", ""), providers)


def _provider(values: Mapping[str, Any]) -> Provider:
    own = {key: value for key, value in values.items() if key not in NOT_THE_PROVIDERS}
    match values["provider"]:
        case "smtp":
            return Smtp(**own)
        case "http":
            return Http(**own)
        case _:
            return Inbox()


NOT_THE_PROVIDERS = ("provider", "sender", "reply_to")


def domain_of(values: Mapping[str, Any]) -> str:
    """The municipality's domain, which its Message-IDs end with."""
    sender: str = values.get(Channel.EMAIL, {}).get("sender", "")
    return sender.rpartition("@")[2] or NOWHERE


def region_of(municipality: Municipality) -> str:
    """The country (PE) whose telephone numbers are written without +…: the locale's, or the time
    zone's."""
    _, _, country = municipality.locale.partition("_")
    return country or get_global("zone_territories").get(municipality.timezone, "")
