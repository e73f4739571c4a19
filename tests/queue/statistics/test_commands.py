"""`turnero statistics`: rebuilt, proved, and found out when somebody has touched them."""

from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result
from sqlalchemy import text
from tests.queue.statistics.test_a_day import a_day
from tests.queue.town import Town

from turnero_core.i18n import set_language
from turnero_queue.statistics import page
from turnero_server import schema
from turnero_server.cli.statistics import command


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("en")


def run(town: Town, *args: str) -> Result:
    instance = Path(town.database.url.database or "").parent
    environment = {
        "TURNERO_INSTANCE": str(instance),
        "TURNERO_DATABASE_URL": str(town.database.url),
    }
    return CliRunner().invoke(command, args, env=environment)


def test_a_figure_that_somebody_altered_is_named_and_a_rebuild_mends_it(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    a_day(small_town, clock)
    rebuilt = run(small_town, "rebuild")
    assert (rebuilt.exit_code, "events newly taken in: 17" in rebuilt.output) == (0, True)
    assert run(small_town, "verify").exit_code == 0
    with small_town.database.write() as session:
        mine = "WHERE service = 'rentas' AND priority = 'standard'"
        session.execute(text(f"UPDATE statistic_hour SET recalls = recalls + 1 {mine}"))  # noqa: S608

    proved = run(small_town, "verify", "--from", "2026-03-01")
    assert proved.exit_code == 1
    said = "statistic_hour, office centro, 2026-03-02, 9, rentas, standard, api, recalls: stored 2"
    assert said in proved.output
    assert run(small_town, "rebuild", "--office", "centro", "--to", "2026-03-31").exit_code == 0
    assert run(small_town, "verify").exit_code == 0


def test_the_documented_indicators_are_those_of_the_product() -> None:
    kept = (schema.folder().parent / "docs" / "statistics.md").read_text()
    assert page.indicators() in kept, "write the tables anew: turnero statistics indicators"
