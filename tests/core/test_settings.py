"""The environment: what is not set has a default, what cannot be used is named."""

import stat
from pathlib import Path

import pytest

from turnero_core import settings
from turnero_core.settings import SettingsError


def test_without_any_variable_everything_has_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = settings.read({"PATH": "/bin"})
    assert found.instance == tmp_path / "instance"
    assert found.database_url == f"sqlite:///{tmp_path}/instance/turnero.db"
    assert found.embedded
    assert found.trusted_proxies == 0
    assert not found.instance.exists()


def test_every_unknown_variable_is_reported_with_the_known_ones() -> None:
    with pytest.raises(SettingsError) as refused:
        settings.read({"TURNERO_INSTANSE": "x", "TURNERO_PORT": "1", "TURNERO_INSTANCE": "/x"})
    said = str(refused.value)
    assert "TURNERO_INSTANSE, TURNERO_PORT." in said
    assert all(f"TURNERO_{name}" in said for name in settings.KNOWN)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_the_same(scheme: str) -> None:
    found = settings.read({"TURNERO_DATABASE_URL": f"{scheme}://rosa:p%40ss@db:5432/turnero"})
    assert found.database_url == "postgresql+psycopg://rosa:p%40ss@db:5432/turnero"
    assert not found.embedded


@pytest.mark.parametrize("url", ["mysql://db/turnero", "turnero.db", "oracle://x"])
def test_a_database_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="TURNERO_DATABASE_URL"):
        settings.read({"TURNERO_DATABASE_URL": url})


@pytest.mark.parametrize("proxies", ["one", "-1", "1.5"])
def test_trusted_proxies_must_be_a_whole_number(proxies: str) -> None:
    with pytest.raises(SettingsError, match="TURNERO_TRUSTED_PROXIES"):
        settings.read({"TURNERO_TRUSTED_PROXIES": proxies})


def test_the_secret_key_is_made_once_and_read_from_the_instance(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    settings.make_instance(instance)
    made = settings.read({"TURNERO_INSTANCE": str(instance)}).secret_key
    settings.make_instance(instance)
    assert settings.read({"TURNERO_INSTANCE": str(instance)}).secret_key == made
    assert len(made) >= 48
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700


def test_a_secret_key_of_the_environment_goes_before_the_stored_one(tmp_path: Path) -> None:
    settings.make_instance(tmp_path)
    environment = {"TURNERO_INSTANCE": str(tmp_path), "TURNERO_SECRET_KEY": "from outside"}
    assert settings.read(environment).secret_key == "from outside"
