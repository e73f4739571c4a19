"""The wait that people are told: one number everywhere, from the people and desks that count."""

from itertools import pairwise

import pytest
import time_machine
from tests.queue import values
from tests.queue.town import Town
from tests.queue.values import NINE, minutes

from turnero_queue import service_times
from turnero_queue.service_times import CONFIGURED_WEIGHT, busy_seconds, combine


def test_an_empty_office_with_an_open_desk_has_no_wait(town: Town) -> None:
    town.desk("open", "1")

    assert town.services()["rentas"]["wait"]["p50_s"] == 0
    assert town.take()["wait"]["p50_s"] == 0


def test_the_same_number_is_told_everywhere(town: Town, clock: time_machine.Traveller) -> None:
    """Whoever comes next hears at the door what the ticket, the queue and the app then say."""
    town.desk("open", "1")
    for _ in range(3):
        town.take("rentas")
        clock.shift(20)
    town.take("licencias")

    for service in ("rentas", "catastro", "licencias", "caja"):
        promised = town.services()[service]["wait"]
        ticket = town.take(service)
        queued = next(entry for entry in town.queue() if entry["id"] == ticket["id"])

        assert ticket["wait"] == promised
        assert queued["wait"] == promised
        assert town.ticket(ticket)["wait"] == promised
        assert queued["people_ahead"] == ticket["people_ahead"]
        assert queued["position"] == ticket["position"]


def test_somebody_who_comes_is_not_behind_people_due_later(town: Town) -> None:
    """A service with a short target is called first, and its door says so."""
    from turnero_queue.models import Desk, DeskService

    town.configure(Service__licencias={"target_wait_minutes": 60})
    with town.database.write() as session:
        from sqlalchemy import select

        from turnero_queue import catalogue

        desk = session.scalars(select(Desk).where(Desk.code == "2")).one()
        caja = catalogue.current(session).service("caja")
        session.add(DeskService(desk_id=desk.id, service_id=caja.id))
        catalogue.bump_version(session)
    town.desk("open", "2")
    for _ in range(3):
        town.take("licencias")

    assert town.services()["caja"]["wait"]["p50_s"] == 0
    assert town.take("caja")["people_ahead"] == 0


def test_people_for_other_desks_are_not_ahead(town: Town) -> None:
    for _ in range(3):
        town.take("caja")
    town.take("catastro")
    town.take("licencias")

    rosa = town.take("rentas")  # competes with catastro at desk 1 and licencias at desk 2

    assert (rosa["people_ahead"], rosa["position"]) == (2, 6)


def test_people_sent_to_another_desk_are_not_ahead(town: Town) -> None:
    julio = town.take("caja")
    town.do("transfer", julio, to_desk="3")

    assert town.take("rentas")["people_ahead"] == 0
    assert town.take("caja")["people_ahead"] == 1


def test_a_preferential_person_has_fewer_people_ahead(town: Town) -> None:
    for _ in range(4):
        town.take()

    assert town.take(priority="preferential")["people_ahead"] == 0
    assert town.take()["people_ahead"] == 5


def test_only_open_desks_count(town: Town) -> None:
    for _ in range(4):
        town.take("rentas")
    nobody = town.services()["rentas"]["wait"]
    town.desk("open", "1")
    one = town.services()["rentas"]["wait"]
    town.desk("open", "2")
    two = town.services()["rentas"]["wait"]
    town.desk("pause", "2")
    paused = town.services()["rentas"]["wait"]

    assert [wait["desks_attending"] for wait in (nobody, one, two, paused)] == [0, 1, 2, 1]
    assert (one["p50_s"], two["p50_s"], paused["p50_s"]) == (4 * 600, 2 * 600, 4 * 600)


def test_nobody_attending_counts_as_one_desk_and_says_so(town: Town) -> None:
    town.take("rentas")
    wait = town.services()["rentas"]["wait"]

    assert (wait["p50_s"], wait["desks_attending"]) == (600, 0)
    assert wait["why"] == (
        "1 person ahead; no desk attends now, counted as one; about 10 min each, as configured"
    )


def test_a_desk_that_does_not_attend_the_service_does_not_count(town: Town) -> None:
    town.desk("open", "3")
    town.take("rentas")

    assert town.services()["rentas"]["wait"]["desks_attending"] == 0


