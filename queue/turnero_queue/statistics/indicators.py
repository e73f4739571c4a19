"""The indicators that a municipality answers for: one table, from which the docs are printed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from turnero_core.i18n import N_
from turnero_queue.statistics.figures import Figures

Family = Literal["efficiency", "efficacy", "quality", "productivity", "impact"]
Unit = Literal["minutes", "share", "count", "rate", "hours"]
Value = Callable[[Figures], float | None]

FAMILY_NAMES: Mapping[Family, str] = MappingProxyType(
    {
        "efficiency": N_("Efficiency"),
        "efficacy": N_("Efficacy"),
        "quality": N_("Quality"),
        "productivity": N_("Productivity"),
        "impact": N_("Impact"),
    }
)
UNIT_NAMES: Mapping[Unit, str] = MappingProxyType(
    {
        "minutes": N_("whole minutes"),
        "share": N_("percent"),
        "count": N_("number"),
        "rate": N_("people an hour"),
        "hours": N_("hours"),
    }
)
SUPERVISION = N_("The office's supervisor")
SERVICES = N_("Whoever answers for the attention to citizens")
CITY = N_("The city's administration")


@dataclass(frozen=True)
class Indicator:
    """`better` says which way is good: 1 up, -1 down, 0 neither."""

    code: str
    family: Family
    name: str
    definition: str
    formula: str
    unit: Unit
    owner: str
    better: int
    value: Value


INDICATORS = (
    Indicator(
        "E1",
        "efficiency",
        N_("Median wait"),
        N_(
            "Half of the people called had waited this long or less, from their arrival (or from "
            "the hour of their appointment, when that is later) to the first call that stood."
        ),
        N_("the wait at place ⌈n / 2⌉ of the n in order"),
        "minutes",
        SUPERVISION,
        -1,
        lambda f: f.wait.median,
    ),
    Indicator(
        "E2",
        "efficiency",
        N_("Wait of nine in ten"),
        N_("Nine in ten of the people called had waited this long or less."),
        N_("the wait at place ⌈9 n / 10⌉ of the n in order"),
        "minutes",
        SUPERVISION,
        -1,
        lambda f: f.wait.p90,
    ),
    Indicator(
        "E3",
        "efficiency",
        N_("Median time of attention"),
        N_("Half of the people attended were done in this time or less, pauses left out."),
        N_("the time at place ⌈n / 2⌉ of the n in order"),
        "minutes",
        SUPERVISION,
        0,
        lambda f: f.service.median,
    ),
    Indicator(
        "E4",
        "efficiency",
        N_("Occupancy of desks"),
        N_("How much of the time that desks were open they had somebody in front of them."),
        N_("time serving / time open"),
        "share",
        SUPERVISION,
        0,
        lambda f: f.occupancy,
    ),
    Indicator(
        "A1",
        "efficacy",
        N_("Attended"),
        N_("Of the turns that ended, those that were attended to the end."),
        N_("served / (issued − still there)"),
        "share",
        SERVICES,
        1,
        lambda f: f.served_share,
    ),
    Indicator(
        "A2",
        "efficacy",
        N_("Not attended before the day closed"),
        N_("Of the turns that ended, those for whom the day closed before they were attended."),
        N_("left / (issued − still there)"),
        "share",
        SERVICES,
        -1,
        lambda f: f.left_share,
    ),
    Indicator(
        "A3",
        "efficacy",
        N_("Did not come when called"),
        N_("Of the turns that ended, those whose person did not come and was not let back in."),
        N_("no-shows / (issued − still there)"),
        "share",
        SERVICES,
        -1,
        lambda f: f.no_show_share,
    ),
    Indicator(
        "A4",
        "efficacy",
        N_("Cancelled"),
        N_("Of the turns that ended, those given up by the person or the staff before a call."),
        N_("cancelled / (issued − still there)"),
        "share",
        SERVICES,
        -1,
        lambda f: f.cancelled_share,
    ),
    Indicator(
        "Q1",
        "quality",
        N_("Called within the target"),
        N_("Of the people called, those who waited no longer than their service promises."),
        N_("waits up to the service's target / people called"),
        "share",
        SERVICES,
        1,
        lambda f: f.target_share,
    ),
    Indicator(
        "Q2",
        "quality",
        N_("Satisfied"),
        N_("Of the people who answered, those who chose one of the two best faces."),
        N_("scores of 4 and 5 / answers"),
        "share",
        SERVICES,
        1,
        lambda f: f.satisfied_share,
    ),
    Indicator(
        "Q3",
        "quality",
        N_("Called more than once"),
        N_("How many more calls were needed for each first one."),
        N_("repeated calls / calls"),
        "share",
        SUPERVISION,
        -1,
        lambda f: f.recall_share,
    ),
    Indicator(
        "Q4",
        "quality",
        N_("Sent on"),
        N_("How often people were sent to another service or desk, for each turn."),
        N_("transfers / issued"),
        "share",
        SUPERVISION,
        -1,
        lambda f: f.transfer_share,
    ),
    Indicator(
        "Q5",
        "quality",
        N_("Called out of order"),
        N_("Of the calls, those that passed over the order; each has a reason in the audit log."),
        N_("calls out of order / calls"),
        "share",
        CITY,
        -1,
        lambda f: f.out_of_order_share,
    ),
    Indicator(
        "P1",
        "productivity",
        N_("People attended"),
        N_("Turns that were attended to the end."),
        N_("served"),
        "count",
        SUPERVISION,
        1,
        lambda f: f.served,
    ),
    Indicator(
        "P2",
        "productivity",
        N_("People for each hour of a desk"),
        N_("How many people an open desk begins to attend in an hour."),
        N_("attentions begun / hours open"),
        "rate",
        SUPERVISION,
        1,
        lambda f: f.per_desk_hour,
    ),
    Indicator(
        "P3",
        "productivity",
        N_("Hours of open desks"),
        N_("For how long desks were open, all of them together; pauses do not count."),
        N_("sum of the time open"),
        "hours",
        SUPERVISION,
        0,
        lambda f: None if f.open_s is None else f.open_s / 3600,
    ),
    Indicator(
        "I1",
        "impact",
        N_("Turns taken"),
        N_("How many turns people took, wherever they took them."),
        N_("issued"),
        "count",
        CITY,
        0,
        lambda f: f.issued,
    ),
    Indicator(
        "I2",
        "impact",
        N_("Slips saved"),
        N_("Turns whose person chose to have no paper."),
        N_("turns without paper"),
        "count",
        CITY,
        1,
        lambda f: f.paperless,
    ),
    Indicator(
        "I3",
        "impact",
        N_("Without paper"),
        N_("Of the people who could choose, those who chose to have no paper."),
        N_("turns without paper / turns that could have had it"),
        "share",
        CITY,
        1,
        lambda f: f.paperless_share,
    ),
)
BY_CODE: Mapping[str, Indicator] = MappingProxyType({one.code: one for one in INDICATORS})
