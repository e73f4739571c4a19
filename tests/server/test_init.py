"""turnero init, migrate and staff: a private instance and one administrator."""

import re
import stat

import pytest
from tests.server.installation import Installation

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import staff
from turnero_queue.models import Staff


def people(url: str) -> list[str]:
    database = Database(url)
    with database.read() as session:
        logins = [person.login for person in session.query(Staff)]
    database.dispose()
    return logins


def sign_in(url: str, login: str, password: str) -> Staff | None:
    database = Database(url)
    with database.write() as session:
        person = staff.authenticate(session, login, password, clock.now())
    database.dispose()
    return person if isinstance(person, Staff) else None


def password_in(output: str) -> str:
    found = re.search(r"Password: +(\S+)", output)
    assert found, output
    return found[1]


def test_init_makes_a_private_instance_and_an_administrator_who_must_change_the_password(
    blank: Installation,
) -> None:
    output = blank.run("init")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in blank.instance.iterdir()}
    assert stat.S_IMODE(blank.instance.stat().st_mode) == 0o700
    assert modes["secret_key"] == 0o600
    rosa = sign_in(blank.database_url, "admin", password_in(output))
    assert rosa is not None
    assert rosa.must_change_password
    assert [(given.role, given.office_id) for given in rosa.roles] == [("administrator", None)]


def test_a_second_init_says_what_is_there_and_changes_nothing(blank: Installation) -> None:
    first = blank.run("init")
    secret = (blank.instance / "secret_key").read_text()
    second = blank.run("init", "--login", "intruder")
    assert second == "There are already administrators: 1\n"
    assert (blank.instance / "secret_key").read_text() == secret
    assert people(blank.database_url) == ["admin"]
    assert sign_in(blank.database_url, "admin", password_in(first)) is not None


def test_a_reset_gives_a_new_password_and_the_old_one_no_longer_works(
    embedded: Installation,
) -> None:
    new = password_in(embedded.run("staff", "reset", "admin"))
    assert sign_in(embedded.database_url, "admin", new) is not None
    newer = password_in(embedded.run("staff", "reset", "admin"))
    assert sign_in(embedded.database_url, "admin", new) is None
    assert sign_in(embedded.database_url, "admin", newer) is not None
    assert embedded.run("staff", "list") == "admin\tadministrator\tadmin\n"
    assert "There is no account nobody." in embedded.refused("staff", "reset", "nobody")


def test_migrating_what_is_current_says_so(embedded: Installation) -> None:
    assert re.fullmatch(r"The tables are at version \d{4}\.\n", embedded.run("migrate"))


def test_migrate_brings_a_blank_database_to_the_newest_version(blank: Installation) -> None:
    blank.instance.mkdir()
    assert re.match(r"The tables went from version - to \d{4}\.", blank.run("migrate"))


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TURNERO_DATABSE_URL", "x", "Unknown setting TURNERO_DATABSE_URL"),
        ("TURNERO_DATABASE_URL", "mysql://localhost/turnero", "starts with “mysql”"),
        ("TURNERO_DATABASE_URL", "postgresql://localhost:port/x", "cannot be used"),
        ("TURNERO_TRUSTED_PROXIES", "two", "TURNERO_TRUSTED_PROXIES must be a whole number"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    embedded: Installation, variable: str, value: str, said: str
) -> None:
    assert said in embedded.refused("migrate", code=2, **{variable: value})


def test_an_unreachable_database_is_named_without_its_password(embedded: Installation) -> None:
    url = "postgresql://turnero:hunter2@127.0.0.1:1/turnero"
    said = embedded.refused("migrate", TURNERO_DATABASE_URL=url)
    assert "turnero:***@127.0.0.1:1/turnero cannot be reached" in said
    assert "hunter2" not in said


def test_without_an_instance_commands_say_to_init(blank: Installation) -> None:
    assert "run “turnero init”" in blank.refused("token", "list")
    assert not blank.instance.exists()
