"""The configuration over the API: the whole of it, compared, and never overwritten in silence."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from tests.queue.town import Town
from werkzeug.test import TestResponse

from turnero_queue.models import AuditEntry

PATH = "/configuration"


@pytest.fixture
def admin(town: Town) -> str:
    return town.create_token("admin")


def read(town: Town, admin: str) -> TestResponse:
    answer = town.get(PATH, token=admin)
    assert answer.status_code == 200, answer.text
    return answer


def put(town: Town, admin: str, body: Any, tag: str | None = None, query: str = "") -> TestResponse:
    headers = {"If-Match": tag} if tag else {}
    return town.ask("PUT", PATH + query, token=admin, json=body, headers=headers)


def test_what_is_read_is_put_back_without_a_change(town: Town, admin: str) -> None:
    answer = read(town, admin)
    again = put(town, admin, answer.json, answer.headers["ETag"])
    assert again.status_code == 200, again.text
    assert again.json["changes"] == []
    assert again.headers["ETag"] == answer.headers["ETag"]
    unchanged = town.get(PATH, token=admin, headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304

    text = town.get(PATH, token=admin, headers={"Accept": "application/yaml"})
    assert text.mimetype == "application/yaml"
    same = town.ask(
        "PUT", f"{PATH}?dry_run=1", token=admin, data=text.data, content_type="application/yaml"
    )
    assert (same.status_code, same.json["changes"]) == (200, [])


def test_a_change_is_shown_first_then_made_then_not_overwritten(town: Town, admin: str) -> None:
    answer = read(town, admin)
    wanted = json.loads(json.dumps(answer.json))
    wanted["offices"][0]["name"] = {"es": "Casa de la Ciudad"}
    rows = town.everything("audit_entry", "audit_head")

    shown = put(town, admin, wanted, query="?dry_run=1")
    assert shown.json["applied"] is False
    assert [one["kind"] for one in shown.json["changes"]] == ["~"]
    assert town.everything("audit_entry", "audit_head") == rows
    assert put(town, admin, wanted).status_code == 428

    made = put(town, admin, wanted, answer.headers["ETag"])
    assert (made.status_code, made.json["applied"]) == (200, True)
    assert made.headers["ETag"] != answer.headers["ETag"]
    assert town.office().name == {"es": "Casa de la Ciudad"}
    late = put(town, admin, answer.json, answer.headers["ETag"])
    assert (late.status_code, late.json["type"]) == (412, "/problems/changed-meanwhile")
    assert town.office().name == {"es": "Casa de la Ciudad"}
    with town.database.read() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert {"configuration.change", "export.configuration"} <= set(actions)


def test_what_is_wrong_is_told_by_field_and_nothing_is_changed(town: Town, admin: str) -> None:
    answer = read(town, admin)
    wanted = json.loads(json.dumps(answer.json))
    wanted["services"][0]["duration_minutes"] = -3
    wanted["offices"][0]["desks"][0]["services"] = ["nothing"]
    refused = put(town, admin, wanted, answer.headers["ETag"])

    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert "services[0].duration_minutes" in refused.json["errors"]
    assert len(refused.json["errors"]) == 2
    assert read(town, admin).json == answer.json


def test_a_desk_with_somebody_at_it_is_named_and_stays(town: Town, admin: str) -> None:
    answer = read(town, admin)
    wanted = json.loads(json.dumps(answer.json))
    wanted["offices"][0]["desks"] = wanted["offices"][0]["desks"][1:]
    town.take()
    town.desk("open")
    code = town.called()["code"]

    shown = put(town, admin, wanted, query="?dry_run=1")
    assert f"with {code} now and cannot be taken away" in " ".join(shown.json["consequences"])
    refused = put(town, admin, wanted, answer.headers["ETag"])
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/desk-busy")
    assert f"centro/1: {code}" in refused.json["detail"]
    assert read(town, admin).json == answer.json


def test_half_a_character_is_no_text(small_town: Town) -> None:
    admin = small_town.create_token("admin")
    for kind, body in (
        ("application/json", b'{"offices": [{"name": "\\ud800"}]}'),
        ("application/yaml", b'offices: [{name: "\\ud800"}]'),
    ):
        answer = small_town.ask(
            "PUT", f"{PATH}?dry_run=1", token=admin, data=body, content_type=kind
        )
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == ["offices[0].name"]
    face = small_town.ask(
        "PUT",
        f"{PATH}?dry_run=1",
        token=admin,
        data=b'{"\\ud83d\\ude00": 1}',
        content_type="application/json",
    )
    assert (face.status_code, "\U0001f600" in face.json["errors"]) == (422, True)


def test_only_an_administrators_token_for_every_office_may(small_town: Town) -> None:
    for token, status in (
        (None, 401),
        (small_town.create_token("tickets", name="bot"), 403),
        (small_town.create_token("admin", office="centro", name="north"), 403),
    ):
        assert small_town.get(PATH, token=token).status_code == status
        assert put(small_town, token, {}).status_code == status  # type: ignore[arg-type]
