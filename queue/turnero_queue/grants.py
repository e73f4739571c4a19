"""What somebody may do where: the roles they were given, each for one office or for all."""

from collections.abc import Iterable
from dataclasses import dataclass

from turnero_queue.permissions import ALLOWED, Permission, Role


@dataclass(frozen=True)
class Grant:
    """One role; without an office (its id, and its code as in addresses) it holds in all."""

    role: Role
    office_id: str | None = None
    office: str | None = None


@dataclass(frozen=True)
class Grants:
    given: tuple[Grant, ...] = ()

    @classmethod
    def of(cls, given: Iterable[Grant]) -> "Grants":
        return cls(tuple(given))

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.given)

    def can(self, permission: str, office_id: str | None = None) -> bool:
        """Whether any role allows it: in the office given, or in any office at all."""
        return any(
            office_id is None or grant.office_id in (None, office_id)
            for grant in self._allowing(permission)
        )

    def can_at(self, permission: str, office: str) -> bool:
        """The same for an office's code."""
        return any(grant.office in (None, office) for grant in self._allowing(permission))

    def everywhere(self, permission: str) -> bool:
        """Whether it is allowed in every office, now and later."""
        return any(grant.office_id is None for grant in self._allowing(permission))

    def offices(self, permission: str) -> frozenset[str] | None:
        """The ids of the offices where it is allowed; None when that is all of them."""
        if self.everywhere(permission):
            return None
        found = (grant.office_id for grant in self._allowing(permission))
        return frozenset(office_id for office_id in found if office_id is not None)

    def present(self, office_id: str) -> bool:
        """Whether any role at all is held in that office."""
        return any(grant.office_id in (None, office_id) for grant in self.given)

    def _allowing(self, permission: str) -> list[Grant]:
        wanted = Permission(permission)
        return [grant for grant in self.given if wanted in ALLOWED[grant.role]]