def test_a_busy_desk_is_free_when_its_person_has_had_the_usual_time(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take("rentas")
    town.called("1")
    just_called = town.services()["rentas"]["wait"]["p50_s"]
    town.do("start", rosa)
    clock.shift(240)
    halfway = town.services()["rentas"]["wait"]["p50_s"]
    clock.shift(3600)
    overdue = town.services()["rentas"]["wait"]["p50_s"]

    assert (just_called, halfway, overdue) == (600, 360, 150)


def test_the_time_at_an_earlier_desk_does_not_shorten_this_one(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take("rentas", also=["licencias"])
    town.called("1")
    town.do("start", rosa)
    clock.shift(900)
    town.do("transfer", rosa)
    town.called("2")
    town.desk("close", "1")

    assert town.services()["licencias"]["wait"]["p50_s"] == 20 * 60


def test_the_worst_tenth_waits_longer_than_the_middle(town: Town) -> None:
    town.desk("open", "1")
    waits = [town.take()["wait"] for _ in range(5)]

    assert waits[0]["p90_s"] == waits[0]["p50_s"] == 0
    for earlier, later in pairwise(waits):
        assert later["p50_s"] > earlier["p50_s"]
        assert later["p90_s"] > later["p50_s"]


def test_the_office_tells_the_wait_of_its_busiest_service(town: Town) -> None:
    town.desk("open", "1")
    town.desk("open", "3")
    for _ in range(3):
        town.take("rentas")
    shown = town.get("/offices/centro").get_json()

    assert shown["people_waiting"] == 3
    assert shown["wait"]["p50_s"] == max(
        service["wait"]["p50_s"] for service in town.services().values()
    )
    assert town.services()["rentas"]["people_waiting"] == 3
    assert town.services()["caja"]["people_waiting"] == 0


def test_a_ticket_that_does_not_wait_has_no_estimate(town: Town) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    serving = town.do("finish", rosa)

    assert (serving["wait"], serving["position"], serving["people_ahead"]) == (None, None, None)


def test_the_reason_counts_people_and_desks(town: Town) -> None:
    town.desk("open", "1")
    town.take()
    town.take()
    headers = {"Accept-Language": "en"}
    services = town.get("/offices/centro/services", headers=headers).get_json()["services"]
    why = next(s["wait"]["why"] for s in services if s["code"] == "rentas")

    assert why == "2 people ahead; 1 desk attending; about 10 min each, as configured"


# Measured times.


def test_a_service_never_measured_has_its_configured_time() -> None:
    time = combine(values.service(duration=10), [])

    assert (time.mean, time.measured) == (600, 0)
    assert time.variance == pytest.approx((0.6 * 600) ** 2)


def test_few_measures_move_the_estimate_a_little_and_many_decide_it() -> None:
    service = values.service(duration=10)
    means = [combine(service, [300] * count).mean for count in (0, 1, CONFIGURED_WEIGHT, 60)]

    assert means == sorted(means, reverse=True)
    assert means[1] == 550
    assert means[2] == 450
    assert means[3] == pytest.approx(300, rel=0.08)


def test_measures_that_agree_leave_less_doubt() -> None:
    service = values.service(duration=10)
    alike, scattered = combine(service, [600] * 60), combine(service, [60, 1140] * 30)

    assert alike.mean == scattered.mean == 600
    assert alike.variance < scattered.variance
    assert alike.doubt < combine(service, [600] * 3).doubt


@pytest.mark.parametrize(
    ("served_s", "since_call_s", "busy_s"),
    [
        (300, 340, 340),  # walked 40 seconds
        (0, 340, 340),  # nobody pressed “start”
        (300, 4000, 480),  # parked for an hour
        (1500, 340, 340),  # most of it at an earlier desk
        (0, -5, 0),
    ],
)
def test_a_person_keeps_a_desk_from_the_call_on(
    served_s: int, since_call_s: int, busy_s: int
) -> None:
    assert busy_seconds(served_s, NINE, NINE + minutes(since_call_s / 60)) == busy_s


def attend(town: Town, clock: time_machine.Traveller, seconds: int, service: str) -> None:
    rosa = town.take(service)
    town.called("1")
    town.do("start", rosa)
    clock.shift(seconds)
    town.do("finish", rosa)


def test_attentions_of_the_day_teach_the_estimate(
    town: Town, clock: time_machine.Traveller
) -> None:
    for _ in range(5):
        attend(town, clock, 300, "rentas")
    clock.shift(61)
    town.take("rentas")

    told = town.services()
    assert told["rentas"]["wait"]["p50_s"] == 450
    assert told["licencias"]["wait"]["p50_s"] in (0, 450)
    times = measured(town)
    assert (times["rentas"].measured, times["catastro"].measured) == (5, 0)


def test_an_attention_nobody_ended_for_hours_teaches_nothing(
    town: Town, clock: time_machine.Traveller
) -> None:
    attend(town, clock, 4 * 3600 + 1, "rentas")
    clock.shift(61)

    assert measured(town)["rentas"].measured == 0


def test_old_attentions_are_forgotten(town: Town, clock: time_machine.Traveller) -> None:
    attend(town, clock, 300, "rentas")
    clock.shift(28 * 86_400 + 61)

    assert measured(town)["rentas"].measured == 0


def test_measures_of_one_office_say_nothing_about_another(
    town: Town, clock: time_machine.Traveller
) -> None:
    attend(town, clock, 300, "rentas")
    clock.shift(61)

    assert measured(town, "norte")["rentas"].measured == 0


def measured(town: Town, office: str = "centro") -> dict[str, service_times.ServiceTime]:
    """Service code -> its time, as of now."""
    from turnero_core import clock as present

    place = town.office(office)
    with town.database.read() as session:
        times = service_times.of_office(session, place, present.now())
    return {service.code: times[service.id] for service in place.services}
