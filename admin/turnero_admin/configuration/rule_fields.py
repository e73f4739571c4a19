"""The rules in words: what each is, its unit, and whether an office may have its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from turnero_admin.configuration.fields import Field
from turnero_core.i18n import N_
from turnero_queue.rules import Rules

NO_LIMIT = N_("0 is no limit.")
LATE = (
    ("walk_in", N_("An ordinary turn")),
    ("keep", N_("Punctual all the same")),
)
SECOND_FACTOR = (
    ("0", N_("Nobody")),
    ("1", N_("Administrators and auditors")),
    ("2", N_("Supervisors and cashiers too")),
    ("3", N_("Everybody")),
)
YES_NO = (("0", N_("No")), ("1", N_("Yes")))


@dataclass(frozen=True)
class RuleGroup:
    """`shared` ones hold for the whole municipality and not for one office."""

    title: str
    rules: tuple[Field, ...]
    shared: bool = False


def _rule(name: str, label: str, hint: str = "", **more: object) -> Field:
    kind = str(more.pop("kind", "number"))
    return Field(name, label, kind, hint=hint, high=100_000, **more)  # type: ignore[arg-type]


GROUPS = (
    RuleGroup(
        N_("Turns and calls"),
        (
            _rule("office_daily_limit", N_("Turns that an office gives in a day"), NO_LIMIT),
            _rule(
                "last_turn_minutes_before_close",
                N_("Minutes before closing when no more turns are given"),
            ),
            _rule("no_show_after_calls", N_("Calls before somebody may be marked as absent")),
        ),
    ),
    RuleGroup(
        N_("Coming to an appointment"),
        (
            _rule(
                "appointment_head_start_minutes",
                N_("Minutes of advantage, once the hour has come"),
            ),
            _rule("appointment_grace_minutes", N_("Minutes late that are still punctual")),
            _rule(
                "appointment_late_rule",
                N_("Who comes later than that has"),
                kind="choice",
                options=LATE,
            ),
            _rule("check_in_early_minutes", N_("Minutes before the hour when one may check in")),
            _rule(
                "check_in_too_late_minutes",
                N_("Minutes after the hour when it is too late altogether"),
            ),
        ),
    ),
    RuleGroup(
        N_("Booking"),
        (
            _rule("appointment_hold_minutes", N_("Minutes that a place is kept while booking")),
            _rule(
                "appointment_open_per_contact",
                N_("Appointments that one e-mail or telephone may have"),
                NO_LIMIT,
            ),
            _rule(
                "appointment_holds_per_address",
                N_("Places that one internet address may hold at once"),
                NO_LIMIT,
            ),
            _rule(
                "waiting_list_answer_minutes",
                N_("Minutes that a freed place is kept for the waiting list"),
            ),
        ),
    ),
    RuleGroup(
        N_("Messages"),
        (
            _rule(
                "appointment_reminder_hours",
                N_("Hours before an appointment when its reminder is sent"),
                N_("0 sends none."),
            ),
            _rule(
                "notices_quiet_hours",
                N_("Hours in which nobody is disturbed"),
                N_("Such as 22:00-07:00, or the word none."),
                kind="text",
                longest=11,
            ),
            _rule(
                "notices_daily_limit", N_("Messages that one address is sent in a day"), NO_LIMIT
            ),
        ),
    ),
    RuleGroup(
        N_("Privacy"),
        (
            _rule(
                "appointment_forget_days",
                N_("Days until it is forgotten who an appointment was for"),
                N_("0 never forgets."),
            ),
            _rule(
                "notices_forget_days",
                N_("Days until a message's address and contents are forgotten"),
                N_("0 never forgets."),
            ),
            _rule(
                "personal_data_days",
                N_("Days until notes, comments and certificates that are over are emptied"),
                N_("0 never forgets."),
            ),
            _rule(
                "payer_forget_days",
                N_("Days until receipts no longer say who paid"),
                N_("The law may ask for years. 0 never forgets."),
            ),
        ),
    ),
    RuleGroup(
        N_("Machines"),
        (
            _rule(
                "device_offline_after_minutes",
                N_("Minutes of silence after which a machine counts as offline"),
            ),
            _rule(
                "print_jobs_waiting_alert", N_("Slips waiting for one printer that are too many")
            ),
            _rule(
                "device_alert_email",
                N_("Who is told by e-mail when a machine needs somebody"),
                N_("Addresses with spaces between them."),
                kind="text",
                longest=400,
            ),
            _rule(
                "device_alert_webhook",
                N_("Web address that is told the same"),
                kind="text",
                longest=400,
            ),
        ),
    ),
    RuleGroup(
        N_("Help and opinions"),
        (
            _rule(
                "help_calls", N_("The kiosk's help calls somebody"), kind="choice", options=YES_NO
            ),
            _rule(
                "help_escalate_minutes",
                N_("Minutes after which a call for help is urgent"),
                N_("0 is never."),
            ),
            _rule(
                "help_assist_minutes",
                N_("Minutes that staff may help on a kiosk's own screen"),
                N_("0 is not at all."),
            ),
            _rule(
                "satisfaction_asked",
                N_("People are asked how the service was"),
                kind="choice",
                options=YES_NO,
            ),
            _rule(
                "survey_asked",
                N_("Afterwards they may say something of themselves"),
                kind="choice",
                options=YES_NO,
            ),
        ),
    ),
    RuleGroup(
        N_("Open data"),
        (
            _rule(
                "open_data_published",
                N_("Everybody may download the figures of past days"),
                N_("At /open-data/, by hour and service. Groups of fewer than five are left out."),
                kind="choice",
                options=YES_NO,
            ),
        ),
    ),
    RuleGroup(
        N_("Security"),
        (
            _rule(
                "second_factor_required",
                N_("Who must sign in with a second factor"),
                kind="choice",
                options=SECOND_FACTOR,
            ),
            _rule(
                "kiosks_must_be_enrolled",
                N_("Only kiosks that were let in may give turns"),
                kind="choice",
                options=YES_NO,
            ),
        ),
        shared=True,
    ),
)


def groups(*, shared: bool) -> Iterator[RuleGroup]:
    """The groups of the municipality (`shared`) or of one office; a rule that no group knows is
    in a last one, under its own name."""
    known = {rule.name for group in GROUPS for rule in group.rules}
    yield from (group for group in GROUPS if shared or not group.shared)
    others = tuple(
        _rule(field.name, field.name.replace("_", " ").capitalize(), kind=_kind(field.default))
        for field in fields(Rules)
        if field.name not in known
    )
    if others and shared:
        yield RuleGroup(N_("Other rules"), others)


def all_of(*, shared: bool) -> tuple[Field, ...]:
    return tuple(rule for group in groups(shared=shared) for rule in group.rules)


def defaults() -> Mapping[str, object]:
    usual = Rules()
    return {field.name: getattr(usual, field.name) for field in fields(Rules)}


def _kind(default: object) -> str:
    return "number" if isinstance(default, int) else "text"
