"""The hall screens."""
