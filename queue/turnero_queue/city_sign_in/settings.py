"""How staff may sign in, as configured under `sign_in`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import password_rule
from turnero_queue.models import Municipality


@dataclass(frozen=True)
class Group:
    """Members of the provider's `group` get `role`, in the office (its code) or in all."""

    group: str
    role: str
    office: str | None = None


@dataclass(frozen=True)
class SignIn:
    """The city's provider. An account is found by `claim`, which must be its e-mail address or
    its login, until it is linked; from then on by who the provider says it is."""

    issuer: str
    client_id: str
    name: Mapping[str, str] = field(default_factory=dict)
    client_secret_file: str = ""
    scopes: tuple[str, ...] = ("email", "profile")
    claim: str = "email"
    create_accounts: bool = False
    login_claim: str = "preferred_username"
    groups_claim: str = "groups"
    groups: tuple[Group, ...] = ()
    follow_groups: bool = False
    second_factor: str = "own"
    passwords: str = password_rule.EVERYBODY

    @property
    def vouches(self) -> bool:
        """Whether the provider sees to the second factor, so that no other is asked for."""
        return self.second_factor == "provider"


def of(stored: Mapping[str, Any]) -> SignIn | None:
    provider = stored.get("provider")
    if not provider:
        return None
    values = dict(provider)
    values["groups"] = tuple(Group(**one) for one in values.get("groups", ()))
    if "scopes" in values:
        values["scopes"] = tuple(values["scopes"])
    return SignIn(**values, passwords=stored.get("passwords", password_rule.EVERYBODY))


def current(session: Session) -> SignIn | None:
    """What is configured now; None where staff sign in with their passwords only."""
    return of(session.scalar(select(Municipality.sign_in)) or {})
