"""A printer's address made of plain choices, taken apart into them, and said in words."""

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urlsplit

from turnero_admin.configuration.printer_checks import CHECKS, wrong
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_hardware.dialogue import Asking
from turnero_hardware.serial_port import Flow
from turnero_hardware.transports import DEFAULT_PORT

# Written in the file in a way that the choices do not have; it is kept as it is.
OTHER = "other"
# What counts where nothing is chosen.
USUAL: Mapping[str, Mapping[str, str]] = {
    "network": {"port": str(DEFAULT_PORT), "status": str(Asking.FULL)},
    "usb": {"status": str(Asking.FULL)},
    "serial": {"baud": "9600", "flow": str(Flow.DTR), "status": str(Asking.FULL)},
    "device": {"status": str(Asking.NO)},
}
# The parts that an address has as options.
OPTIONS = ("baud", "flow", "status")
WORDS = {
    "network": N_("On the network: %(host)s, port %(port)s"),
    "usb": N_("On a USB cable: %(vendor)s:%(product)s %(number)s"),
    "serial": N_("On the serial port %(path)s"),
    "cups": N_("Print service (CUPS): %(queue)s %(server)s"),
    "device": N_("Device file %(path)s"),
    "tray": N_("None: its slips are kept in the folder “tray”"),
}
Parts = dict[str, str]


def taken_apart(uri: str) -> Parts:
    """The choices that make `uri`, its `way` among them: OTHER where none do."""
    try:
        found = _apart(uri)
    except (ValueError, KeyError):
        return {"way": OTHER}
    return {"way": OTHER} if wrong(found["way"], found) else found


def made(parts: Mapping[str, str], stored: str = "") -> str:
    """The address that the choices make; Invalid names each that cannot be used.

    What is `stored` stays where it means the same, and where it is another than these.
    """
    way = parts.get("way", "")
    if way == OTHER and stored and taken_apart(stored)["way"] == OTHER:
        return stored
    whole = {
        "way": way,
        **USUAL.get(way, {}),
        **{name: text for name, text in parts.items() if text},
    }
    if errors := {name: [gettext(text)] for name, text in wrong(way, whole).items()}:
        raise Invalid(errors=errors)
    written = _written(way, whole)
    return stored if stored and taken_apart(stored) == taken_apart(written) else written


def words(uri: str) -> str:
    """Where a printer is, for people."""
    found = taken_apart(uri)
    text = WORDS.get(found["way"])
    return gettext(text, **found).strip() if text else uri


def _written(way: str, parts: Mapping[str, str]) -> str:
    usual = USUAL.get(way, {})
    wanted = {
        name: parts[name] for name in OPTIONS if name in CHECKS[way] and parts[name] != usual[name]
    }
    return _place(way, parts) + (f"?{urlencode(wanted)}" if wanted else "")


def _place(way: str, parts: Mapping[str, str]) -> str:
    match way:
        case "network":
            host = parts["host"]
            return f"tcp://{f'[{host}]' if ':' in host else host}:{parts['port']}"
        case "usb":
            number = quote(parts.get("number", ""), safe="")
            ids = f"usb://{parts['vendor']}:{parts['product']}".lower()
            return f"{ids}/{number}" if number else ids
        case "serial":
            return f"serial://{parts['path']}"
        case "cups":
            server = parts.get("server", "")
            return f"cups://{parts['queue']}@{server}" if server else f"cups://{parts['queue']}"
        case "device":
            return f"file://{parts['path']}"
        case _:
            return "virtual://tray"


def _apart(uri: str) -> Parts:
    parts = urlsplit(uri)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    way, found = _opened(parts)
    if set(options) - {name for name in OPTIONS if name in CHECKS[way]}:
        raise KeyError(uri)
    return {"way": way, **USUAL.get(way, {}), **found, **options}


def _opened(parts: SplitResult) -> tuple[str, Parts]:
    netloc, path = parts.netloc, parts.path
    match parts.scheme:
        case "tcp":
            return "network", {
                "host": parts.hostname or "",
                "port": str(parts.port or DEFAULT_PORT),
            }
        case "usb":
            vendor, _, product = netloc.lower().partition(":")
            number = unquote(path.strip("/"))
            return "usb", {"vendor": vendor, "product": product, "number": number}
        case "serial" if not netloc:
            return "serial", {"path": path}
        case "cups":
            queue, _, server = netloc.partition("@")
            return "cups", {"queue": queue, "server": server}
        case "file" if not netloc:
            return "device", {"path": path}
        case "virtual":
            return "tray", {}
    raise KeyError(parts.scheme)
