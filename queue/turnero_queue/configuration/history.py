"""Every change of the configuration: who made it, when, what was before; and taking it back."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_queue import models
from turnero_queue.configuration import deltas
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.values import Configuration
from turnero_queue.models import ConfigurationChange


def record(
    session: Session,
    before: Configuration,
    after: Configuration,
    *,
    actor: str,
    undoes: str | None = None,
) -> None:
    """Keep what `after` changes of `before`, in the transaction that changes it."""
    found = deltas.between(trees.of(before), trees.of(after))
    session.add(
        ConfigurationChange(
            id=new_id(),
            version=session.get_one(models.Municipality, 1).config_version,
            at=clock.now(),
            actor=actor[:80],
            office=deltas.office_of(found),
            entries=found,
            undoes_id=undoes,
        )
    )
    session.flush()


def changes(
    session: Session, *, office: str = "", before: int | None = None, most: int = 30
) -> Sequence[ConfigurationChange]:
    """The latest changes first: all, or those of one office (its code); `before` that version."""
    query = select(ConfigurationChange).order_by(ConfigurationChange.version.desc()).limit(most)
    if office:
        query = query.where(ConfigurationChange.office == office)
    if before is not None:
        query = query.where(ConfigurationChange.version < before)
    return session.scalars(query).all()


def one(session: Session, version: int) -> ConfigurationChange:
    query = select(ConfigurationChange).where(ConfigurationChange.version == version)
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such change."))
    return found


def undone_by(session: Session, change: ConfigurationChange) -> ConfigurationChange | None:
    """The later change that took this one back."""
    query = select(ConfigurationChange).where(ConfigurationChange.undoes_id == change.id)
    return session.scalar(query)
