"""What a printer is asked for: what it is called, what it is, and where."""

from turnero_admin.configuration.fields import Field
from turnero_admin.configuration.kinds import NAME
from turnero_admin.configuration.printer_address import OTHER
from turnero_core.i18n import N_

WAYS = (
    ("network", N_("On the network")),
    ("usb", N_("On a USB cable")),
    ("serial", N_("On a serial port")),
    ("cups", N_("At a print service (CUPS), by the name of its queue")),
    ("device", N_("At a device file of the machine")),
    ("tray", N_("Nowhere: its slips are kept in the folder “tray”, to try things out")),
)
KEPT = (OTHER, N_("As it is written in the configuration file"))
_PROFILES = (
    ("80mm", N_("Paper of 80 mm, as most have")),
    ("80mm-full", N_("Paper of 80 mm, and its blade cuts right through")),
    ("80mm-42", N_("Paper of 80 mm, 42 letters in a line")),
    ("58mm", N_("Paper of 58 mm")),
    ("58mm-basic", N_("Paper of 58 mm, a simple one: it has no blade and draws no QR codes")),
)
CODE = Field(
    "code",
    N_("Short name"),
    hint=N_(
        "Such as centro-kiosk; left empty, it is made of the name. It cannot be changed later. A"
        " kiosk without a printer of its own prints on the one that comes first by this name."
    ),
    longest=40,
)
NAME_FIELD = Field(
    "name",
    N_("Name"),
    hint=N_("What your staff call it, such as Kiosk at the entrance."),
    longest=NAME,
)
PROFILE = Field("profile", N_("What it prints on"), "choice", options=_PROFILES)
STATUS = Field(
    "status",
    N_("What it is asked"),
    "choice",
    hint=N_("Change it only where a printer is said not to answer, though it prints."),
    options=(
        ("full", N_("How it is, and whether it has finished")),
        ("realtime", N_("How it is: it never says that it has finished")),
        ("no", N_("Nothing: it does not answer")),
    ),
)
_FLOW = (
    ("dtr", N_("By its wire DTR, as usual")),
    ("rts", N_("By its wire RTS")),
    ("xon", N_("With signs among the data (XON/XOFF)")),
    ("none", N_("Not at all")),
)
_BAUDS = ("1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200")
# The fields of each way.
OF_WAY: dict[str, tuple[Field, ...]] = {
    "network": (
        Field(
            "host",
            N_("Its number or name in the network"),
            required=True,
            hint=N_("Such as 192.168.1.50. The printer's own test page shows it."),
            longest=253,
        ),
        Field("port", N_("Port"), "number", hint=N_("9100 as usual.")),
    ),
    "usb": (
        Field(
            "vendor",
            N_("Its maker's number"),
            required=True,
            hint=N_("Such as 04b8. The command lsusb shows both numbers, as 04b8:0e15."),
            longest=4,
        ),
        Field(
            "product", N_("Its model's number"), required=True, hint=N_("Such as 0e15."), longest=4
        ),
        Field(
            "number",
            N_("Its serial number"),
            hint=N_("Only where several printers of one model are on one machine."),
            longest=80,
        ),
    ),
    "serial": (
        Field("path", N_("Port"), required=True, hint=N_("Such as /dev/ttyS0."), longest=200),
        Field(
            "baud",
            N_("Speed"),
            "choice",
            options=tuple((text, text) for text in _BAUDS),
            hint=N_("As the printer is set: 9600 as usual."),
        ),
        Field("flow", N_("How it says that its memory is full"), "choice", options=_FLOW),
    ),
    "cups": (
        Field("queue", N_("Name of the queue"), required=True, longest=120),
        Field(
            "server",
            N_("Machine that has it"),
            hint=N_("Left empty, it is the server itself."),
            longest=253,
        ),
    ),
    "device": (
        Field(
            "path", N_("Device file"), required=True, hint=N_("Such as /dev/usb/lp0."), longest=200
        ),
    ),
    "tray": (),
}
ASKED = ("network", "usb", "serial", "device")
# As the history says it.
TOLD = (NAME_FIELD, PROFILE, Field("uri", N_("Where it is")))
