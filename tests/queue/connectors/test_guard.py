"""What stands before every connector: memory, breaker; and the made-up tax office."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from turnero_queue.connectors import (
    Connector,
    Debt,
    DebtsUnavailable,
    DocumentOrAccount,
    Guarded,
    NonsenseAnswer,
    Paid,
    opened,
)
from turnero_queue.connectors.demo import NO_ANSWER, NO_DEBTS, TWO_DEBTS

OF_ROSA, OF_LUIS = (DocumentOrAccount("document", value) for value in ("40213377", "10457788"))
RATES = Debt("A-1", "Arbitrios", "2026-03", None, 100, "PEN")
PAID = Paid("p-1", "centro-1", "qr", 100, "PEN", datetime(2026, 3, 2, tzinfo=UTC))


class Rentas:
    """Counts how often it is asked; `fault` is what it raises."""

    def __init__(self) -> None:
        self.asked = 0
        self.fault: Exception | None = None

    def lookup(self, query: DocumentOrAccount) -> list[Debt]:
        self.asked += 1
        if self.fault:
            raise self.fault
        return [RATES]

    def report_paid(self, debt: Debt, paid: Paid) -> None:
        self.lookup(OF_ROSA)


class Watch:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def guarded(cache_s: int = 15) -> tuple[Guarded, Rentas, Watch]:
    rentas, watch = Rentas(), Watch()
    return Guarded(Connector("rentas", "demo", cache_s=cache_s), rentas, watch), rentas, watch


def test_an_answer_is_remembered_shortly_and_never_for_a_certificate() -> None:
    guard, rentas, watch = guarded()
    assert guard.lookup(OF_ROSA) == guard.lookup(OF_ROSA) == [RATES]
    assert rentas.asked == 1
    guard.lookup(OF_LUIS)
    guard.lookup(OF_ROSA, fresh=True)
    assert rentas.asked == 3
    watch.now += 16
    guard.lookup(OF_ROSA)
    assert rentas.asked == 4


def test_nothing_is_remembered_once_something_was_paid() -> None:
    guard, rentas, _ = guarded()
    guard.lookup(OF_ROSA)
    guard.report_paid(RATES, PAID)
    guard.lookup(OF_ROSA)
    assert rentas.asked == 3


def test_a_failure_is_not_remembered() -> None:
    guard, rentas, _ = guarded()
    rentas.fault = DebtsUnavailable("down")
    with pytest.raises(DebtsUnavailable):
        guard.lookup(OF_ROSA)
    rentas.fault = None
    assert guard.lookup(OF_ROSA) == [RATES]


def test_a_system_that_is_down_is_spared_and_tried_by_one_after_a_while() -> None:
    guard, rentas, watch = guarded(cache_s=0)
    rentas.fault = DebtsUnavailable("down")
    for _ in range(10):
        with pytest.raises(DebtsUnavailable):
            guard.lookup(OF_ROSA)
    assert rentas.asked == 3
    watch.now += 31
    for _ in range(5):
        with pytest.raises(DebtsUnavailable):
            guard.lookup(OF_ROSA)
    assert rentas.asked == 4
    watch.now += 31
    rentas.fault = None
    for _ in range(3):
        assert guard.lookup(OF_ROSA) == [RATES]
    assert rentas.asked == 7


def test_nonsense_about_one_person_closes_the_way_for_nobody() -> None:
    guard, rentas, _ = guarded(cache_s=0)
    rentas.fault = NonsenseAnswer("nonsense")
    for _ in range(5):
        with pytest.raises(NonsenseAnswer):
            guard.lookup(OF_ROSA)
    assert rentas.asked == 5


def test_it_is_asked_only_by_what_it_knows() -> None:
    guard, rentas, _ = guarded()
    with pytest.raises(DebtsUnavailable):
        guard.lookup(DocumentOrAccount("account", "A17"))
    assert rentas.asked == 0


def test_a_connector_is_opened_once_and_again_when_its_settings_change(tmp_path: Path) -> None:
    first = opened(Connector("rentas", "demo"), "PEN", tmp_path)
    assert opened(Connector("rentas", "demo"), "PEN", tmp_path) is first
    assert opened(Connector("rentas", "demo", cache_s=3), "PEN", tmp_path) is not first


def test_the_demonstration_always_tells_the_same_until_it_is_paid(tmp_path: Path) -> None:
    demo = opened(Connector("demo", "demo", cache_s=0), "PEN", tmp_path)
    two = demo.lookup(DocumentOrAccount("document", TWO_DEBTS))
    assert len(two) == 2
    assert two == demo.lookup(DocumentOrAccount("document", TWO_DEBTS))
    assert all(debt.amount_minor > 0 and TWO_DEBTS not in debt.key for debt in two)
    assert demo.lookup(DocumentOrAccount("document", NO_DEBTS)) == []
    with pytest.raises(DebtsUnavailable):
        demo.lookup(DocumentOrAccount("document", NO_ANSWER))
    for _ in range(2):
        demo.report_paid(two[0], PAID)
    assert demo.lookup(DocumentOrAccount("document", TWO_DEBTS)) == [two[1]]
    seen = {len(demo.lookup(DocumentOrAccount("document", f"{n}00"))) for n in range(40)}
    assert seen == {0, 1, 2, 3}


def test_options_survive_the_trip_through_the_database() -> None:
    options = Connector(
        "rentas", "http", {"es": "Rentas"}, ("document", "account"), headers={"A": {"file": "k"}}
    )
    assert Connector.from_plain(options.to_plain()) == options
    assert Connector("demo", "demo").to_plain() == {"code": "demo", "type": "demo"}
