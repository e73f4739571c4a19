"""A machine that dies in the middle of moving an appointment leaves the old one or the new one."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import program
from tests.queue.appointments.agenda import ALWAYS, ROSA, Agenda, given

from turnero_core import clock as clocks
from turnero_core import sealed

SECRET = "a-secret-of-the-tests"
MOVER = Path(__file__).parent / "mover.py"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_appointment_moved_by_a_process_that_is_killed_is_whole(
    kind: str, request: pytest.FixtureRequest
) -> None:
    town = request.getfixturevalue(f"{kind}_town")
    # Tokens are found by a digest: both processes are of one installation.
    sealed.use(SECRET)
    town.prepare()
    agenda = Agenda(town)
    agenda.prepare(given(seats=1, hours=ALWAYS, horizon_days=400))
    town.configure(Office__centro={"hours": {day: ["00:00-24:00"] for day in ALWAYS}})
    now = clocks.now().replace(minute=0, second=0, microsecond=0)
    old, new = now + timedelta(days=3), now + timedelta(days=4)
    booked = agenda.book(old, ("rentas", 3), person=ROSA)
    url = town.database.url.render_as_string(hide_password=False)

    def run(statement: str) -> subprocess.CompletedProcess[str]:
        return program.run(MOVER, url, booked.token, new.isoformat(), statement)

    # Late in the transaction: after the old places went, while the new ones come, at the commit.
    whole = run("nothing")
    assert whole.stdout == "moved", whole.stderr
    assert agenda.reread(booked).starts_at == new
    agenda.reschedule(booked, old)
    for statement in ("INSERT INTO appointment_seat", "UPDATE appointment SET", "COMMIT"):
        killed = run(statement)
        assert (killed.returncode, killed.stdout) == (-9, ""), killed.stderr
        check_whole(agenda, booked, old)
    assert agenda.left(new, ("rentas", 3)) == 1


def check_whole(agenda: Agenda, booked: Any, start: Any) -> None:
    """One appointment, all of its places and nobody else's, and its old hour."""
    now = agenda.reread(booked)
    assert (now.state, now.starts_at, now.code) == ("confirmed", start, booked.code)
    assert agenda.seats(now) == agenda.seats() == now.until_quantum - now.first_quantum
    assert agenda.left(start, ("rentas", 3)) == 0
