"""Backups: one file that holds every table and what the instance needs, for either engine."""

from turnero_server.archive.reading import Archive, ArchiveError
from turnero_server.archive.restoring import restore
from turnero_server.archive.writing import backup

__all__ = ["Archive", "ArchiveError", "backup", "restore"]
