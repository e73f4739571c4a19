"""The municipality's logo: a file of the instance that the configuration names."""

import hashlib
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.catalogue import Catalogue

# What a printer can draw; an SVG is for screens only.
ON_PAPER = frozenset({".png", ".jpg", ".jpeg", ".webp"})
FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST_BYTES = 2 * 1024 * 1024
LEAST, MOST, KEPT = 32, 4096, 1024


def file(catalogue: Catalogue, instance: Path) -> Path | None:
    """The logo's file in the instance's `files` folder, if one is named and there."""
    if not catalogue.logo:
        return None
    found = instance / "files" / Path(catalogue.logo).name
    return found if found.is_file() else None


def on_paper(catalogue: Catalogue, instance: Path) -> bytes | None:
    """The picture to print at the top of a slip, when the logo is one."""
    found = file(catalogue, instance)
    return found.read_bytes() if found and found.suffix.lower() in ON_PAPER else None


def prepared(content: bytes) -> bytes:
    """A picture that somebody brings, drawn anew as a PNG of at most KEPT pixels a side.

    Whatever else its file holds is left behind. Invalid when it is no such picture, or too large
    or too small a one.
    """
    if len(content) > LARGEST_BYTES:
        raise _wrong(N_("The file is larger than %(limit)s MB."), limit=LARGEST_BYTES >> 20)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as source:
            width, height = source.size
            if min(width, height) < LEAST or max(width, height) > MOST:
                raise _wrong(
                    N_("The picture must have from %(low)s to %(high)s pixels a side."),
                    low=LEAST,
                    high=MOST,
                )
            picture = ImageOps.exif_transpose(source).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _wrong(N_("This is not a PNG, JPEG or WebP picture.")) from error
    picture.thumbnail((KEPT, KEPT))
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def keep(instance: Path, png: bytes) -> str:
    """Put a prepared picture among the instance's files; gives its name.

    Each picture has its own name: an older configuration still finds its own.
    """
    name = f"logo-{hashlib.sha256(png).hexdigest()[:12]}.png"
    folder = instance / "files"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{name}.part"
    draft.write_bytes(png)
    draft.replace(folder / name)
    return name


def _wrong(message: str, **params: object) -> Invalid:
    return Invalid(errors={"logo": [gettext(message, **params)]})
