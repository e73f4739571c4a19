"""turnero load, dump and token, as an administrator uses them."""

from pathlib import Path

import pytest
from tests.server.installation import DEMO, Installation

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Unauthorized
from turnero_queue import calling, catalogue, configuration, desks, issuing, sequence, tokens
from turnero_queue.configuration import editing, retiring
from turnero_queue.configuration.parsing import judge
from turnero_queue.issuing import Visit


def caller(url: str, secret: str) -> tokens.Caller:
    database = Database(url)
    try:
        with database.read() as session:
            return tokens.authenticate(session, secret)
    finally:
        database.dispose()


def test_loading_prints_the_difference_and_loading_again_prints_nothing(
    embedded: Installation,
) -> None:
    first = embedded.run("load", DEMO)
    assert '+ municipality "Municipalidad Provincial de Jacarandá"' in first
    assert embedded.run("load", DEMO) == ""


def test_a_dry_run_prints_what_loading_would_and_changes_nothing(embedded: Installation) -> None:
    would = embedded.run("load", DEMO, "--dry-run")
    assert "Nothing is configured yet" in embedded.refused("dump")
    assert embedded.run("load", DEMO) == would


def test_what_is_dumped_can_be_loaded_and_changes_nothing(
    configured: Installation, tmp_path: Path
) -> None:
    dumped = tmp_path / "dumped.yaml"
    dumped.write_text(configured.run("dump"))
    assert configured.run("load", dumped) == ""


def test_a_bad_file_is_told_by_line_and_field_and_changes_nothing(
    configured: Installation, tmp_path: Path
) -> None:
    before = configured.run("dump")
    bad = tmp_path / "bad.yaml"
    bad.write_text(before.replace("timezone: America/Lima", "timezone: America/Limo"))
    said = configured.refused("load", bad)
    assert "Nothing has been changed." in said
    assert f"{bad} line 3, municipality.timezone:" in said
    assert configured.run("dump") == before


def test_a_desk_with_somebody_at_it_is_named_and_stays(
    configured: Installation, tmp_path: Path
) -> None:
    database = Database(configured.database_url)
    with database.write() as session:
        shown = configuration.parse(configuration.dump(session), "shown.yaml")
        configuration.apply(session, configuration.open_round_the_clock(shown), actor="tests")
        town = catalogue.current(session)
        office = town.office("centro")
        moment = sequence.hold(session, office.id, clock.now())
        visit = Visit(town.service("rentas"), town.priority("standard"), "es", "kiosk", [])
        issuing.issue(session, moment, office, visit, "public")
        desks.set_status(session, moment, office.desk("1"), "open", "tests")
        calling.call_next(session, moment, town, office.desk("1"), "tests")
        retiring.remove(left := editing.present(session), ("offices", "centro", "desks", "1"))
    database.dispose()
    before = configured.run("dump")
    wanted = tmp_path / "without.yaml"
    wanted.write_text(configuration.render(judge(left)))

    assert "centro/1: R001" in configured.try_to("load", wanted, "--dry-run").stderr
    assert "centro/1: R001" in configured.refused("load", wanted)
    assert configured.run("dump") == before


def test_a_hostile_file_is_refused_in_words(configured: Installation, tmp_path: Path) -> None:
    before = configured.run("dump")
    hostile = tmp_path / "hostile.yaml"
    for content, said in (
        (before.replace("timezone: America/Lima", 'timezone: "\\ud800"').encode(), "timezone:"),
        (before.replace("America/Lima", "America/\0Lima").encode(), "control character"),
        (before.encode("utf-16"), "is not UTF-8"),
        (b"#" * 20_000_000, "larger than 1000000 bytes"),
    ):
        hostile.write_bytes(content)
        told = configured.refused("load", hostile)
        assert "Nothing has been changed." in told
        assert f"{hostile} line " in told
        assert said in told
    assert configured.run("dump") == before


def test_a_token_for_one_office_works_until_it_is_revoked(configured: Installation) -> None:
    made = ("token", "create", "--name", "led board", "--scope", "desks", "--office", "centro")
    secret = configured.run(*made).strip()
    holder = caller(configured.database_url, secret)
    assert holder.scopes == {"desks"}
    assert holder.office_id is not None
    listed = configured.run("token", "list")
    assert "led board\tdesks\tcentro" in listed
    assert secret not in listed
    assert configured.run("token", "revoke", "led board") == "Revoked: 1\n"
    with pytest.raises(Unauthorized):
        caller(configured.database_url, secret)
    assert "revoked" in configured.run("token", "list")


def test_a_token_for_an_unknown_office_or_scope_is_not_made(configured: Installation) -> None:
    create = ("token", "create", "--name", "app", "--scope")
    assert "no office moon" in configured.refused(*create, "tickets", "--office", "moon")
    assert "'root' is not one of" in configured.refused(*create, "root", code=2)
    assert configured.run("token", "list") == ""
