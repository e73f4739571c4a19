"""How many turns a day: per service, per service of one office, and per office."""

import pytest
import time_machine
from tests.queue.town import Town


def statuses(town: Town, service: str, count: int, office: str = "centro") -> list[int]:
    return [
        town.post(f"/offices/{office}/tickets", {"service": service}).status_code
        for _ in range(count)
    ]


def limit_here(town: Town, service: str, limit: int | None, office: str = "centro") -> None:
    from sqlalchemy import update

    from turnero_queue import catalogue
    from turnero_queue.models import OfficeService

    with town.database.write() as session:
        known = catalogue.current(session)
        session.execute(
            update(OfficeService)
            .where(
                OfficeService.office_id == known.office(office).id,
                OfficeService.service_id == known.service(service).id,
            )
            .values(daily_limit=limit)
        )
        catalogue.bump_version(session)


def test_a_service_gives_no_more_turns_than_its_limit(town: Town) -> None:
    town.configure(Service__rentas={"daily_limit": 2})

    assert statuses(town, "rentas", 3) == [201, 201, 409]
    before = town.everything()
    problem = town.post("/offices/centro/tickets", {"service": "rentas"}).get_json()
    assert problem["type"] == "/problems/daily-limit"
    assert town.everything() == before
    assert statuses(town, "catastro", 1) == [201]


def test_the_limit_of_a_service_is_counted_office_by_office(town: Town) -> None:
    town.configure(Service__rentas={"daily_limit": 1})

    assert statuses(town, "rentas", 2, "centro") == [201, 409]
    assert statuses(town, "rentas", 2, "norte") == [201, 409]


@pytest.mark.parametrize(("general", "here", "expected"), [(1, 3, 3), (5, 2, 2), (None, 1, 1)])
def test_an_office_may_have_its_own_limit_for_a_service(
    town: Town, general: int | None, here: int, expected: int
) -> None:
    town.configure(Service__rentas={"daily_limit": general})
    limit_here(town, "rentas", here)

    assert statuses(town, "rentas", 5).count(201) == expected


def test_the_limit_of_an_office_counts_every_service(town: Town) -> None:
    town.configure(Office__centro={"rules": {"office_daily_limit": 2}})

    assert statuses(town, "rentas", 1) + statuses(town, "caja", 1) == [201, 201]
    assert statuses(town, "licencias", 1) == [409]
    assert statuses(town, "rentas", 1, "norte") == [201]


def test_a_cancelled_turn_is_free_for_somebody_else(town: Town) -> None:
    town.configure(Service__rentas={"daily_limit": 1})
    rosa = town.take()
    town.do("cancel", rosa)

    assert statuses(town, "rentas", 2) == [201, 409]


def test_a_turn_that_was_attended_still_counts(town: Town) -> None:
    town.configure(Service__rentas={"daily_limit": 1})
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    town.do("finish", rosa)

    assert statuses(town, "rentas", 1) == [409]


def test_the_next_day_begins_with_all_its_turns(town: Town, clock: time_machine.Traveller) -> None:
    town.configure(Service__rentas={"daily_limit": 1})
    assert statuses(town, "rentas", 2) == [201, 409]
    clock.shift(86_400)

    assert statuses(town, "rentas", 2) == [201, 409]


def test_a_visit_of_several_services_needs_a_turn_left_in_each(town: Town) -> None:
    town.configure(Service__caja={"daily_limit": 1})
    town.take("caja")

    answer = town.post("/offices/centro/tickets", {"service": "rentas", "also": ["caja"]})

    assert answer.get_json()["type"] == "/problems/daily-limit"
    assert len(town.everything()["ticket"]) == 1


def test_a_service_that_the_office_does_not_offer_is_a_conflict(town: Town) -> None:
    answer = town.post("/offices/norte/tickets", {"service": "caja"})
    also = town.post("/offices/norte/tickets", {"service": "rentas", "also": ["caja"]})

    for refused in (answer, also):
        assert refused.status_code == 409
        assert refused.get_json()["type"] == "/problems/service-not-offered"
    assert town.everything()["ticket"] == []
