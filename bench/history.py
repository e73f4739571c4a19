"""Years of history, written straight into the tables of an embedded database."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

OFFICES = 10
PER_DAY = 400
EVENTS = ("issued", "called", "finished")
# Business days count back from yesterday; each ticket waits 600 s and is served for 300 s.
TICKETS = """
WITH RECURSIVE count(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n + 1 < :tickets)
INSERT INTO ticket (
  id, public_token, office_id, business_day, prefix, number, seq, service_id, priority_id, state,
  origin, language, issued_at, counts_from, due_at, desk_id, calls, called_at, served_s, ended_at,
  outcome, notes)
SELECT
  printf('%08x-%04x-7000-8000-%012x', n, :office_number, n),
  printf('past-%d-%d', :office_number, n),
  :office, date(:today, printf('-%d days', 1 + n / :per_day)), 'R', 1 + n % :per_day,
  1 + 3 * (:tickets - 1 - n), :service, :priority, 'done', 'kiosk', 'es',
  at, at, datetime(at, '+1200 seconds') || '.000000', :desk, 1,
  datetime(at, '+600 seconds') || '.000000', 300, datetime(at, '+900 seconds') || '.000000',
  'resolved', ''
FROM (
  SELECT n, datetime(
    :today, printf('-%d days', 1 + n / :per_day), printf('+%d seconds', 60 * (n % :per_day))
  ) || '.000000' AS at FROM count)
"""
EVENT = """
INSERT INTO ticket_event (id, office_id, seq, ticket_id, kind, at, actor, desk_id, data)
SELECT substr(id, 1, 14) || printf('7%03d', :step) || substr(id, 19), office_id, seq + :step, id,
  :kind, issued_at, 'history', desk_id, '{}'
FROM ticket WHERE office_id = :office
"""


def fill(file: Path, tickets: int) -> None:
    """Tickets issued, called and served on past days, with their events, in some offices."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous=OFF")
    (service,) = connection.execute("SELECT id FROM service WHERE code = 'rentas'").fetchone()
    (priority,) = connection.execute("SELECT id FROM priority WHERE code = 'standard'").fetchone()
    offices = connection.execute("SELECT id FROM office ORDER BY position, code").fetchall()
    today = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0)
    for number, (office,) in enumerate(offices[:OFFICES]):
        values = {
            "tickets": tickets // OFFICES,
            "per_day": PER_DAY,
            "today": today.strftime("%Y-%m-%d %H:%M:%S"),
            "office": office,
            "office_number": number,
            "service": service,
            "priority": priority,
            "desk": connection.execute(
                "SELECT id FROM desk WHERE office_id = ? ORDER BY code", (office,)
            ).fetchone()[0],
        }
        connection.execute(TICKETS, values)
        for step, kind in enumerate(EVENTS):
            connection.execute(EVENT, {"office": office, "step": step, "kind": kind})
        connection.execute(
            "UPDATE office_sequence SET seq = ?, last_at = datetime(?, '-1 day') || '.000000' "
            "WHERE office_id = ?",
            (len(EVENTS) * values["tickets"], values["today"], office),
        )
        connection.commit()
    connection.close()
