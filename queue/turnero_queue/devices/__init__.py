"""Machines that prove themselves with a token: enrolment, heartbeats, health, agents' printers."""

from turnero_queue.devices.codes import PREFIX
from turnero_queue.devices.enrolment import (
    Pending,
    approve,
    collect,
    invite,
    invite_again,
    invite_device,
    pending,
    redeem,
    request_enrolment,
)
from turnero_queue.devices.guesses import Guesses, TooManyGuesses
from turnero_queue.devices.health import DeviceHealth, HealthState, Reason, device_health
from turnero_queue.devices.heartbeat import Heartbeat, PrinterReport, heartbeat
from turnero_queue.devices.instances import take_instance, worker_name
from turnero_queue.devices.kiosk_settings import KioskSettings
from turnero_queue.devices.printers import assign_printers, printers_of
from turnero_queue.devices.register import (
    COMMANDS,
    authenticate,
    find,
    is_technician,
    listed,
    rename,
    revoke,
    set_technician_code,
    settings_of,
    tell,
    update_settings,
)

__all__ = [
    "COMMANDS",
    "PREFIX",
    "DeviceHealth",
    "Guesses",
    "HealthState",
    "Heartbeat",
    "KioskSettings",
    "Pending",
    "PrinterReport",
    "Reason",
    "TooManyGuesses",
    "approve",
    "assign_printers",
    "authenticate",
    "collect",
    "device_health",
    "find",
    "heartbeat",
    "invite",
    "invite_again",
    "invite_device",
    "is_technician",
    "listed",
    "pending",
    "printers_of",
    "redeem",
    "rename",
    "request_enrolment",
    "revoke",
    "set_technician_code",
    "settings_of",
    "take_instance",
    "tell",
    "update_settings",
    "worker_name",
]
