"""Loading a configuration: what is new is added, what is gone is retired, the rest stays."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from turnero_core.db import Database
from turnero_core.errors import Conflict
from turnero_core.i18n import speaking
from turnero_queue import catalogue, models
from turnero_queue.configuration import apply, diff, dump, open_round_the_clock, parse
from turnero_queue.opening import WEEKDAYS

VILLA = """\
municipality: {name: Villa Clara, timezone: America/Lima, locale: es, currency: PEN}
categories:
  - {code: tributos, name: {es: Tributos}}
services:
  - {code: rentas, prefix: R, name: {es: Rentas}, category: tributos, fee: "15.00"}
  - {code: catastro, prefix: C, name: {es: Certificado catastral}}
priorities:
  - {code: standard, name: {es: General}}
  - {code: preferential, name: {es: Preferencial}, head_start_minutes: 45}
offices:
  - code: centro
    name: {es: Centro}
    hours: {mon-fri: ["08:00-16:00"]}
    holidays: PE
    closures: [{from: 2026-12-24, to: 2026-12-26}]
    desks:
      - code: "1"
        name: {es: Ventanilla 1}
        services: [rentas, {code: catastro, handicap_minutes: 5}]
      - {code: "3", name: {es: Ventanilla 3}, services: [rentas]}
  - code: norte
    name: {es: Norte}
    hours: {sat: ["09:00-12:00"]}
    desks: [{code: "1", name: {es: Ventanilla 1}, services: [rentas]}]
    services: [{code: rentas, daily_limit: 20, place: {es: Puerta azul}}]
