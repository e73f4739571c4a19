"""Where this installation lives: the address that citizens reach it under, and its folder.

Work of the background, such as the receipt of a payment that a provider has just confirmed, has
no request to learn them from: whoever opens the application says it once.
"""

from pathlib import Path


class _Place:
    base_url: str = ""
    instance: Path | None = None


def use(base_url: str, instance: Path) -> None:
    """The installation from now on; `base_url` may be empty when nobody has set one."""
    _Place.base_url, _Place.instance = base_url.rstrip("/"), instance


def base_url() -> str:
    """Without a slash at its end; empty when it is not known."""
    return _Place.base_url


def instance() -> Path | None:
    return _Place.instance
