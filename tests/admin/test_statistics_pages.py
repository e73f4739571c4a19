"""The statistics pages: they show what happened, exactly, and only of one's own offices."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import openpyxl
import pytest
import time_machine
from sqlalchemy import select, update
from tests.admin import turns
from tests.admin.cityhall import Browser, CityHall
from tests.admin.turns import BEFORE, DAY, FORMULA

from turnero_queue import catalogue
from turnero_queue.models import AuditEntry, Office

ROOT = "/admin/statistics"
PAGES = (
    "",
    *(
        f"/by/{dimension}"
        for dimension in (
            "office", "service", "desk", "staff", "priority", "origin", "hour", "weekday", "day",
            "month",
        )
    ),
    "/compare",
    "/unusual",

    "/indicators",
    "/reports",
)  # fmt: skip
FILES = (
    "funnel",
    "week",
    "waits",
    "arrivals",
    "comparison",
    "unusual",
    "out-of-order",
    "desk-work",
)


@pytest.fixture(scope="module")
def saul(evening: CityHall) -> Browser:
    return evening.clerk("saul")


@pytest.fixture(scope="module")
def ada(evening: CityHall) -> Browser:
    return evening.clerk("ada")


def words(browser: Browser, path: str) -> str:
    answer = browser.get(f"{ROOT}{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def table(page: str, caption: str) -> list[list[str]]:
    """The cells of the table called `caption`, row by row, as they are read."""
    found = re.search(rf"<caption[^>]*>{re.escape(caption)}</caption>(.*?)</table>", page, re.S)
    assert found, caption
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found[1], re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def records(browser: Browser, key: str, arguments: str = "") -> list[dict[str, object]]:
    answer = browser.get(f"{ROOT}/files/{key}.json?period=custom&from={DAY}&to={DAY}{arguments}")
    assert answer.status_code == 200
    rows: list[dict[str, object]] = json.loads(answer.data)["rows"]
    return rows


def test_the_first_page_says_the_day_in_a_sentence(ada: Browser) -> None:
    page = words(ada, "?period=today")
    assert "7 turns were issued, and 43\u00a0% of the people were attended." in page
    assert "Half of them waited 6 min at most, nine in ten 24 min" in page


def test_every_step_from_issued_to_served_and_whatever_became_of_the_others_is_counted(
    saul: Browser,
) -> None:
    rows = table(words(saul, "?period=today"), "From taking a turn to being attended")[1:]
    assert [(row[0], row[-2]) for row in rows] == [
        ("Took a turn", "6"),
        ("Were called", "4"),
        ("Were attended", "2"),
        ("Left unattended", "0"),
        ("Did not come when called", "1"),
        ("Turns cancelled", "1"),
        ("Still there", "2"),
    ]


def test_the_heat_map_has_the_turns_of_each_hour_of_each_weekday(ada: Browser) -> None:
    rows = table(words(ada, "?period=today"), "When people come")
    assert rows[1:] == [["09:00", "7", "", "", "", ""]]


def test_each_service_has_its_own_figures_and_they_add_up(saul: Browser) -> None:
    page = words(saul, "/by/service?period=today")
    people = table(page, "How many came and what became of them")
    assert people[1] == [
        "Property tax and service charges",
        "5",
        "2",
        "0",
        "1",
        "0",
        "2",
        "67\u00a0%",
    ]
    assert people[-1] == ["Total", "6", "2", "0", "1", "1", "2", "50\u00a0%"]
    times = table(page, "How long it took")
    assert times[1] == [
        "Property tax and service charges", "6 min", "24 min", "75\u00a0%", "8 min", "10 min"
    ]  # fmt: skip


def test_a_member_of_staff_and_a_desk_have_the_work_they_did(ada: Browser) -> None:
    staff = {row["staff"]: row for row in records(ada, "staff-work")}
    assert staff["Ana Flores"]["calls"] == 4
    assert staff["Ana Flores"]["recalls"] == 1
    assert staff["Nora Paredes"]["calls"] == 1
    desk = next(row for row in records(ada, "desk-work") if "City Hall" in str(row["desk"]))
    # Open from the first call to the office's last event, and serving all the while.
    assert (desk["open_s"], desk["occupancy"]) == (18 * 60, 1)


def test_what_is_kept_is_kept_in_every_figure(ada: Browser) -> None:
    page = words(ada, "?period=today&priority=preferential")
    assert table(page, "From taking a turn to being attended")[1][2] == "1"
    assert "Priority: <strong>" in page
    assert records(ada, "origin-people", "&service=catastro")[0]["cancelled"] == 1
    assert records(ada, "weekday-people", "&hour=10") == [
        row for row in records(ada, "weekday-people", "&hour=10") if row["issued"] == 0
    ]


def test_a_day_without_anybody_says_so_on_every_page(ada: Browser) -> None:
    for path in PAGES:
        page = words(
            ada, f"{path}?period=custom&from={BEFORE}&to={BEFORE}&from2={BEFORE}&to2={BEFORE}"
        )
        assert '<svg class="plot__svg"' not in page, path
        if path not in ("/indicators", "/reports"):
            assert "Nobody came in" in page, path


def test_two_periods_stand_side_by_side_with_the_difference_in_words(ada: Browser) -> None:
    page = words(
        ada,
        f"/compare?period=custom&from={DAY}&to={DAY}&office=centro&office2=norte&from2={DAY}&to2={DAY}",
    )
    rows = {row[0]: row[1:] for row in table(page, "Side by side")}
    assert rows["Turns issued"] == ["6", "1", "5 more"]
    assert rows["Typical wait (median)"] == ["6 min", "2 min", "4 min longer"]
    assert rows["Share attended"] == ["50\u00a0%", "100\u00a0%", "50 points lower"]
    assert rows["Typical attention (median)"] == ["8 min", "5 min", "3 min longer"]
    empty = words(ada, f"/compare?period=today&from2={BEFORE}&to2={BEFORE}")
    assert "no data to compare with" in empty


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_another_office_is_seen(evening: CityHall, saul: Browser, path: str) -> None:
    page = words(saul, f"{path}?period=today")
    for strange in ("North District", "Nora Paredes", "norte"):
        assert strange not in page
    for forged in ("office=norte", "desk=norte/1", "period=today&office=norte"):
        assert saul.get(f"{ROOT}{path}?{forged}").status_code == 403, forged


def test_files_of_another_office_are_refused_and_hold_nothing_of_it(saul: Browser) -> None:
    for key in FILES:
        for forged in ("office=norte", "desk=norte/1"):
            assert saul.get(f"{ROOT}/files/{key}.csv?{forged}").status_code == 403, key
        assert "Nora" not in saul.get(f"{ROOT}/files/{key}.json?period=today").get_data(
            as_text=True
        )
    assert saul.get(f"{ROOT}/files/comparison.csv?office2=norte").status_code == 403
    assert saul.get(f"{ROOT}/compare?office2=norte").status_code == 403
    assert saul.get(f"{ROOT}/report.pdf?month=2026-03&office=norte").status_code == 403
    assert saul.get(f"{ROOT}?staff=nora&period=today").status_code == 200
    assert records(saul, "staff-work", "&staff=nora")[-1]["calls"] == 0


def test_who_attends_at_a_desk_sees_no_statistics(evening: CityHall) -> None:
    ana = evening.clerk("ana")
    for path in (*PAGES, "/files/staff-work.csv", "/report.pdf"):
        assert ana.get(f"{ROOT}{path}").status_code == 403, path


def test_a_selection_that_does_not_exist_is_not_found(ada: Browser) -> None:
    for path in (
        "/by/colour", "/files/week.exe", "/files/colour-people.csv", "/files/desk-colour.csv",
        "?service=nothing", "?origin=moon", "?hour=25", "?weekday=7", "?priority=king",
        "?office=nowhere",
    ):  # fmt: skip
        assert ada.get(f"{ROOT}{path}").status_code == 404, path


def test_a_table_reads_back_the_same_from_csv_xlsx_and_json(
    evening: CityHall, ada: Browser
) -> None:
    asked = f"period=custom&from={DAY}&to={DAY}"
    text = ada.get(f"{ROOT}/files/service-times.csv?{asked}").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == [
        "Service",
        "Typical wait (median) (minutes)",
        "Wait, nine in ten within (minutes)",
        "Called within the target (from 0 to 1)",
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(ada.get(f"{ROOT}/files/service-times.xlsx?{asked}").data)
    )
    sheet = [[*row] for row in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    as_json = [list(row.values()) for row in records(ada, "service-times")]
    assert sheet[1:] == as_json
    assert [[cell or None for cell in row] for row in rows[1:]] == [
        [None if cell is None else str(cell) for cell in row] for row in as_json
    ]
    with evening.database.read() as session:
        noted = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == "export.statistics")
            .order_by(AuditEntry.seq)
        ).all()
    assert [entry.subject for entry in noted[-3:]] == [
        "service-times.csv", "service-times.xlsx", "service-times.json"
    ]  # fmt: skip
    assert noted[-1].actor == "staff:ada"


def test_periods_are_named_by_presets_and_a_wrong_one_falls_back(ada: Browser) -> None:
    for preset, said in (
        ("today", "Monday, March 2, 2026"),
        ("yesterday", "Sunday, March 1, 2026"),
        ("last-week", "Feb 23 – Mar 1, 2026"),
        ("last-month", "Feb 1 – 28, 2026"),
        ("last-year", "Jan 1 – Dec 31, 2025"),
        ("rubbish", "Mar 1 – 2, 2026"),
        (f"custom&from={DAY}&to=never", "Monday, March 2, 2026"),
        ("custom&from=2026-03-05&to=2026-03-01", "Mar 1 – 5, 2026"),
    ):
        page = words(ada, f"?period={preset}").replace("\u2009", " ")
        assert said in page, preset


def test_hours_that_happen_twice_when_the_clock_goes_back_are_one_row(
    hall: CityHall, clock: time_machine.Traveller
) -> None:
    """Chile's night of 4 April 2026 has two hours from 23:00; both belong to that Saturday."""
    turns.employ(hall)
    with hall.database.write() as session:
        session.execute(
            update(Office).where(Office.code == "norte").values(timezone="America/Santiago")
        )
        catalogue.bump_version(session)
    for moment in (
        datetime(2026, 4, 5, 2, 30, tzinfo=UTC),
        datetime(2026, 4, 5, 3, 30, tzinfo=UTC),
    ):
        clock.move_to(moment)
        hall.take_turn(office="norte")
    ada = hall.clerk("ada")
    page = words(ada, "/by/hour?period=custom&from=2026-04-04&to=2026-04-04&office=norte")
    assert table(page, "How many came and what became of them")[1][:2] == ["23:00", "2"]
    page = words(ada, "/by/day?period=custom&from=2026-04-03&to=2026-04-06&office=norte")
    assert table(page, "How many came and what became of them")[1][:2] == ["Apr 4, 2026", "2"]
    assert len(table(page, "How many came and what became of them")) == 2


def test_a_reason_that_looks_like_a_formula_is_text_in_a_spreadsheet(saul: Browser) -> None:
    text = saul.get(f"{ROOT}/files/out-of-order.csv?period=today").data.decode("utf-8-sig")
    assert f"'{FORMULA}" in text
    book = openpyxl.load_workbook(
        io.BytesIO(saul.get(f"{ROOT}/files/out-of-order.xlsx?period=today").data)
    )
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells if cell.value == FORMULA} == {"s"}
    assert FORMULA in words(saul, "/unusual?period=today")
