"""What is over is forgotten everywhere, and nothing else changes; one person, when they ask."""

import json
import sqlite3

import pytest
from sqlalchemy import select, text
from tests.queue.privacy import zulema
from tests.queue.privacy.zulema import DOCUMENT, EMAIL, NAME, PHONE, Place, figures, later, told

from turnero_core import clock, discreet
from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import speaking
from turnero_queue import audit, privacy
from turnero_queue.models import (
    AuditEntry,
    Certificate,
    Municipality,
    Notice,
    Payment,
    Receipt,
    Ticket,
    TicketEvent,
)
from turnero_queue.privacy.measures import MEASURES
from turnero_queue.verification import verify_online

LONG = 4_000


def forget(place: Place, days: int) -> int:
    with place.database.write() as session:
        return privacy.run(session, later(days))


def everything_is_over(place: Place) -> None:
    """Nothing waits to be sent or reported, and the job that purges old answers has run."""
    with place.database.write() as session:
        session.execute(text("PRAGMA secure_delete = ON" if place.database.sqlite else "SELECT 1"))
        session.execute(text("DELETE FROM idempotency_key"))
        session.execute(text("UPDATE debt_report SET state = 'reported', reported_at = created_at"))
        session.execute(text("UPDATE notice SET state = 'failed'"))
        session.execute(text("UPDATE print_job SET state = 'expired' WHERE state = 'queued'"))


def due(place: Place, days: int) -> dict[str, int]:
    with place.database.read() as session:
        return {line.name: line.due for line in privacy.report(session, later(days)) if line.due}


def test_after_all_its_days_nothing_tells_of_her_and_the_figures_are_the_same(
    either_place: Place,
) -> None:
    place = either_place
    zulema.live(place)
    assert told(place) == list(zulema.TELLING)
    before = figures(place)
    everything_is_over(place)
    assert {*due(place, LONG)} == {one.name for one in MEASURES} - {"browsers"}
    done = forget(place, LONG)
    assert done >= len(MEASURES) - 1
    assert due(place, LONG) == {}
    assert told(place) == []
    assert figures(place) == before
    assert forget(place, LONG) == 0
    with place.database.read() as session:
        assert audit.verify(session).whole
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "personal-data.forget")
        ).one()
    assert json.loads(entry.after or "")["ticket-notes"] == 1


def test_nothing_is_forgotten_before_its_days(place: Place) -> None:
    zulema.live(place)
    assert due(place, 0) == {}
    assert {*due(place, 10)} == {"slips", "waiting-list"}
    # A month after, as the rules are at first: she has been served and her day is over.
    assert "appointments" not in due(place, 60)
    assert {"appointments"} <= {*due(place, 100)}
    assert {"ticket-notes", "comments", "payments"} <= {*due(place, 190)}
    assert "receipts" not in due(place, 3_000)
    assert "certificates" not in due(place, 200)
    assert "certificates" in due(place, 220)
    with place.database.write() as session:
        session.get_one(Municipality, 1).rules = {
            "personal_data_days": 0,
            "payer_forget_days": 0,
            "appointment_forget_days": 0,
            "notices_forget_days": 0,
        }
        session.execute(text("UPDATE municipality SET config_version = config_version + 1"))
    assert {*due(place, LONG)} == {"slips", "waiting-list"}


def test_money_and_certificates_are_still_what_they_were(place: Place) -> None:
    zulema.live(place)
    everything_is_over(place)
    forget(place, LONG)
    with place.database.read() as session, speaking("es"):
        paper = session.scalars(select(Receipt)).one()
        payment = session.get_one(Payment, paper.payment_id)
        assert (paper.number, paper.amount_minor, payment.state) == (1, 4_000, "approved")
        assert paper.content["lines"] == [{"text": "Deuda", "quantity": 1, "amount_minor": 4_000}]
        assert verify_online(session, paper.code, clock.now()).state == "valid"
        row = session.scalars(select(Certificate)).one()
        verdict = verify_online(session, row.code, later(LONG))
        assert (verdict.state, verdict.title, verdict.text) == ("expired", "Certificado", "")


def test_a_debt_that_its_system_has_not_taken_yet_keeps_its_key(place: Place) -> None:
    zulema.live(place)
    forget(place, LONG)
    assert zulema.PLATE.lower() in told(place)


