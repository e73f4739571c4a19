"""Shared ground of every room: settings, time, database, errors, languages, live events."""
