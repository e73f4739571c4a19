"""Runs the migrations on the connection it is given, or on the database the settings name."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection

from turnero_core import settings
from turnero_core.db import Database, UTCDateTime
from turnero_server.tables import metadata


def plain_types(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Migrations outlive the program's own column types, so they name SQLAlchemy's."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=plain_types,
        transactional_ddl=True,
    )
    context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(settings.read().database_url).engine.begin() as own:
        run(own)
