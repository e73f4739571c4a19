"""What may be written in the parts of a printer's address, and what is said of what may not.

A path may only be a device's: whoever configures an office has no say over the server's files.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping

from turnero_core.i18n import N_
from turnero_hardware import cups
from turnero_hardware.dialogue import Asking
from turnero_hardware.serial_port import Flow

Check = tuple[Callable[[str], object], str]

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
# The process's own files (fd, stdin …) and files in memory are no devices.
_PATH = re.compile(r"/dev/(?!fd\b|std|shm\b|mqueue\b)(?!.*\.\.)[A-Za-z0-9._:/+-]{1,200}", re.ASCII)


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return bool(_NAME.fullmatch(text))
    return True


def _is_number(text: str, most: int) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,7}", text, re.ASCII)) and 1 <= int(text) <= most


def _optional(check: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: not text or check(text)


_HEX: Check = (
    re.compile(r"[0-9A-Fa-f]{1,4}", re.ASCII).fullmatch,
    N_("Write up to four digits and letters from a to f, such as 04b8."),
)
_HOST = N_("Write the printer's number or name in the network, such as 192.168.1.50.")
_DEVICE: Check = (_PATH.fullmatch, N_("Write a path that begins with /dev/, such as /dev/usb/lp0."))
_STATUS: Check = (lambda text: text in list(Asking), N_("Choose one of these."))
# Way -> part -> what it has to be.
CHECKS: Mapping[str, Mapping[str, Check]] = {
    "network": {
        "host": (_is_host, _HOST),
        "port": (
            lambda text: _is_number(text, 65_535),
            N_("Write a whole number from 1 to 65535."),
        ),
        "status": _STATUS,
    },
    "usb": {
        "vendor": _HEX,
        "product": _HEX,
        "number": (
            _optional(re.compile(r"[!-~]{1,80}", re.ASCII).fullmatch),
            N_("Write the number as it stands on the printer, without spaces."),
        ),
        "status": _STATUS,
    },
    "serial": {
        "path": _DEVICE,
        "baud": (lambda text: _is_number(text, 4_000_000), N_("Choose one of these.")),
        "flow": (lambda text: text in list(Flow), N_("Choose one of these.")),
        "status": _STATUS,
    },
    "cups": {
        "queue": (cups.QUEUE.fullmatch, N_("Write the name of the queue, without spaces.")),
        "server": (_optional(cups.HOST.fullmatch), _HOST),
    },
    "device": {"path": _DEVICE, "status": _STATUS},
    "tray": {},
}


def wrong(way: str, parts: Mapping[str, str]) -> dict[str, str]:
    """What is said of each part that cannot be used."""
    if way not in CHECKS:
        return {"way": N_("Choose where the printer is.")}
    return {
        name: said for name, (good, said) in CHECKS[way].items() if not good(parts.get(name, ""))
    }
