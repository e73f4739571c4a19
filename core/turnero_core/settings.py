"""The environment, read here and nowhere else."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from turnero_core.i18n import N_, gettext

PREFIX = "TURNERO_"
KNOWN = frozenset({"INSTANCE", "DATABASE_URL", "SECRET_KEY", "BASE_URL", "TRUSTED_PROXIES"})


class SettingsError(Exception):
    """The environment cannot be used; the text says which variable and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """`base_url` is empty when not set: public addresses then follow the request's own."""

    instance: Path
    database_url: str
    secret_key: str
    base_url: str
    trusted_proxies: int

    @property
    def embedded(self) -> bool:
        """True with SQLite, where one process serves everything."""
        return self.database_url.startswith("sqlite")


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from TURNERO_* variables; raises SettingsError naming every unknown or bad one."""
    found = {key[len(PREFIX) :]: value for key, value in environ.items() if key.startswith(PREFIX)}
    unknown = sorted(set(found) - KNOWN)
    if unknown:
        names = ", ".join(PREFIX + name for name in unknown)
        allowed = ", ".join(sorted(PREFIX + name for name in KNOWN))
        said = N_("Unknown setting %(names)s. Known settings: %(known)s.")
        raise SettingsError(gettext(said, names=names, known=allowed))
    instance = Path(found.get("INSTANCE") or "instance").absolute()
    return Settings(
        instance=instance,
        database_url=_database_url(found.get("DATABASE_URL"), instance),
        secret_key=found.get("SECRET_KEY") or _stored_secret(instance),
        base_url=_base_url(found.get("BASE_URL") or ""),
        trusted_proxies=_whole_number("TRUSTED_PROXIES", found.get("TRUSTED_PROXIES") or "0"),
    )


def make_instance(instance: Path) -> None:
    """Create the instance folder and its secret key (mode 0600), keeping what is there."""
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = instance / "secret_key"
    if not secret.exists():
        descriptor = os.open(secret, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'turnero.db'}"
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg{separator}{rest}"
    if scheme == "sqlite":
        return url
    said = N_("TURNERO_DATABASE_URL starts with “%(scheme)s”: use sqlite:///… or postgresql://…")
    raise SettingsError(gettext(said, scheme=scheme))


def _base_url(url: str) -> str:
    trimmed = url.strip().rstrip("/")
    # It goes in front of every address that is printed or sent.
    if trimmed and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", trimmed):
        said = N_(
            "TURNERO_BASE_URL is “%(url)s”: write it with http:// or https://, such as "
            "https://turnos.example."
        )
        raise SettingsError(gettext(said, url=trimmed))
    return trimmed


def _stored_secret(instance: Path) -> str:
    secret = instance / "secret_key"
    return secret.read_text().strip() if secret.is_file() else ""


def _whole_number(name: str, text: str) -> int:
    if not text.isdecimal():
        said = N_("%(name)s must be a whole number, not “%(text)s”.")
        raise SettingsError(gettext(said, name=PREFIX + name, text=text))
    return int(text)
