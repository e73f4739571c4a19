"""turnero webhook, as an administrator uses it at a terminal."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from tests.queue.webhooks.receiver import receiving
from tests.server.installation import Installation

from turnero_core.i18n import speaking
from turnero_server.cli.webhook import command


@pytest.fixture
def ask(configured: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.setenv("TURNERO_INSTANCE", str(configured.instance))
    with speaking("en"):
        yield lambda *args: CliRunner().invoke(command, list(args))


def test_a_webhook_is_added_tried_renewed_and_removed(ask: object) -> None:
    def done(*args: str) -> Result:
        result: Result = ask(*args)  # type: ignore[operator]
        return result

    with receiving() as receiver:
        event = ("--event", "ticket.served", "--office", "centro")
        made, secret = done("add", "--url", receiver.url, *event).stdout.splitlines()
        listed = done("list").stdout
        assert f"{made}\ton\tcentro\t0\t{receiver.url}\tticket.served" in listed
        assert "whsec_" in secret
        assert "whsec_" not in listed

        assert done("test", made).stdout.startswith("200 answer 200 (")
        receiver.answers = [410]
        refused = done("test", made)
        assert (refused.exit_code, "410 answer 410" in refused.stderr) == (1, True)
        assert done("rotate", made).stdout != secret
        done("test", made)
        assert receiver.got[-1][0]["Turnero-Signature"].count("v1=") == 2

        assert done("remove", made).exit_code == 0
        assert done("list").stdout == ""
        assert "--url" in done("add").stderr
