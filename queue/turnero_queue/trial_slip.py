"""A slip that only shows that a printer prints: letters with their accents, lines and a QR code."""

from collections.abc import Iterable

from turnero_core.i18n import N_, gettext
from turnero_hardware.slip import Cut, Pair, Qr, Rule, Slip, Space, Text

# The kind of its print job.
KIND = "test"


def trial_slip(house: str, lines: Iterable[tuple[str, str]], mark: str) -> Slip:
    """A test slip of the municipality `house`; `mark` is what its QR code says."""
    return Slip(
        (
            Text(house, bold=True, align="center"),
            Text(gettext(N_("TEST PRINT")), size="large", bold=True, align="center"),
            Rule(),
            *(Pair(label, text) for label, text in lines),
            Text("áéíóú ñ ü ¿? ¡! ç ã õ € 0123456789"),
            Space(),
            Qr(f"turnero test {mark}"),
            Cut(),
        )
    )
