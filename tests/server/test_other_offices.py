"""What happens in a second office never appears to who works in the first: not in a page, an
answer of the API, a file, a search or a stream. Routes are taken from the running application."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.admin import bookings, machines, tills
from tests.admin.cityhall import CityHall, furnish
from werkzeug.routing import Rule

from turnero_core import clock, sealed
from turnero_core.ids import new_id
from turnero_core.web import access
from turnero_hardware.models import Printer
from turnero_queue import appointments, audit, catalogue, models, notices, sessions, staff, tokens
from turnero_queue.appointments import Person
from turnero_queue.models import Ticket
from turnero_queue.models.device_alerts import DeviceAlert
from turnero_queue.notices import Contact, samples
from turnero_queue.permissions import Role

HERE, THERE = "centro", "norte"
# Every text of the second office holds it; a telephone cannot.
WORD, PHONE = "zorzal", "+51987000111"
EMAIL = f"{WORD}@example.com"
HELD = (WORD, PHONE, "987000111")
SEARCHES = ("q", "address", "actor", "code", "number")
STREAMS = ("live", "follow")
# They tell only that something changed, in one's offices or (of machines) somewhere; whoever hears
# it asks for what they may see.
SAYS_NOTHING = {"machines.follow", "helping.follow", "supervision.follow_city"}


def plant(hall: CityHall) -> dict[str, Any]:
    """One of everything in the second office; gives what addresses of its things are made of."""
    there, now = machines.office_id(hall, THERE), clock.now()
    ticket = hall.take_turn(office=THERE)
    start = bookings.lima(bookings.working_day(), 10)
    who = Person(f"Ana {WORD}", EMAIL, PHONE)
    booked = bookings.book(hall, start, person=who, office=THERE)
    machines.add_printer(hall, WORD, "memory:", THERE)
    job = machines.put_in_line(hall, WORD, WORD)
    machines.enrolled(hall, WORD, THERE)
    payment = tills.paid_by_qr(hall, what=WORD, office=THERE)
    paper = tills.receipts(hall)[0]
    machines.hire(hall, WORD, "attendant", THERE)
    with hall.database.write() as session:
        place = catalogue.current(session).office(THERE)
        session.get_one(Ticket, ticket).notes = WORD
        at = start + timedelta(hours=3)
        appointments.block(session, place, at, at + timedelta(hours=1), WORD, "test", now)
        block = session.scalars(select(models.AppointmentBlock)).one()
        told = notices.enqueue(
            session,
            "receipt",
            key=WORD,
            to=Contact(EMAIL, None, "es"),
            data=samples.sample("receipt", "es"),
            now=now,
            office_id=there,
        )
        assert told is not None
        told.state, told.last_error = "failed", WORD
        cashier = session.scalars(select(models.Staff).where(models.Staff.login == WORD)).one()
        till = models.CashSession(
            office_id=there,
            point_of_sale=WORD,
            staff_id=cashier.id,
            currency="PEN",
            float_minor=100,
            opened_at=now,
        )
        paid = session.get_one(models.Payment, payment.id)
        paid.payer_name, paid.payer_document = WORD, WORD
        paid.payer_digest = sealed.digest(WORD)
        session.get_one(models.Receipt, paper.id).payer_digest = sealed.digest(WORD)
        certificate = _certificate(there, now)
        alert = DeviceAlert(
            subject_id=new_id(),
            kind="kiosk",
            code=WORD,
            name=WORD,
            office_id=there,
            slug="offline",
            message="offline",
            raised_at=now,
        )
        session.add_all([till, certificate, alert])
        session.scalars(select(Printer).where(Printer.code == WORD)).one().last_error = WORD
        audit.record(
            session,
            actor=f"staff:{WORD}",
            action=f"{WORD}.note",
            subject=WORD,
            office_id=there,
            reason=WORD,
            now=now,
        )
        session.flush()
        return {
            "ticket_id": ticket,
            "appointment_id": booked.id,
            "token": booked.token,
            "block_id": block.id,
            "job": job,
            "job_id": job,
            "payment_id": payment.id,
            "receipt_id": paper.id,
            "notice_id": told.id,
            "session_id": till.id,
            "login": WORD,
            "desk": place.desks[0].code,
            "certificate": certificate.code,
            "printer": WORD,
            "device": WORD,
            "words": [booked.code, str(payment.provider_reference or ""), paper.code],
        }


def _certificate(office_id: str, now: datetime) -> models.Certificate:
    return models.Certificate(
        code="ZRZL2345ZRZL2345",
        kind="no_debt",
        office_id=office_id,
        language="es",
        names={"es": WORD, "en": WORD},
        subject_digest=sealed.digest(WORD),
        subject_hint=WORD,
        document=json.dumps(
            {
                "text": WORD,
                "subject": WORD,
                "municipality": "x",
                "issued_on": "2026-03-02",
                "title": WORD,
            }
        ),
        token=WORD,
        issued_at=now,
        issued_by="citizen",
        valid_until=now.date() + timedelta(days=30),
    )


class Snoop:
    """Somebody of each role of the first office, a token of it, and what the second one has."""

    def __init__(self, hall: CityHall) -> None:
        self.hall, self.app = hall, hall.app
        here = machines.office_id(hall, HERE)
        self.planted = plant(hall)
        with hall.database.write() as session:
            self.sessions = {role: self._person(session, role, here) for role in Role}
            self.token = tokens.create(session, "centro", ["all"], clock.now(), here)

    def _person(self, session: Any, role: Role, office_id: str) -> str:
        person = staff.create(
            session,
            f"{role.value}.{HERE}",
            staff.random_password(),
            clock.now(),
            name=role.value,
            role=role,
            office_id=office_id,
            must_change_password=False,
        )
        return sessions.begin(session, person, clock.now(), address="", agent="").id

    def routes(self, word: str) -> Iterator[Rule]:
        """What can be read by who has an access that begins so; streams are asked elsewhere."""
        for rule in self.app.url_map.iter_rules():
            who = access.declared(self.app.view_functions[rule.endpoint])
            if "GET" in (rule.methods or ()) and any(name.startswith(word) for name in who):
                yield rule

    def address(self, rule: Rule, office: str) -> str:
        values: dict[str, Any] = {}
        for name, converter in rule._converters.items():
            value = self.planted.get(name, "x")
            if name == "office":
                value = office
            if name == "code":
                kind = "printer" if "printer" in rule.rule else "device"
                value = self.planted["certificate" if "certificate" in rule.rule else kind]
            if type(converter).__name__ == "DateConverter":
                value = clock.now().date()
            values[name] = value
        path = rule.rule
        for name, value in values.items():
            start = path.index("<")
            path = f"{path[:start]}{value}{path[path.index('>') + 1 :]}"
            assert name
        return path

    def get(self, path: str, role: Role | None, **query: str) -> str:
        """What the answer says, without what was asked."""
        client = self.app.test_client()
        headers = {"Accept": "text/html"}
        if role is None:
            headers = {"Authorization": f"Bearer {self.token}"}
        else:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self.sessions[role]
        # From another machine: this one's own may read the measures.
        far = {"REMOTE_ADDR": "10.0.0.9"}
        answer = client.get(path, query_string=query, headers=headers, environ_overrides=far)
        said = readable(answer.get_data())
        answer.close()
        for asked in (path, *query.values()):
            said = said.replace(asked, "")
        return said if answer.status_code < 400 else ""


@pytest.fixture(scope="module")
def snoop(
    migrated_sqlite: Path, quick_passwords: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Snoop]:
    folder = tmp_path_factory.mktemp("offices")
    furnished = folder / "furnished.db"
    shutil.copyfile(migrated_sqlite, furnished)
    furnish(f"sqlite:///{furnished}")
    hall = CityHall(folder)
    hall.reopen(furnished)
    yield Snoop(hall)
    hall.database.dispose()


@pytest.fixture(autouse=True)
def same_secret(snoop: Snoop, own_secret: None) -> None:
    """Other tests seal with another one."""
    sealed.use(snoop.app.secret_key)  # type: ignore[arg-type]


def told(snoop: Snoop, said: str) -> list[str]:
    return [word for word in (*HELD, *filter(None, snoop.planted["words"])) if word in said.lower()]


def readable(content: bytes) -> str:
    """An answer's text; what a workbook holds is packed."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", "replace")


