"""Slips for the tests: the turn a citizen takes home, in three languages, and its logo."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from turnero_hardware.slip import Cut, Pair, Picture, Qr, Rule, Slip, Space, Text

STATUS_URL = "https://turnos.sanmartin.example/t/8Qm3xVtY2LkP"

WORDS: dict[str, dict[str, Any]] = {
    "es": {
        "municipality": "Municipalidad de Ñuñoa de los Ángeles",
        "office": "Oficina Central · Atención al público",
        "turn": "SU TURNO",
        "service": "Rentas y catastro",
        "facts": (
            ("Fecha", "lunes 2 de marzo de 2026, 10:10"),
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
            ("Date", "Monday 2 March 2026, 10:10"),
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
            ("Data", "segunda-feira, 2 de março de 2026, 10:10"),
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