@pytest.mark.parametrize(
    ("kind", "written"), [("document", "70.998.877"), ("email", EMAIL.upper()), ("phone", PHONE)]
)
def test_what_is_held_of_her_is_found_and_given_out(place: Place, kind: str, written: str) -> None:
    zulema.live(place)
    with place.database.write() as session:
        who = privacy.sought(session, kind, written)
        found = privacy.find(session, who).counts
        given = privacy.give_out(session, who, clock.now(), actor="staff:elena")
    wanted = {
        "document": {"payments", "receipts", "certificates", "ticket-notes", "comments"},
        "email": {"appointments", "waiting-list", "notices", "payments", "receipts"},
        "phone": {"appointments"},
    }
    assert wanted[kind] <= {*found}
    assert {name: len(rows) for name, rows in given["held"].items()} == found
    assert {"document": DOCUMENT, "email": EMAIL, "phone": PHONE}[kind] in json.dumps(given)
    with place.database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
    assert (entry.action, entry.subject) == ("export.personal-data", f"somebody, by {kind}")


def test_she_is_erased_and_the_log_does_not_say_who(either_place: Place) -> None:
    place = either_place
    zulema.live(place)
    before, reason = figures(place), f"asked by letter, {DOCUMENT} {EMAIL}"
    for kind, written in (("document", DOCUMENT), ("email", EMAIL), ("phone", PHONE)):
        with place.database.write() as session:
            who = privacy.sought(session, kind, written)
            if privacy.find(session, who).total:
                privacy.erase(session, who, reason, clock.now(), actor="staff:elena")
    assert set(told(place)) <= {zulema.PLATE.lower()}
    assert figures(place) == before
    with place.database.read() as session:
        assert audit.verify(session).whole
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("personal")))
        entries = list(rows)
        assert {one.state for one in session.scalars(select(Notice))} == {"withdrawn"}
    assert entries
    for entry in entries:
        said = f"{entry.subject}{entry.reason}{entry.after}".lower()
        assert not any(word in said for word in zulema.TELLING)
        assert entry.reason.startswith("asked by letter")


def test_others_keep_what_is_theirs(place: Place) -> None:
    zulema.live(place)
    other_turn = place.take_turn()
    with place.database.write() as session:
        other = session.get_one(Ticket, other_turn)
        other.notes = "José Paz, DNI 11222333"
    with place.database.write() as session:
        who = privacy.sought(session, "document", DOCUMENT)
        privacy.erase(session, who, "asked", clock.now(), actor="staff:elena")
    assert "11222333" in place.everything()


def test_only_ones_own_offices_are_looked_through(place: Place) -> None:
    zulema.live(place)
    with place.database.write() as session:
        who = privacy.sought(session, "document", DOCUMENT)
        assert privacy.find(session, who, ["another"]).total == 0
        with pytest.raises(NotFound):
            privacy.erase(session, who, "asked", clock.now(), actor="x", offices=["another"])
        with pytest.raises(Invalid):
            privacy.erase(session, who, "  ", clock.now(), actor="x")
    for kind, wrong in (("email", "x"), ("phone", "12"), ("document", "?"), ("name", NAME)):
        with place.database.read() as session, pytest.raises(Invalid):
            privacy.sought(session, kind, wrong)


def test_what_the_staff_give_as_a_reason_is_stored_without_numbers_and_addresses(
    place: Place,
) -> None:
    zulema.live(place)
    with place.database.read() as session:
        reasons = [row for row in session.scalars(select(TicketEvent.reason)) if row]
        logged = session.scalars(select(AuditEntry.reason).where(AuditEntry.reason != "")).all()
    assert reasons == ["ill, document …, …"]
    assert "ill, document …, …" in logged
    for kept in ("R012 came at 10:15 on 2026-03-02", "caja-centro-00000012", "12.500 soles", "5 x"):
        assert discreet.struck(kept) == kept
    assert discreet.struck("+51 987 000 222, 70.998.877") == "…, …"


def test_the_files_of_sqlite_do_not_hold_what_was_forgotten(place: Place) -> None:
    zulema.live(place)
    file = str(place.database.url.database)

    def bytes_of_both() -> bytes:
        place.database.dispose()
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        with open(file, "rb") as stored:
            return stored.read()

    assert f"{NAME}, DNI {DOCUMENT}".encode() in bytes_of_both()
    everything_is_over(place)
    forget(place, LONG)
    assert NAME.encode() not in bytes_of_both()
    assert DOCUMENT.encode() not in bytes_of_both()
