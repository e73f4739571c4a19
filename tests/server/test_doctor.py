"""turnero doctor: what is well, what to look at, what keeps the server from working."""

from pathlib import Path

from tests.server.installation import Installation

from turnero_core.db import Database
from turnero_hardware.models import Printer


def lines(output: str) -> dict[str, str]:
    """What is said about each thing, as "level about" -> text."""
    found = {}
    for line in output.splitlines():
        if not line.startswith(" "):
            level, about, said = line[:4].strip(), *line[6:].split("  ", 1)
            found[f"{level} {about.strip()}"] = said.strip()
    return found


def test_a_fresh_installation_lacks_a_configuration(embedded: Installation) -> None:
    done = embedded.try_to("doctor")
    found = lines(done.stdout)
    assert done.returncode == 1
    assert "turnero load FILE" in found["fail configuration"]
    assert [key for key in found if key.startswith("fail")] == ["fail configuration"]


def test_a_configured_one_is_fit_and_says_what_to_look_at(configured: Installation) -> None:
    found = lines(configured.run("doctor"))
    assert found["ok durability"] == "journal_mode = wal, synchronous = 2"
    assert found["ok configuration"].startswith("Municipalidad Provincial de Jacarandá: 3 offices")
    assert found["warn scheduled jobs"] == "nobody runs them at the moment"
    assert found["ok administrators"] == "1"


def test_secrets_that_others_can_read_fail(configured: Installation) -> None:
    (configured.instance / "secret_key").chmod(0o644)
    found = lines(configured.try_to("doctor").stdout)
    assert "can read" in found["fail secret key"]
    configured.instance.chmod(0o755)
    done = configured.try_to("doctor")
    assert f"chmod 700 {configured.instance}" in done.stdout
    assert done.returncode == 1


def test_a_short_secret_fails(configured: Installation) -> None:
    done = configured.try_to("doctor", TURNERO_SECRET_KEY="short")
    assert "shorter than 32" in lines(done.stdout)["fail secret key"]


def test_a_printer_that_does_not_answer_is_named(configured: Installation, tmp_path: Path) -> None:
    database = Database(configured.database_url)
    with database.write() as session:
        session.add(Printer(code="hall", name="Hall", uri="tcp://127.0.0.1:1"))
        session.add(Printer(code="tray", name="Tray", uri=f"file://{tmp_path}"))
    database.dispose()
    found = lines(configured.run("doctor"))
    assert "refused" in found["warn printer hall"]
    assert found["ok printer tray"] == f"file://{tmp_path}"


def test_nothing_at_all_is_told_without_making_anything(blank: Installation) -> None:
    done = blank.try_to("doctor")
    assert done.returncode == 1
    assert "missing or not writable" in lines(done.stdout)["fail instance folder"]
    assert not blank.instance.exists()
