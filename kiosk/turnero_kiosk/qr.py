"""QR codes as pictures of their own, dark on white in every theme so that any camera reads them."""

import qrcode  # type: ignore[import-untyped]
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

# Modules of white around the code (ISO/IEC 18004 asks for four).
QUIET_ZONE = 4


def svg(text: str) -> bytes:
    """An SVG file of the QR code that holds `text`."""
    code = qrcode.QRCode(border=QUIET_ZONE, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    picture: bytes = code.make_image(image_factory=SvgPathFillImage).to_string()
    return picture
