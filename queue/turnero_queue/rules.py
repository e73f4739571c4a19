"""Settings that administrators may change, with their types and defaults, in one table.

The configuration file sets them under `rules:` for the municipality and, above that, per office.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from typing import Any, Literal, NewType, get_args

LateRule = Literal["walk_in", "keep"]
QuietHours = NewType("QuietHours", str)
Addresses = NewType("Addresses", str)
Link = NewType("Link", str)

_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}")
_LINK = re.compile(r"https?://[^\s/?#]+[^\s]{0,400}")


@dataclass(frozen=True)
class Rules:
    # Calls after which somebody who does not come may be marked as a no-show.
    no_show_after_calls: int = 1
    # Punctual appointments count from this many minutes before their hour, once it has come.
    appointment_head_start_minutes: int = 30
    # Minutes after the hour during which an arrival is still punctual.
    appointment_grace_minutes: int = 10
    # What a later arrival becomes: an ordinary turn (walk_in) or punctual all the same (keep).
    appointment_late_rule: LateRule = "walk_in"
    # From how many minutes before the hour somebody with an appointment may check in.
    check_in_early_minutes: int = 60
    # Minutes after the hour from which it is too late for the appointment altogether.
    check_in_too_late_minutes: int = 60
    # How long a seat is kept while somebody fills in who they are.
    appointment_hold_minutes: int = 10
    # Open appointments that one e-mail address or telephone may have; 0 is no limit.
    appointment_open_per_contact: int = 3
    # Seats that one internet address may hold at once without having confirmed; 0 is no limit.
    appointment_holds_per_address: int = 30
    # Hours before an appointment at which its reminder is sent; 0 sends none.
    appointment_reminder_hours: int = 24
    # How long a freed seat is kept for the next person of the waiting list.
    waiting_list_answer_minutes: int = 120
    # Days after which who an appointment was for is forgotten; 0 keeps it.
    appointment_forget_days: int = 90
    # Local hours in which nobody is disturbed, but with what they have just asked for; or "none".
    notices_quiet_hours: QuietHours = QuietHours("22:00-07:00")
    # Messages that one address is sent in 24 hours at most; 0 is no limit.
    notices_daily_limit: int = 20
    # Days after which the address and the contents of a message are forgotten.
    notices_forget_days: int = 30
    # Days after which notes, slips of paper and whatever else may tell of a person are emptied, and
    # certificates after the end of their validity; 0 keeps it. See privacy.retention.
    personal_data_days: int = 180
    # Days after which receipts and payments no longer say who paid; 0 keeps it. The law may ask
    # for years.
    payer_forget_days: int = 3650
    # Turns that one office gives in a day, whatever the service; 0 is no limit.
    office_daily_limit: int = 0
    # Minutes before closing time at which turns stop being given.
    last_turn_minutes_before_close: int = 0
    # A device that was not heard of for so many minutes counts as offline.
    device_offline_after_minutes: int = 3
    # So many slips waiting for one printer are worth a warning.
    print_jobs_waiting_alert: int = 5
    # Who must sign in with a second factor. 0: nobody; 1: administrators and auditors;
    # 2: supervisors and cashiers too; 3: everybody.
    second_factor_required: int = 0
    # E-mail addresses, with spaces between them, that are told when a device needs somebody.
    device_alert_email: Addresses = Addresses("")
    # An address that is told the same by a signed POST; empty for none.
    device_alert_webhook: Link = Link("")
    # 1: only machines that were set up and approved may give turns; 0: any browser may.
    kiosks_must_be_enrolled: int = 0
    # 1: a kiosk's help calls somebody; 0: it only says whom to ask.
    help_calls: int = 1
    # Minutes after which a call for help that nobody has taken is urgent; 0: never.
    help_escalate_minutes: int = 3
    # How long staff may help on a kiosk's own screen at most; 0: not at all.
    help_assist_minutes: int = 10
    # 1: people are asked how the service was; 0: nobody is.
    satisfaction_asked: int = 1
    # 1: afterwards they may say something of themselves, if they want; 0: nobody is asked.
    survey_asked: int = 0
    # 1: the dataset of an office's days is open to everybody, small groups left out; 0: to nobody.
    open_data_published: int = 0


def problems(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a mapping of rules, by key; empty when it can be used."""
    wrong: dict[str, str] = {}
    known = {field.name for field in fields(Rules)}
    for key, value in values.items():
        fits, said = _CHECKS.get(key, _NUMBER)
        if key not in known:
            wrong[key] = f"unknown rule; known are {', '.join(sorted(known))}"
        elif not fits(value):
            wrong[key] = said
    return wrong


def merged(*layers: Mapping[str, Any]) -> Rules:
    """The defaults with each layer above the one before it."""
    rules = Rules()
    for layer in layers:
        rules = replace(rules, **layer)
    return rules


def quiet_hours(text: str) -> tuple[time, time] | None:
    """Beginning and end of "22:00-07:00"; None for "none". ValueError when it is neither."""
    if text == "none":
        return None
    begins, dash, ends = text.partition("-")
    if not dash or len(begins) != 5 or len(ends) != 5 or begins == ends:
        raise ValueError(f"{text!r} is not two hours such as 22:00-07:00")
    return time.fromisoformat(begins), time.fromisoformat(ends)


def _can_be_read(text: str) -> bool:
    try:
        quiet_hours(text)
    except ValueError:
        return False
    return True


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int) and 0 <= value <= 100_000


def are_addresses(value: Any) -> bool:
    return isinstance(value, str) and all(_ADDRESS.fullmatch(one) for one in value.split())


def is_link(value: Any) -> bool:
    return isinstance(value, str) and (not value or _LINK.fullmatch(value) is not None)


def _are_hours(value: Any) -> bool:
    return isinstance(value, str) and _can_be_read(value)


Check = tuple[Callable[[Any], bool], str]
_NUMBER: Check = (_is_number, "must be a whole number of 0 or more")
_CHECKS: Mapping[str, Check] = {
    "appointment_late_rule": (
        lambda value: value in get_args(LateRule),
        f"must be one of {', '.join(get_args(LateRule))}",
    ),
    "notices_quiet_hours": (_are_hours, "must be hours such as 22:00-07:00, or none"),
    "device_alert_email": (are_addresses, "must be e-mail addresses with spaces between them"),
    "device_alert_webhook": (
        is_link,
        "must be an address that begins with https:// or http://, or nothing",
    ),
}
