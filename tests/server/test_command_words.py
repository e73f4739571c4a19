"""The command line speaks the terminal's language, click's own words and the settings' too."""

import errno
import os
import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from turnero_core import settings
from turnero_core.i18n import speaking
from turnero_core.settings import SettingsError
from turnero_server import reasons
from turnero_server.cli import click_words


@pytest.fixture(autouse=True)
def clicks_own_words() -> Iterator[None]:
    """Put back as they were, for whatever else this process tests."""
    kept = [(vars(module), dict(vars(module))) for module in click_words.MODULES]
    click_words.translate()
    yield
    for names, before in kept:
        names.update({name: before[name] for name in ("_", "ngettext") if name in before})


def command() -> click.Command:
    """One with an option of each kind; click names their types when they are made."""
    options = (
        click.Option(["--port"], type=click.IntRange(1, 65535), default=8080, show_default=True),
        click.Option(["--scope"], type=click.Choice(["desks", "tickets"])),
        click.Argument(["file"], type=click.Path(exists=True, dir_okay=False)),
    )
    return click.Command("serve", params=list(options))


def said(language: str, *args: str) -> str:
    with speaking(language):
        return CliRunner().invoke(command(), list(args), prog_name="turnero serve").output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "Error: Falta el argumento 'FILE'."),
        (["a", "b"], "Error: Valor no válido para 'FILE': Archivo 'a' no existe."),
        (["/"], "Error: Valor no válido para 'FILE': Archivo '/' es una carpeta."),
        ([__file__, "b"], "Error: Sobra un argumento (b)"),
        ([__file__, "--nope"], "Error: No existe la opción '--nope'."),
        (
            [__file__, "--port", "0"],
            "Error: Valor no válido para '--port': 0 no está en el rango 1<=x<=65535.",
        ),
        (
            [__file__, "--scope", "x"],
            "Error: Valor no válido para '--scope': 'x' no es uno de estos: 'desks', 'tickets'.",
        ),
    ],
    ids=lambda value: str(value)[-30:],
)
def test_a_misused_command_says_in_spanish_what_is_wrong(args: list[str], words: str) -> None:
    shown = said("es", *args)
    assert "Uso: turnero serve [OPTIONS] FILE" in shown
    assert "Vea la ayuda con 'turnero serve --help'." in shown
    assert words in shown


def test_the_help_is_in_one_language() -> None:
    spanish = said("es", "--help")
    assert {"Uso:", "Opciones:"} <= set(spanish.split())
    assert "Muestra este mensaje y termina." in spanish
    assert "si no se indica: 8080" in spanish
    assert not re.search(r"Usage|Options:|Show|default", spanish)
    assert "Usage: turnero serve" in said("en", "--help")
    assert "Erro: Falta o argumento 'FILE'." in said("pt")
    assert said("es", "--port").strip() == "Error: La opción '--port' necesita un valor."


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"TURNERO_PORT": "1"}, "No se conoce el ajuste TURNERO_PORT."),
        ({"TURNERO_DATABASE_URL": "mysql://db"}, "empieza con “mysql”"),
        ({"TURNERO_TRUSTED_PROXIES": "x"}, "debe ser un número entero, no “x”"),
        ({"TURNERO_BASE_URL": "turnos.example"}, "escríbalo con http:// o https://"),
        ({"TURNERO_BASE_URL": "https://"}, "por ejemplo https://turnos.example."),
        ({"TURNERO_BASE_URL": "https://a.example/?x=1"}, "TURNERO_BASE_URL es “https://a.example"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_spanish(
    environment: dict[str, str], words: str
) -> None:
    with speaking("es"), pytest.raises(SettingsError) as refused:
        settings.read(environment)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EADDRINUSE, "otro programa la usa"),
        (errno.ENOENT, "no existe esa carpeta o archivo"),
        (errno.ENOSPC, "el disco está lleno"),
        (errno.ELOOP, os.strerror(errno.ELOOP)),
    ],
)
def test_why_the_system_refuses_is_said_in_spanish(number: int, words: str) -> None:
    with speaking("es"):
        assert reasons.of(OSError(number, os.strerror(number))) == words


def test_the_address_for_citizens_may_have_a_port_and_a_path() -> None:
    for address in ("http://192.168.1.20:8080", "https://city.example/turnos/"):
        assert settings.read({"TURNERO_BASE_URL": address}).base_url == address.rstrip("/")