def is_stream(rule: Rule) -> bool:
    return any(word in rule.endpoint.rpartition(".")[2] for word in STREAMS)


@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_the_staff_tells_of_another_office(snoop: Snoop, role: Role) -> None:
    leaks, count = [], 0
    for rule in snoop.routes("can:"):
        if is_stream(rule):
            continue
        for office in (HERE, THERE) if "office" in rule.arguments else (HERE,):
            path = snoop.address(rule, office)
            count += 1
            leaks += [(path, word) for word in told(snoop, snoop.get(path, role))]
    assert leaks == []
    assert count >= 30


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR])
def test_no_search_finds_what_is_of_another_office(snoop: Snoop, role: Role) -> None:
    wide = {"from": "2020-01-01", "to": datetime.now(UTC).date().isoformat()}
    leaks = []
    for rule in snoop.routes("can:"):
        if rule.arguments or is_stream(rule):
            continue
        for text in (EMAIL, snoop.planted["words"][0]):
            said = snoop.get(rule.rule, role, **dict.fromkeys(SEARCHES, text), **wide)
            others = [word for word in told(snoop, said) if word not in text.lower()]
            # What was typed stands in its field; a link or a row with more than that is a leak.
            leaks += [(rule.rule, text, word) for word in others]
        said = snoop.get(rule.rule, role, office=THERE)
        leaks += [(rule.rule, "office", word) for word in told(snoop, said)]
    assert leaks == []


def test_a_token_of_one_office_reads_nothing_of_another(snoop: Snoop) -> None:
    leaks = []
    for rule in snoop.routes("scope:"):
        if is_stream(rule):
            continue
        path = snoop.address(rule, THERE)
        leaks += [(path, word) for word in told(snoop, snoop.get(path, None))]
    assert leaks == []


@pytest.mark.parametrize("role", list(Role))
def test_no_stream_of_another_office_opens(snoop: Snoop, role: Role) -> None:
    opened = []
    for rule in snoop.routes("can:"):
        if not is_stream(rule) or rule.endpoint in SAYS_NOTHING:
            continue
        client = snoop.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = snoop.sessions[role]
        query = {} if "office" in rule.arguments else {"office": THERE}
        path = snoop.address(rule, THERE)
        answer = client.get(path, query_string=query, buffered=False)
        if answer.status_code < 400:
            opened.append(path)
        answer.close()
    assert opened == []
