"""What the log says of an error: where it happened, never what passed through."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from turnero_server import logs


@pytest.fixture
def configured_logs() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**before)


def test_a_logged_error_tells_the_place_but_no_values(
    configured_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    secret = "galleta-de-Rosa"
    try:
        raise ValueError(len(secret))
    except ValueError:
        structlog.get_logger().exception("unexpected_error", path="/console")

    line = capsys.readouterr().err
    entry = json.loads(line)
    assert entry["event"] == "unexpected_error"
    frame = entry["exception"][0]["frames"][-1]
    assert frame["name"] == "test_a_logged_error_tells_the_place_but_no_values"
    assert secret not in line
