"""Printers that this machine's or another's print service (CUPS) knows, through its `lp` command.

The library's two ways are not used: one needs a compiler to install, the other throws away what
`lp` says, adds a line to each job, and knows only the queues of this machine. A queue takes jobs
whether or not the printer works, and keeps them: what is known of such a printer is that.
"""

from __future__ import annotations

import os
import re
import subprocess

from turnero_core.clock import now
from turnero_core.i18n import N_
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import PrinterStatus

NO_COMMAND = N_("This machine has no print service: the command lp is missing.")
NOT_TAKEN = N_("The print service did not take the job.")
NO_ANSWER = N_("The print service does not answer.")

QUEUE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*")
HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?|\[[0-9a-fA-F:]+\](:[0-9]{1,5})?")


class CupsTransport:
    """`queue` and `host` have to match `QUEUE` and `HOST`, as they become words of a command."""

    def __init__(self, queue: str, host: str = "", *, total: float = 20) -> None:
        self.queue, self.host, self.total = queue, host, total

    def send(self, data: bytes) -> None:
        words = ["lp", "-d", self.queue, "-o", "raw", "-t", "turnero"]
        if self.host:
            words[1:1] = ["-h", self.host]
        try:
            done = subprocess.run(  # noqa: S603 - checked words, and no shell
                words,
                input=data,
                capture_output=True,
                timeout=self.total,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError as error:
            raise PrinterError(NO_COMMAND, detail=str(error)) from error
        except subprocess.TimeoutExpired as error:
            raise PrinterError(NO_ANSWER, fate_unknown=True, detail=str(error)) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise PrinterError(NOT_TAKEN, detail=said)

    def status(self, _timeout: float) -> PrinterStatus:
        return PrinterStatus(at=now())
