"""The municipality's logo: a file of the instance that the configuration names."""

from pathlib import Path

from turnero_queue.catalogue import Catalogue

# What a printer can draw; an SVG is for screens only.
ON_PAPER = frozenset({".png", ".jpg", ".jpeg", ".webp"})


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
