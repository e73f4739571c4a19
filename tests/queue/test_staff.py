"""Staff accounts: signing in, wrong guesses, passwords."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from turnero_core import clock as time
from turnero_core.db import Database
from turnero_core.errors import Conflict, Invalid, NotFound, Unauthorized
from turnero_queue import staff
from turnero_queue.models import Staff

SECRET = "tres tristes tigres"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time; how strong the real ones are is argon2's to say."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(staff, "_hasher", quick)
    monkeypatch.setattr(staff, "_nobody", quick.hash("nobody"))


@pytest.fixture
def session(database: Database, clock: time_machine.Traveller) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


@pytest.fixture
def rosa(session: Session) -> Staff:
    return create(session, "rosa")


def create(session: Session, login: str, **overrides: object) -> Staff:
    values = {"name": login.capitalize(), "role": "attendant", **overrides}
    return staff.create(session, login, SECRET, time.now(), **values)  # type: ignore[arg-type]


def sign_in(session: Session, login: str, password: str = SECRET) -> Staff | Unauthorized:
    return staff.authenticate(session, login, password, time.now())


def test_the_right_password_signs_in_however_the_login_is_written(session, rosa) -> None:
    assert sign_in(session, "rosa") is rosa
    assert sign_in(session, "  ROSA ") is rosa


def test_a_wrong_password_an_unknown_and_a_retired_login_are_refused_alike(session, rosa) -> None:
    create(session, "luis").active = False
    refusals = [
        sign_in(session, "rosa", "wrong"),
        sign_in(session, "nobody"),
        sign_in(session, "luis"),
    ]
    assert all(isinstance(refusal, Unauthorized) for refusal in refusals)
    assert len({str(refusal) for refusal in refusals}) == 1


def test_an_unknown_login_costs_a_comparison_too(session, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    monkeypatch.setattr(staff, "_matches", lambda kept, _given: bool(compared.append(kept)))
    sign_in(session, "nobody")
    assert compared == [staff._nobody]


def test_five_wrong_guesses_lock_the_account_for_five_minutes_and_no_other(
    session, rosa, clock: time_machine.Traveller
) -> None:
    luis = create(session, "luis")
    for _ in range(staff.ATTEMPTS):
        sign_in(session, "rosa", "wrong")
    assert isinstance(sign_in(session, "rosa"), Unauthorized)
    assert sign_in(session, "luis") is luis
    clock.shift(staff.LOCKED_FOR - timedelta(seconds=1))
    assert isinstance(sign_in(session, "rosa"), Unauthorized)
    clock.shift(timedelta(seconds=1))
    assert sign_in(session, "rosa") is rosa


def test_guessing_while_it_is_locked_neither_counts_nor_prolongs(
    session, rosa, clock: time_machine.Traveller
) -> None:
    for _ in range(staff.ATTEMPTS * 3):
        sign_in(session, "rosa", "wrong")
    clock.shift(staff.LOCKED_FOR)
    assert sign_in(session, "rosa") is rosa


def test_a_success_forgets_the_guesses_before_it(session, rosa) -> None:
    for _ in range(3):
        for _ in range(staff.ATTEMPTS - 1):
            sign_in(session, "rosa", "wrong")
        assert sign_in(session, "rosa") is rosa


def test_a_changed_password_is_the_only_one_that_works(session, rosa) -> None:
    staff.change_password(session, rosa, SECRET, "another long secret")
    assert not rosa.must_change_password
    assert isinstance(sign_in(session, "rosa"), Unauthorized)
    assert sign_in(session, "rosa", "another long secret") is rosa


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("wrong", "another long secret", "current"),
        (SECRET, "short", "new"),
        (SECRET, SECRET, "new"),
    ],
)
def test_a_password_is_changed_only_by_its_owner_and_to_a_new_long_one(
    session, rosa, current: str, new: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        staff.change_password(session, rosa, current, new)
    assert list(refused.value.extra["errors"]) == [field]
    assert sign_in(session, "rosa") is rosa
    assert rosa.must_change_password


def test_a_reset_unlocks_and_must_be_changed(session, rosa) -> None:
    staff.change_password(session, rosa, SECRET, "another long secret")
    for _ in range(staff.ATTEMPTS):
        sign_in(session, "rosa", "wrong")
    password = staff.reset_password(session, rosa)
    assert sign_in(session, "rosa", password) is rosa
    assert rosa.must_change_password


def test_the_same_login_cannot_be_made_twice_in_any_case(session, rosa) -> None:
    with pytest.raises(Conflict):
        create(session, "Rosa")


def test_what_cannot_be_used_is_named_field_by_field(session) -> None:
    with pytest.raises(Invalid) as refused:
        staff.create(session, "Ñ", "short", time.now(), name="Ñ", role="mayor")
    assert sorted(refused.value.extra["errors"]) == ["login", "password", "role"]
    assert staff.find(session, "ñ") is None


def test_the_database_itself_refuses_an_unknown_role(session, rosa) -> None:
    rosa.roles[0].role = "mayor"
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_an_unknown_login_is_not_found(session) -> None:
    with pytest.raises(NotFound):
        staff.by_login(session, "nobody")


def test_only_administrators_in_use_are_counted(session, rosa) -> None:
    assert staff.administrators(session) == 0
    carmen = create(session, "carmen", role="administrator")
    assert staff.administrators(session) == 1
    carmen.active = False
    session.flush()
    assert staff.administrators(session) == 0


def test_random_passwords_are_legible_and_differ() -> None:
    made = {staff.random_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 19 and not set(password) & set("01iloO") for password in made)


def test_hashes_are_argon2_and_the_password_is_nowhere(session, rosa) -> None:
    assert rosa.password_hash.startswith("$argon2id$")
    assert SECRET not in rosa.password_hash
