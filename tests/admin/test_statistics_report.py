"""The monthly report: it says what the pages say, in every language, and of one's own offices."""

import pytest
from sqlalchemy import select
from tests.admin import papers
from tests.admin.cityhall import Browser, CityHall

from turnero_queue.models import AuditEntry

REPORT = "/admin/statistics/report.pdf"


def report(browser: Browser, arguments: str) -> list[list[str]]:
    answer = browser.get(f"{REPORT}?{arguments}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return papers.pages(answer.data)


def told(pages: list[list[str]]) -> str:
    return " ".join(piece for page in pages for piece in page)


def test_the_report_has_the_months_figures_and_who_answers_for_them(
    evening: CityHall,
) -> None:
    pages = report(evening.clerk("saul"), "month=2026-03")
    words = told(pages)
    assert "Monthly report, March 2026" in words
    assert "6 turns were issued" in words
    assert "Property tax and service charges 5 2 0 1 0 2 67\u00a0%" in words
    assert "wheelchair" in words
    assert "Responsible" in words
    assert "How it was computed" in words
    for number, page in enumerate(pages, 1):
        assert "".join(page[-2:]) == f"Page {number} of {len(pages)}"


def test_nothing_of_another_office_stands_in_the_report(evening: CityHall) -> None:
    words = told(report(evening.clerk("saul"), "month=2026-03"))
    assert "City Hall" in words
    assert "North District" not in words
    assert "Nora" not in words


@pytest.mark.parametrize(
    ("language", "title", "more"),
    [
        ("es", "Informe mensual, marzo 2026", "Cómo se calculó"),
        ("pt", "Relatório mensal, março 2026", "Não compareceram à chamada"),
    ],
)
def test_the_report_has_its_accents_in(
    evening: CityHall, language: str, title: str, more: str
) -> None:
    ada = evening.clerk("ada")
    words = told(report(ada, f"month=2026-03&lang={language}"))
    assert title in words
    assert more in words
    assert "Municipalidad Provincial de Jacarandá" in words


def test_a_month_without_anybody_says_so_and_no_month_is_refused(evening: CityHall) -> None:
    ada = evening.clerk("ada")
    words = told(report(ada, "month=2026-01"))
    assert "Nobody came in this period" in words
    assert "When people come" not in words
    # The month that is over last, when none is named.
    assert "Monthly report, February 2026" in told(report(ada, ""))
    for wrong in ("2026-13", "2026", "march", "2026-03-02"):
        assert ada.get(f"{REPORT}?month={wrong}").status_code == 422


def test_that_a_report_was_taken_is_in_the_audit_log(evening: CityHall) -> None:
    report(evening.clerk("olga"), "month=2026-03&office=centro")
    with evening.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action == "export.statistics")
        last = session.scalars(query.order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.actor, last.subject) == ("staff:olga", "report.pdf")
    assert last.office_id is not None
