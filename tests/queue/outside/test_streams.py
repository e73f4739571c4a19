"""Open screens: every one hears every call, in one order, and misses nothing when it returns."""

import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

DESKS = [str(n) for n in range(1, 11)]
SCREENS = 20
MOST_SCREENS = 80


def take(api: httpx.Client, office: str, count: int) -> list[dict[str, Any]]:
    answers = [
        api.post(f"/offices/{office}/tickets", json={"service": "rentas"}) for _ in range(count)
    ]
    assert {answer.status_code for answer in answers} == {201}
    return [answer.json() for answer in answers]


def call_next(api: httpx.Client, office: str, desk: str = "1") -> str:
    answer = api.post(f"/offices/{office}/desks/{desk}/call-next", json={"finish_current": True})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ticket"]["code"])


def open_connections(pid: int, port: int) -> int:
    """How many connections to `port` a process holds, from the kernel's own tables."""
    established, local = "01", f":{port:04X}"
    inodes = {
        f"socket:[{line[9]}]"
        for line in map(str.split, Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:])
        if line[1].endswith(local) and line[3] == established
    }
    return sum(str(fd.readlink()) in inodes for fd in Path(f"/proc/{pid}/fd").iterdir())


def test_ten_calls_at_once_reach_every_screen_in_one_order(
    api: httpx.Client,
    server: Any,
    office: str,
    at_once: Callable[..., list[Any]],
    listen: Callable[..., Any],
    eventually: Callable[..., None],
) -> None:
    take(api, office, len(DESKS))
    halls = [listen(server, f"/live/offices/{office}") for _ in range(SCREENS)]
    while any(open_connections(pid, server.port) < 3 for pid in server.worker_pids()):
        # Whichever worker was faster took them all: the others are to have theirs too.
        assert len(halls) < MOST_SCREENS
        halls.append(listen(server, f"/live/offices/{office}"))
    codes = at_once(*(partial(call_next, api, office, desk) for desk in DESKS))
    assert sorted(codes) == [f"R{n:03}" for n in range(1, 11)]
    eventually(
        lambda: all(len(hall.calls()) == len(DESKS) for hall in halls), "all calls", server.log
    )
    assert {tuple(hall.calls()) for hall in halls} == {tuple(halls[0].calls())}
    ids = [id_ for id_, _ in halls[0].calls()]
    assert ids == sorted(set(ids))
    assert [code for _, code in halls[0].calls()] == sorted(codes)


def test_a_call_says_number_and_desk_and_nothing_of_the_person(
    api: httpx.Client,
    server: Any,
    office: str,
    listen: Callable[..., Any],
    eventually: Callable[..., None],
) -> None:
    body = {"service": "rentas", "notes": "Rosa Quispe, DNI 40112233"}
    assert api.post(f"/offices/{office}/tickets", json=body).status_code == 201
    hall = listen(server, f"/live/offices/{office}")
    call_next(api, office, "3")
    eventually(hall.calls, "the call")
    data = next(data for _, event, data in hall.events if event == "call")
    told = {key: data[key] for key in ("ticket", "desk", "desk_name", "service", "count")}
    assert told == {
        "ticket": "R001",
        "desk": "3",
        "desk_name": "Ventanilla 3",
        "service": "rentas",
        "count": 1,
    }
    assert data["at"].endswith("Z")
    assert "Quispe" not in str(hall.events)
    assert hall.content_type.startswith("text/event-stream")


@pytest.mark.parametrize("by_header", [True, False])
def test_a_screen_that_returns_gets_exactly_the_calls_it_missed(
    api: httpx.Client,
    server: Any,
    office: str,
    by_header: bool,
    listen: Callable[..., Any],
    eventually: Callable[..., None],
) -> None:
    take(api, office, 8)
    path = f"/live/offices/{office}"
    first = listen(server, path)
    for _ in range(3):
        call_next(api, office)
    eventually(lambda: len(first.calls()) == 3, "three calls")
    last_id = first.calls()[-1][0]
    first.close()
    missed = [call_next(api, office) for _ in range(4)]
    if by_header:
        again = listen(server, path, Last_Event_ID=str(last_id))
    else:
        again = listen(server, f"{path}?last_event_id={last_id}")
    assert [code for _, code in again.calls()] == missed
    assert all(id_ > last_id for id_, _ in again.calls())
    after = call_next(api, office)
    eventually(lambda: len(again.calls()) == 5, "the next call")
    assert [code for _, code in again.calls()] == [*missed, after]


@pytest.mark.parametrize("last_id", ["", "-1", "many", "9" * 30, "999999"])
def test_a_screen_with_a_strange_last_id_starts_from_now(
    api: httpx.Client, server: Any, office: str, last_id: str, listen: Callable[..., Any]
) -> None:
    take(api, office, 1)
    call_next(api, office)
    hall = listen(server, f"/live/offices/{office}?last_event_id={last_id}")
    assert hall.calls() == []


def test_a_desk_is_for_those_with_a_token(
    api: httpx.Client, server: Any, office: str, listen: Callable[..., Any]
) -> None:
    path = f"{server.url}/live/desks/{office}/1"
    refused = httpx.get(path, trust_env=False)
    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == "application/problem+json"
    wrong = {"Authorization": "Bearer turnero_guessed"}
    assert httpx.get(path, headers=wrong, trust_env=False).status_code == 401
    bearer = f"Bearer {server.token.strip()}"
    desk = listen(server, f"/live/desks/{office}/1", Authorization=bearer)
    assert desk.status == 200


def test_a_phone_hears_its_own_call_and_of_others_only_that_something_changed(
    api: httpx.Client,
    server: Any,
    office: str,
    listen: Callable[..., Any],
    eventually: Callable[..., None],
) -> None:
    others, mine, later = take(api, office, 3)
    public = mine["status_url"].rsplit("/", 1)[1]
    phone = listen(server, f"/live/tickets/{public}")
    assert call_next(api, office, "1") == others["code"]
    assert call_next(api, office, "2") == mine["code"]
    assert call_next(api, office, "3") == later["code"]
    eventually(lambda: len(changes(phone)) >= 3, "the three calls")
    assert [code for _, code in phone.calls()] == [mine["code"]]
    assert others["code"] not in str(phone.events)
    assert later["code"] not in str(phone.events)


def changes(stream: Any) -> list[tuple[int, str]]:
    """Calls, and what a citizen's phone is told of the calls of others."""
    return [
        (id_, event)
        for id_, event, data in list(stream.events)
        if event == "call" or data.get("kind") == "called"
    ]


def test_a_server_that_restarts_costs_a_screen_nothing(
    own_server: Any, listen: Callable[..., Any], eventually: Callable[..., None]
) -> None:
    office = "office-1"
    with own_server.client() as api:
        take(api, office, 6)
        hall = listen(own_server, f"/live/offices/{office}")
        heard = [call_next(api, office) for _ in range(2)]
        eventually(lambda: len(hall.calls()) == 2, "two calls")
    last_id = hall.calls()[-1][0]
    own_server.end(signal.SIGTERM)
    own_server.start()
    with own_server.client() as api:
        missed = [call_next(api, office) for _ in range(2)]
        again = listen(own_server, f"/live/offices/{office}", Last_Event_ID=str(last_id))
        live = [call_next(api, office) for _ in range(2)]
        eventually(lambda: len(again.calls()) == 4, "the calls after the restart")
    assert [code for _, code in hall.calls()] == heard
    assert [code for _, code in again.calls()] == missed + live
