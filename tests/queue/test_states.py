"""Every verb from every state: what the table allows happens once, the rest changes nothing."""

from typing import Any

import pytest
from tests.queue.town import Rows, Town

# The design's table, written down a second time on purpose: state -> verb -> (state, event).
ALLOWED = {
    "waiting": {
        "call": ("called", "called"),
        "transfer": ("waiting", "transferred"),
        "cancel": ("cancelled", "cancelled"),
    },
    "called": {
        "recall": ("called", "recalled"),
        "start": ("serving", "started"),
        "put-back": ("waiting", "put_back"),
        "no-show": ("no_show", "no_show"),
        "transfer": ("waiting", "transferred"),
    },
    "serving": {
        "finish": ("done", "finished"),
        "park": ("parked", "parked"),
        "transfer": ("waiting", "transferred"),
    },
    "parked": {"resume": ("serving", "resumed")},
    "no_show": {"readmit": ("waiting", "readmitted")},
    "done": {},
    "cancelled": {},
    "left": {},
}
VERBS = (
    "call",
    "recall",
    "start",
    "finish",
    "no-show",
    "put-back",
    "readmit",
    "park",
    "resume",
    "transfer",
    "cancel",
)
BODIES: dict[str, dict[str, Any]] = {
    "call": {"desk": "2", "reason": "viaja hoy"},
    "resume": {"desk": "2"},
    "transfer": {"service": "catastro"},
}
PATHS = {
    "called": (),
    "serving": ("start",),
    "parked": ("start", "park"),
    "no_show": ("no-show",),
    "done": ("start", "finish"),
}
LEGAL = [(state, verb) for state in ALLOWED for verb in VERBS if verb in ALLOWED[state]]
ILLEGAL = [(state, verb) for state in ALLOWED for verb in VERBS if verb not in ALLOWED[state]]


def rosa_in(state: str, town: Town) -> dict[str, Any]:
    """Rosa's ticket, brought to a state as people would, with Don Julio waiting behind her."""
    rosa = town.take()
    town.take()
    if state in PATHS:
        assert town.called("1")["id"] == rosa["id"]
        for verb in PATHS[state]:
            town.do(verb, rosa)
    elif state == "cancelled":
        town.do("cancel", rosa)
    elif state == "left":
        leave(town, rosa)
    assert town.ticket(rosa)["state"] == state
    return rosa


def leave(town: Town, rosa: dict[str, Any]) -> None:
    from turnero_queue import moves
    from turnero_queue.models import Ticket

    with town.holding() as (session, moment, _):
        ticket = session.get_one(Ticket, rosa["id"])
        moves.move(session, moment, ticket, "close-day", "test", ended_at=moment.at)


def others(rows: Rows, ticket: dict[str, Any]) -> Rows:
    """Everything but the ticket itself and what its own move adds, in the audit log too."""
    mine = ("ticket_event", "office_sequence", "ticket_service", "audit_entry", "audit_head")
    kept = {name: found for name, found in rows.items() if name not in mine}
    kept["ticket"] = [row for row in rows["ticket"] if row["id"] != ticket["id"]]
    kept["office_sequence"] = [row for row in rows["office_sequence"] if not row["seq"]]
    return kept


def test_the_table_covers_every_state_and_verb_of_the_product() -> None:
    from turnero_queue import models
    from turnero_queue.verbs import VERBS as OFFERED

    assert set(ALLOWED) == set(models.tickets.STATES)
    assert set(VERBS) == set(OFFERED)
    assert len(LEGAL) + len(ILLEGAL) == 8 * 11


@pytest.mark.parametrize(("state", "verb"), LEGAL)
def test_a_legal_move_gives_the_new_state_and_exactly_one_event(
    town: Town, state: str, verb: str
) -> None:
    town.desk("open", "2")
    rosa = rosa_in(state, town)
    before, history = town.everything(), town.kinds(rosa)

    answer = town.do(verb, rosa, **BODIES.get(verb, {}))

    after_state, kind = ALLOWED[state][verb]
    assert answer["state"] == after_state
    assert town.row(rosa).state == after_state
    assert town.kinds(rosa) == [*history, kind]
    after = town.everything()
    assert len(after["ticket_event"]) == len(before["ticket_event"]) + 1
    assert others(after, rosa) == others(before, rosa)


@pytest.mark.parametrize(("state", "verb"), ILLEGAL)
def test_an_illegal_move_is_refused_with_the_state_and_changes_nothing(
    town: Town, state: str, verb: str
) -> None:
    rosa = rosa_in(state, town)
    before = town.everything()

    answer = town.verb(verb, rosa, **BODIES.get(verb, {}))

    assert answer.status_code == 409
    problem = answer.get_json()
    assert problem["type"] == "/problems/illegal-transition"
    assert problem["state"] == state
    assert town.everything() == before


def test_numbers_of_events_have_no_gaps_and_times_never_go_back(town: Town) -> None:
    rosa = rosa_in("serving", town)
    town.verb("recall", rosa)
    town.do("park", rosa)
    town.verb("start", rosa)
    town.do("resume", rosa)
    town.do("finish", rosa)

    rows = town.everything()
    changes = sorted(rows["ticket_event"] + rows["desk_event"], key=lambda row: row["seq"])
    assert [row["seq"] for row in changes] == list(range(1, len(changes) + 1))
    assert [row["at"] for row in changes] == sorted(row["at"] for row in changes)
    assert max(row["seq"] for row in rows["office_sequence"]) == len(changes)
