"""Between the right password and the second factor: who it is about, for a few minutes."""

from datetime import datetime, timedelta

from flask import Response, make_response, redirect, session, url_for

from turnero_queue.models import Staff

KEY = "second_step"
WITHIN = timedelta(minutes=5)


def ask(person: Staff, now: datetime, next_: str | None, way: str = "password") -> Response:
    """The password was right, or the city's provider knows them: go on to the code."""
    session[KEY] = [person.id, (now + WITHIN).timestamp(), way]
    return make_response(redirect(url_for("admin.code", next=next_), 303))


def waiting(now: datetime) -> str | None:
    """The id of who is expected to show a code in this browser."""
    person_id, until, _way = session.get(KEY, (None, 0, ""))
    return person_id if now.timestamp() < until else None


def way() -> str:
    """How they came so far."""
    found: str = session.get(KEY, (None, 0, "password"))[2]
    return found
