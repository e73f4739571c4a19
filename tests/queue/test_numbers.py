"""Numbers: per office, business day and prefix, without gaps, by the office's own calendar."""

from datetime import UTC, datetime

import pytest
import time_machine
from tests.queue import factories
from tests.queue.town import Town


def open_round_the_clock(town: Town, *offices: str) -> None:
    for code in offices:
        town.configure(**{f"Office__{code}": {"hours": factories.ROUND_THE_CLOCK}})


def test_numbers_count_up_from_one(town: Town) -> None:
    assert [town.take()["code"] for _ in range(3)] == ["R001", "R002", "R003"]


def test_services_that_share_a_prefix_share_the_counter(town: Town) -> None:
    codes = [town.take(service)["code"] for service in ("rentas", "catastro", "rentas")]

    assert codes == ["R001", "R002", "R003"]


def test_each_prefix_counts_for_itself(town: Town) -> None:
    codes = [town.take(service)["code"] for service in ("rentas", "caja", "licencias", "caja")]

    assert codes == ["R001", "C001", "L001", "C002"]


def test_each_office_counts_for_itself(town: Town) -> None:
    town.take()

    assert town.take(office="norte")["code"] == "R001"
    assert town.take()["code"] == "R002"


def test_a_cancelled_number_is_not_given_again(town: Town) -> None:
    town.do("cancel", town.take())

    assert town.take()["code"] == "R002"


def test_a_transfer_keeps_the_number(town: Town) -> None:
    rosa = town.take("rentas")

    assert town.do("transfer", rosa, service="caja")["code"] == "R001"
    assert town.take("caja")["code"] == "C001"


def test_the_thousandth_number_takes_four_digits(small_town: Town) -> None:
    from turnero_queue.models import TicketCounter

    rosa = small_town.row(small_town.take())
    with small_town.database.write() as session:
        counter = session.get_one(TicketCounter, (rosa.office_id, rosa.business_day, "R"))
        counter.last = 999

    assert small_town.take()["code"] == "R1000"


def test_a_refused_turn_uses_up_no_number(town: Town) -> None:
    town.take()
    refused = town.post("/offices/centro/tickets", {"service": "rentas", "priority": "vip"})

    assert refused.status_code == 422
    assert town.take()["code"] == "R002"


@pytest.mark.parametrize(
    ("zone", "before_midnight", "days"),
    [
        # 23:59:59 in Lima is 04:59:59 of the next day in UTC.
        ("America/Lima", datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC), ("2026-03-02", "2026-03-03")),
        (
            "Pacific/Auckland",
            datetime(2026, 3, 2, 10, 59, 59, tzinfo=UTC),
            ("2026-03-02", "2026-03-03"),
        ),
        (
            "Europe/Madrid",
            datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC),
            ("2026-03-02", "2026-03-03"),
        ),
    ],
)
def test_numbers_begin_again_at_midnight_of_the_office(
    town: Town,
    clock: time_machine.Traveller,
    zone: str,
    before_midnight: datetime,
    days: tuple[str, str],
) -> None:
    town.configure(Office__centro={"hours": factories.ROUND_THE_CLOCK, "timezone": zone})
    clock.move_to(before_midnight)
    late = [town.take() for _ in range(2)]
    clock.shift(1)
    early = town.take()

    assert [ticket["code"] for ticket in late] == ["R001", "R002"]
    assert early["code"] == "R001"
    assert (late[1]["business_day"], early["business_day"]) == days


def test_midnight_in_utc_means_nothing_to_an_office_in_lima(
    town: Town, clock: time_machine.Traveller
) -> None:
    open_round_the_clock(town, "centro")
    clock.move_to(datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC))
    first = town.take()
    clock.shift(1)
    second = town.take()

    assert (first["code"], second["code"]) == ("R001", "R002")
    assert first["business_day"] == second["business_day"] == "2026-03-02"


def test_two_offices_in_two_zones_are_on_two_days_at_once(
    town: Town, clock: time_machine.Traveller
) -> None:
    open_round_the_clock(town, "centro", "norte")
    town.configure(Office__norte={"timezone": "America/Sao_Paulo"})
    clock.move_to(datetime(2026, 3, 3, 4, 0, tzinfo=UTC))  # 23:00 in Lima, 01:00 in São Paulo

    assert town.take(office="centro")["business_day"] == "2026-03-02"
    assert town.take(office="norte")["business_day"] == "2026-03-03"


def test_the_next_day_forgets_nothing_of_the_day_before(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(86_400)
    town.take()

    assert town.ticket(rosa)["code"] == "R001"
    assert len(town.everything()["ticket"]) == 2
