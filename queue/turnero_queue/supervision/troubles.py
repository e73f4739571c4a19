"""What is wrong in an office now, the worst first, each in a sentence of the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from turnero_core.i18n import N_, gettext, ngettext, pick
from turnero_queue.catalogue import Desk
from turnero_queue.supervision.office_now import AtDesk, OfficeNow, OfService

DANGER, WARN = "danger", "warn"
# The services a line names: who reads it is in a hurry.
MOST_NAMED = 3
CALLED_LONG_S = 5 * 60
PAUSED_LONG_S = 15 * 60
# An attention is long when it takes this many times the usual, and so much more than it.
LONG_TIMES, LONG_MORE_S = 3, 15 * 60
HELPING = 2


@dataclass(frozen=True)
class Trouble:
    """`about` is what it is about (service, desk or device) and its code; `helping` are desks that
    could help: closed or paused ones that attend the service, or free ones that could."""

    level: str
    text: str
    about: tuple[str, str] = ("", "")
    helping: Sequence[AtDesk] = field(default=())


def of(found: OfficeNow) -> list[Trouble]:
    """Everything that is wrong; empty when the office runs as it should."""
    every = [
        *_at_the_door(found),
        *_unattended(found),
        *_sent_to_closed(found),
        *_over_target(found),
        *_at_desks(found),
        *_soon(found),
    ]
    return sorted(every, key=lambda trouble: trouble.level != DANGER)


def _at_the_door(found: OfficeNow) -> Iterator[Trouble]:
    if found.span is None and found.people:
        said = ngettext(
            "The office is closed and %(n)s person still waits.",
            "The office is closed and %(n)s people still wait.",
            len(found.people),
        )
        yield Trouble(WARN, said)
    elif found.span is not None and found.desks and not found.open_desks:
        yield Trouble(WARN, gettext(N_("The office is open and none of its desks is.")))


def _unattended(found: OfficeNow) -> Iterator[Trouble]:
    for each in found.services:
        if each.open_desks == 0 and _calm_people(found, each):
            said = ngettext(
                "No open desk attends “%(service)s”: %(n)s person waits, for %(minutes)s min.",
                "No open desk attends “%(service)s”: %(n)s people wait, the first for "
                "%(minutes)s min.",
                each.waiting,
                service=pick(each.service.name),
                minutes=max(1, each.longest_s // 60),
            )
            yield Trouble(DANGER, said, ("service", each.service.code), _helping(found, each))


def _calm_people(found: OfficeNow, each: OfService) -> bool:
    """Whether anybody waits for the service itself, not for one desk."""
    return any(p.service.id == each.service.id and p.for_desk is None for p in found.people)


def _sent_to_closed(found: OfficeNow) -> Iterator[Trouble]:
    for at in found.desks:
        sent = [p for p in found.people if p.for_desk and p.for_desk.id == at.desk.id]
        if sent and not at.is_open:
            yield _said(
                DANGER,
                N_("%(people)s was sent to %(desk)s, which is not open."),
                at.desk,
                people=", ".join(person.code for person in sent),
            )


def _over_target(found: OfficeNow) -> Iterator[Trouble]:
    late = [each for each in found.services if each.over and each.open_desks]
    for each in sorted(late, key=lambda one: -one.longest_s):
        said = ngettext(
            "“%(service)s”: %(n)s person waits longer than the target of %(target)s min; "
            "the longest wait is %(minutes)s min.",
            "“%(service)s”: %(n)s people wait longer than the target of %(target)s min; "
            "the longest wait is %(minutes)s min.",
            each.over,
            service=pick(each.service.name),
            target=int(each.service.target_wait.total_seconds() // 60),
            minutes=max(1, each.longest_s // 60),
        )
        yield Trouble(DANGER, said, ("service", each.service.code), _helping(found, each))


def _at_desks(found: OfficeNow) -> Iterator[Trouble]:
    for at in found.desks:
        minutes = at.for_s // 60
        if at.doing == "called" and at.for_s >= CALLED_LONG_S:
            said = N_("%(desk)s called %(code)s %(minutes)s min ago and nobody has come.")
            yield _said(WARN, said, at.desk, code=at.code, minutes=minutes)
        elif at.doing == "serving" and _is_long(at):
            said = N_("%(desk)s has %(code)s for %(minutes)s min; it usually takes %(usual)s.")
            usual = max(1, round(at.usual_s / 60))
            yield _said(WARN, said, at.desk, code=at.code, minutes=minutes, usual=usual)
        elif at.doing == "paused" and at.for_s >= PAUSED_LONG_S and at.queue:
            said = N_("%(desk)s has been paused for %(minutes)s min and people wait for it.")
            yield _said(WARN, said, at.desk, minutes=minutes)


def _is_long(at: AtDesk) -> bool:
    return at.for_s > max(LONG_TIMES * at.usual_s, at.usual_s + LONG_MORE_S)


def _soon(found: OfficeNow) -> Iterator[Trouble]:
    """Services where whoever comes now will wait too long, while nobody does yet: in one line."""
    soon = [each for each in found.services if _will_be_late(each)]
    soon.sort(key=lambda each: -each.wait.p50_s)
    if soon:
        each = N_("“%(service)s” %(minutes)s min (target %(target)s)")
        named = [
            gettext(
                each,
                service=pick(one.service.name),
                minutes=round(one.wait.p50_s / 60),
                target=int(one.service.target_wait.total_seconds() // 60),
            )
            for one in soon[:MOST_NAMED]
        ]
        if more := len(soon) - len(named):
            named.append(ngettext("%(n)s more service", "%(n)s more services", more))
        services = ", ".join(named)
        said = gettext(N_("Whoever comes now will wait too long: %(services)s."), services=services)
        yield Trouble(WARN, said, ("service", soon[0].service.code), _helping(found, soon[0]))


def _will_be_late(each: OfService) -> bool:
    late = each.wait.p50_s > each.service.target_wait.total_seconds()
    return bool(each.waiting and not each.over and each.open_desks and late)


def _helping(found: OfficeNow, each: OfService) -> list[AtDesk]:
    """Desks that attend the service and are not open, then those that have nobody to attend."""
    asleep = [a for a in found.desks if not a.is_open and each.service.id in a.desk.handicaps]
    idle = [
        a
        for a in found.desks
        if a.doing == "idle" and a.queue == 0 and each.service.id not in a.desk.handicaps
    ]
    return [*asleep[:HELPING], *idle[:1]]


def _said(level: str, message: str, desk: Desk, **params: Any) -> Trouble:
    said = gettext(message, desk=pick(desk.name), **params)
    return Trouble(level, said, ("desk", desk.code))
