"""python-escpos, loaded without what its start costs; everything else imports it from here.

At every start the library makes a folder for temporary files that nobody removes, and reads its
printers' capabilities as YAML, which takes a fifth of a second. It takes a pickle instead when it
finds one: it is given one, made from the same file, in a folder that is gone afterwards.
"""

import json
import os
import pickle
import platform
import tempfile
from importlib import import_module
from importlib.resources import files
from pathlib import Path

_FOLDER = "ESCPOS_CAPABILITIES_PICKLE_DIR"


def _load() -> None:
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="turnero-") as folder:
        capabilities = json.loads((files("escpos") / "capabilities.json").read_bytes())
        made = Path(folder) / f"{platform.python_version()}.capabilities.pickle"
        made.write_bytes(pickle.dumps(capabilities))
        chosen = os.environ.get(_FOLDER)
        os.environ[_FOLDER], tempfile.tempdir = folder, folder
        try:
            import_module("escpos.capabilities")
        finally:
            tempfile.tempdir = before
            del os.environ[_FOLDER]
            if chosen is not None:
                os.environ[_FOLDER] = chosen


_load()

from escpos.constants import (  # type: ignore[import-untyped] # noqa: E402
    CODEPAGE_CHANGE,
    ESC,
    FS,
    GS,
    QR_ECLEVEL_M,
)
from escpos.exceptions import DeviceNotFoundError  # type: ignore[import-untyped] # noqa: E402
from escpos.printer import Dummy, Serial, Usb  # type: ignore[import-untyped] # noqa: E402

__all__ = [
    "CODEPAGE_CHANGE",
    "ESC",
    "FS",
    "GS",
    "QR_ECLEVEL_M",
    "DeviceNotFoundError",
    "Dummy",
    "Serial",
    "Usb",
]
