"""A demonstration municipality, ready to try."""