"""
WITHOUT_CATASTRO = VILLA.replace(
    "  - {code: catastro, prefix: C, name: {es: Certificado catastral}}\n", ""
).replace(", {code: catastro, handicap_minutes: 5}", "")
NORTE = VILLA[VILLA.index("  - code: norte") :]
TABLES: tuple[Any, ...] = (
    models.Municipality,
    models.ServiceCategory,
    models.Service,
    models.Priority,
    models.Office,
    models.OfficeService,
    models.OfficeSequence,
    models.Desk,
    models.DeskService,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def load(database: Database, text: str) -> list[str]:
    """What loading `text` says that it changes, having checked that diff says the same."""
    configuration = parse(text, "villa.yaml")
    with database.read() as session:
        announced = diff(session, configuration)
    with database.write() as session:
        changes = apply(session, configuration, actor="Ana")
    assert changes == announced
    return [str(change) for change in changes]


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as session:
        return {
            table.__tablename__: sorted(
                (tuple(row) for row in session.execute(select(*table.__table__.columns))), key=repr
            )
            for table in TABLES
        }


def version(database: Database) -> int | None:
    with database.read() as session:
        return session.scalar(select(models.Municipality.config_version))


def test_the_first_load_adds_everything(database: Database) -> None:
    assert load(database, VILLA) == [
        '+ municipality "Villa Clara"',
        '+ category tributos "Tributos"',
        '+ service rentas "Rentas"',
        '+ service catastro "Certificado catastral"',
        '+ priority standard "General"',
        '+ priority preferential "Preferencial"',
        '+ office centro "Centro"',
        '+ office norte "Norte"',
        '+ desk centro/1 "Ventanilla 1"',
        '+ desk centro/3 "Ventanilla 3"',
        '+ desk norte/1 "Ventanilla 1"',
    ]


def test_what_is_loaded_is_what_the_catalogue_gives(database: Database) -> None:
    load(database, VILLA)
    with database.read() as session:
        villa = catalogue.current(session)
    centro, norte = villa.offices
    rentas, catastro = villa.services
    assert (villa.name, villa.languages, rentas.fee_minor) == ("Villa Clara", ("es",), 1500)
    assert [service.code for service in centro.services] == ["rentas", "catastro"]
    assert centro.hours["wed"] == ((480, 960),)
    assert centro.closures[0].last.isoformat() == "2026-12-26"
    assert centro.desk("1").handicaps[catastro.id].total_seconds() == 300
    assert norte.limits == {rentas.id: 20}
    assert norte.places == {rentas.id: {"es": "Puerta azul"}}


def test_every_office_has_a_sequence_of_its_own(database: Database) -> None:
    load(database, VILLA)
    with database.read() as session:
        offices = set(session.scalars(select(models.Office.id)))
        assert set(session.scalars(select(models.OfficeSequence.office_id))) == offices


def test_loading_the_same_file_again_changes_no_row(database: Database) -> None:
    load(database, VILLA)
    before = rows(database)
    assert load(database, VILLA) == []
    assert rows(database) == before


def test_a_difference_is_told_but_not_made(database: Database) -> None:
    load(database, VILLA)
    before = rows(database)
    with database.write() as session:
        assert diff(session, parse(WITHOUT_CATASTRO, "villa.yaml"))
    assert rows(database) == before


def test_an_altered_value_is_told_with_both_values_and_alters_nothing_else(
    database: Database,
) -> None:
    load(database, VILLA)
    before = rows(database)
    text = VILLA.replace('"15.00"', '"18.50"').replace("handicap_minutes: 5", "handicap_minutes: 9")
    assert load(database, text) == [
        "~ service rentas fee: 15.00 → 18.50",
        "~ desk centro/1 services.catastro: handicap_minutes 5 → handicap_minutes 9",
    ]
    after = rows(database)
    assert version(database) == 2
    untouched = {"service_category", "priority", "office", "desk", "office_service"}
    assert {table for table in before if before[table] == after[table]} >= untouched
    assert len([row for row in before["service"] if row not in after["service"]]) == 1


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("name: Villa Clara", "name: Villa Luz", 'municipality name: "Villa Clara" → "Villa Luz"'),
        ("08:00-16:00", "08:00-17:00", "office centro hours.mon-fri: 08:00-16:00 → 08:00-17:00"),
        ("    holidays: PE\n", "", "office centro holidays: PE → none"),
        ("to: 2026-12-26", "to: 2026-12-27", "closures[0].to: 2026-12-26 → 2026-12-27"),
        ("daily_limit: 20, ", "", "services.rentas: "),
        ("head_start_minutes: 45", "head_start_minutes: 60", "head_start_minutes: 45 → 60"),
        ("prefix: C,", "prefix: C, appointments: true,", "catastro appointments: false → true"),
    ],
)
def test_each_altered_field_is_one_line(
    database: Database, right: str, wrong: str, said: str
) -> None:
    load(database, VILLA)
    [line] = load(database, VILLA.replace(right, wrong, 1))
    assert line.startswith("~ ")
    assert said in line


def test_another_order_is_a_change_that_keeps_the_ids(database: Database) -> None:
    load(database, VILLA)
    with database.read() as session:
        before = {row.code: row.id for row in session.scalars(select(models.Service))}
    lines = VILLA.splitlines(keepends=True)
    lines[4], lines[5] = lines[5], lines[4]
    assert load(database, "".join(lines)) == [
        "~ service order: rentas, catastro → catastro, rentas"
    ]
    with database.read() as session:
        assert {
            service.code: service.id for service in catalogue.current(session).services
        } == before
        assert [s.code for s in catalogue.current(session).services] == ["catastro", "rentas"]


def test_what_is_gone_is_kept_for_history_and_comes_back_as_itself(database: Database) -> None:
    load(database, VILLA)
    before = rows(database)
    assert load(database, WITHOUT_CATASTRO) == [
        "- service catastro (kept for history)",
        "~ office centro services.catastro: yes → none",
        "~ desk centro/1 services.catastro: handicap_minutes 5 → none",
    ]
    with database.read() as session:
        now = catalogue.current(session)
        assert [service.code for service in now.services] == ["rentas"]
        assert "catastro" in {service.code for service in now.services_by_id.values()}
    assert '+ service catastro "Certificado catastral" (in use again)' in load(database, VILLA)
    after = rows(database)
    assert {**after, "municipality": []} == {**before, "municipality": []}


def test_an_office_that_goes_takes_its_desks_with_it_and_brings_them_back(
    database: Database,
) -> None:
    load(database, VILLA)
    before = rows(database)
    assert load(database, VILLA.replace(NORTE, "")) == ["- office norte (kept for history)"]
    with database.read() as session:
        desks = select(models.Desk.code).join(
            models.Office, models.Office.id == models.Desk.office_id
        )
        assert (
            session.scalars(desks.where(models.Office.code == "norte", models.Desk.active)).all()
            == []
        )
    assert load(database, VILLA) == [
        '+ office norte "Norte" (in use again)',
        '+ desk norte/1 "Ventanilla 1" (in use again)',
    ]
    assert {**rows(database), "municipality": []} == {**before, "municipality": []}


def test_a_desk_keeps_its_status_whatever_is_loaded(database: Database) -> None:
    load(database, VILLA)
    with database.write() as session:
        for desk in session.scalars(select(models.Desk)):
            desk.status = "open"
    desk_3 = '      - {code: "3", name: {es: Ventanilla 3}, services: [rentas]}\n'
    assert load(database, VILLA.replace(desk_3, "")) == ["- desk centro/3 (kept for history)"]
    load(database, VILLA)
    with database.read() as session:
        assert set(session.scalars(select(models.Desk.status))) == {"open"}


def test_applying_does_not_commit(database: Database) -> None:
    with pytest.raises(LookupError), database.write() as session:
        assert apply(session, parse(VILLA, "villa.yaml"), actor="Ana")
        raise LookupError("something else went wrong")
    assert version(database) is None


def test_there_is_nothing_to_write_before_the_first_load(database: Database) -> None:
    with database.read() as session, pytest.raises(Conflict):
        dump(session)


def test_links_to_what_is_retired_are_not_written(database: Database) -> None:
    load(database, VILLA)
    with database.write() as session:
        catastro = session.scalars(select(models.Service).filter_by(code="catastro")).one()
        catastro.active = False
    with database.read() as session:
        written = dump(session)
        assert "catastro" not in written
        assert diff(session, parse(written, "dump")) == []


def test_round_the_clock_offices_never_close(database: Database) -> None:
    villa = parse(VILLA, "villa.yaml")
    always = open_round_the_clock(villa)
    assert {office.code: office.hours for office in always.offices} == {
        code: dict.fromkeys(WEEKDAYS, ("00:00-24:00",)) for code in ("centro", "norte")
    }
    assert all(not office.holidays and not office.closures for office in always.offices)
    assert villa.offices[0].holidays == "PE"
    assert always.services == villa.services
