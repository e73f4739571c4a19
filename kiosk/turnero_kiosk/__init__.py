"""The citizen's faces: the touchscreen in the office, and the turn's own page on a phone."""

from turnero_kiosk.web import install

__all__ = ["install"]
