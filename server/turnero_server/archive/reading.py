"""Opens a backup, and trusts nothing in it that it has not checked."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from turnero_core.errors import Invalid
from turnero_core.i18n import N_
from turnero_server import schema
from turnero_server.archive import format as form
from turnero_server.archive.format import Manifest, TableEntry

CHUNK = 1 << 20


class ArchiveError(Invalid):
    slug = "unusable-backup"
    title = N_("The backup cannot be used")


class Archive:
    """A backup whose checksums were found right and whose version this program knows."""

    def __init__(self, file: ZipFile, manifest: Manifest) -> None:
        self._zip = file
        self.manifest = manifest

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> "Iterator[Archive]":
        try:
            with ZipFile(path) as file:
                manifest = _manifest(file, path)
                _check_members(file, manifest, path)
                yield cls(file, manifest)
        except BadZipFile as error:
            raise ArchiveError(N_("%(path)s is not a backup, or is damaged."), path=path) from error

    def rows(self, table: TableEntry) -> Iterator[dict[str, Any]]:
        """The rows of a table, each ready for the columns' types."""
        names = list(table.columns)
        decoders = [form.decoder(kind) for kind in table.columns.values()]
        with self._zip.open(form.table_member(table.name)) as lines:
            for line in lines:
                values = json.loads(line)
                yield {
                    name: decode(value) if decode and value is not None else value
                    for name, decode, value in zip(names, decoders, values, strict=True)
                }

    def files(self) -> Iterator[tuple[PurePosixPath, bytes]]:
        """Files of the instance, with their paths below it."""
        for name in self.manifest.sha256:
            if name.startswith("instance/"):
                yield PurePosixPath(name).relative_to("instance"), self._zip.read(name)


def _manifest(file: ZipFile, path: Path) -> Manifest:
    try:
        manifest = Manifest.from_json(file.read(form.MANIFEST).decode())
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(N_("%(path)s is not a backup of Turnero."), path=path) from error
    if manifest.kind != form.KIND or manifest.format > form.FORMAT:
        raise ArchiveError(N_("%(path)s is not a backup that this version reads."), path=path)
    if manifest.schema not in schema.versions():
        raise ArchiveError(
            N_("%(path)s was made by Turnero %(version)s, which is newer than this one."),
            path=path,
            version=manifest.turnero,
        )
    return manifest


def _check_members(file: ZipFile, manifest: Manifest, path: Path) -> None:
    expected = set(manifest.sha256) | {form.MANIFEST}
    tables = {form.table_member(table.name) for table in manifest.tables}
    names = file.namelist()
    sound = set(names) == expected and len(names) == len(expected) and tables <= expected
    if not (sound and all(map(_belongs, names))):
        raise ArchiveError(N_("%(path)s is damaged: its parts are not those it lists."), path=path)
    for name, digest in manifest.sha256.items():
        if _digest(file, name) != digest:
            raise ArchiveError(
                N_("%(path)s is damaged: the checksum of %(part)s is wrong."), path=path, part=name
            )


def _belongs(name: str) -> bool:
    """Whether a backup may hold `name`: nothing outside the instance, nor the database's files."""
    parts = PurePosixPath(name).parts
    if parts[0] == "instance":
        return len(parts) > 1 and parts[1] in form.KEPT and ".." not in parts
    return name == form.MANIFEST or parts[0] == "tables"


def _digest(file: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with file.open(name) as member:
        while chunk := member.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
