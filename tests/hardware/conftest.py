"""The cast of the printing tests: the slip a citizen takes home, printers real enough to fail,
and an outbox on both databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from turnero_core.db import Base, Database
from turnero_hardware.models import Printer, PrintJob, PrintJobEvent
from turnero_hardware.slip import Cut, Pair, Picture, Qr, Rule, Slip, Space, Text
from turnero_hardware.virtual_printer import VirtualPrinter

STATUS_URL = "https://turnos.sanmartin.example/t/8Qm3xVtY2LkP"

WORDS: dict[str, dict[str, Any]] = {
    "es": {
        "municipality": "Municipalidad de Ñuñoa de los Ángeles",
        "office": "Oficina Central · Atención al público",
        "turn": "SU TURNO",
        "service": "Rentas y catastro",
        "facts": (
            ("Fecha", "lun 2 mar 2026, 10:10"),
            ("Personas delante", "4"),
            ("Espera estimada", "12 a 20 min"),
        ),
        "qr": "¿Quiere esperar afuera? Siga su turno en el teléfono:",
        "how": "¡Atento! Lo llamaremos por número en la pantalla y por voz.",
    },
    "en": {
        "municipality": "Municipality of San Martín",
        "office": "Main office · Public counter",
        "turn": "YOUR TURN",
        "service": "Property tax and land registry",
        "facts": (
            ("Date", "Mon 2 Mar 2026, 10:10"),
            ("People ahead", "4"),
            ("Expected wait", "12 to 20 min"),
        ),
        "qr": "Rather wait outside? Follow your turn on your phone:",
        "how": "We call you by number, on the screen and by voice.",
    },
    "pt": {
        "municipality": "Prefeitura de São João da Conceição",
        "office": "Sede central · Balcão de atenção",
        "turn": "SUA SENHA",
        "service": "Certidão de construção",
        "facts": (
            ("Data", "seg 2 mar 2026, 10:10"),
            ("Pessoas à frente", "4"),
            ("Espera estimada", "12 a 20 min"),
        ),
        "qr": "Prefere esperar lá fora? Siga a sua senha no telefone:",
        "how": "Não se preocupe: você será chamado por número, na tela e por voz.",
    },
}


def logo_png(width: int = 144, height: int = 96) -> bytes:
    """A coat of arms in pure black and white, so that no dithering is involved."""
    drawing = Image.new("1", (width, height), 1)
    brush = ImageDraw.Draw(drawing)
    left, right, middle = width // 2 - 36, width // 2 + 36, width // 2
    shield = [(left, 4), (right, 4), (right, 52), (middle, 92), (left, 52)]
    brush.polygon(shield, fill=0)
    brush.polygon(
        [
            (x + (4 if x < middle else -4 if x > middle else 0), y + (4 if y < 50 else -5))
            for x, y in shield
        ],
        fill=1,
    )
    brush.polygon(
        [(left + 10, 50), (middle - 8, 22), (middle + 6, 44), (middle + 14, 32), (right - 10, 50)],
        fill=0,
    )
    brush.rectangle((left + 12, 56, right - 12, 60), fill=0)
    output = BytesIO()
    drawing.save(output, "PNG")
    return output.getvalue()


def make_turn_slip(language: str = "es", *, number: str = "R012", url: str = STATUS_URL) -> Slip:
    """The slip of a turn: everything a citizen needs until they are called."""
    words = WORDS[language]
    return Slip(
        (
            Picture(logo_png()),
            Text(words["municipality"], bold=True, align="center"),
            Text(words["office"], align="center"),
            Rule(),
            Text(words["turn"], align="center"),
            Text(number, size="huge", bold=True, align="center"),
            Text(words["service"], size="large", bold=True, align="center"),
            Space(),
            *(Pair(label, value) for label, value in words["facts"]),
            Rule(),
            Text(words["qr"], align="center"),
            Qr(url),
            Text(words["how"], bold=True, align="center"),
            Cut(),
        ),
        language=language,
    )


@pytest.fixture
def turn_slip() -> Callable[..., Slip]:
    """`make_turn_slip`, for tests that cannot import it."""
    return make_turn_slip


@pytest.fixture
def words() -> dict[str, dict[str, Any]]:
    return WORDS


@pytest.fixture
def virtual_printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    """A printer on a free port of this machine, with paper and a shut cover."""
    with VirtualPrinter(tmp_path / "tray") as printer:
        yield printer


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 3, 2, 15, 10, tzinfo=UTC)


@pytest.fixture
def outbox_database(blank_database_url: str) -> Iterator[Database]:
    """A database with the outbox's tables and nothing else, once of each kind."""
    database = Database(blank_database_url)
    tables = [model.__table__ for model in (Printer, PrintJob, PrintJobEvent)]
    Base.metadata.create_all(database.engine, tables=tables)  # type: ignore[arg-type]
    yield database
    database.dispose()
