"""Statistics over the API: as the pages have them, and each office's to its own token alone."""

import time_machine
from tests.queue.statistics.test_a_day import a_day
from tests.queue.town import Town

PERIOD = "from=2026-03-02&to=2026-03-02"


def test_totals_indicators_and_tables_of_a_day(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    a_day(small_town, clock)
    token = small_town.create_token("statistics")
    path = f"/statistics?{PERIOD}&by=service&by=hour&hour=9"
    found = small_town.get(path, token=token).get_json()

    assert found["offices"] == ["centro", "norte"]
    assert (found["totals"]["issued"], found["totals"]["served"]) == (5, 2)
    assert found["totals"]["wait"] == {"count": 3, "median": 7, "p90": 11}
    assert {one["code"]: one["value"] for one in found["indicators"]}["E1"] == 7
    assert [row["key"] for row in found["tables"]["hour"]] == ["9"]
    services = {row["key"]: row["figures"]["issued"] for row in found["tables"]["service"]}
    assert services == {"rentas": 2, "catastro": 1, "licencias": 1, "caja": 1}


def test_an_offices_token_sees_that_office_alone(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    a_day(small_town, clock)
    token = small_town.create_token("statistics", office="norte")

    found = small_town.get(f"/statistics?{PERIOD}&by=office", token=token).get_json()
    assert (found["offices"], found["totals"]["issued"]) == (["norte"], 0)
    refused = small_town.get(f"/statistics?{PERIOD}&office=centro", token=token)
    assert refused.status_code == 403


def test_what_cannot_be_a_question_is_422(small_town: Town) -> None:
    wrong = ("", "from=x&to=y", "from=2026-03-02&to=2026-03-01", f"{PERIOD}&hour=24")
    for asked in (*wrong, f"{PERIOD}&by=name", "from=2020-01-01&to=2026-03-01"):
        assert small_town.get(f"/statistics?{asked}").status_code == 422, asked
