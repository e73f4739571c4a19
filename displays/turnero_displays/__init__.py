"""The hall screens."""

from turnero_displays.views import install

__all__ = ["install"]
