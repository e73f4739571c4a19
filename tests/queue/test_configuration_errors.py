"""A bad configuration file changes nothing, and every mistake is named with its line and field."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from turnero_core.db import Database
from turnero_core.i18n import speaking
from turnero_queue import models
from turnero_queue.configuration import ConfigurationError, apply, parse

GOOD = """\
municipality:
  name: Villa Clara
  timezone: America/Lima
  locale: es
  languages: [es, en]
  currency: PEN
  colour: "#005F73"
  rules:
    no_show_after_calls: 2
categories:
  - {code: tributos, name: {es: Tributos, en: Taxes}}
services:
  - code: rentas
    prefix: R
    name: {es: Rentas, en: Taxes}
    category: tributos
    requirements: [{es: Recibo, en: Receipt}]
    duration_minutes: 10
    fee: "15.00"
    channel: in_person
    appointments: true
  - code: catastro
    prefix: C
    name: {es: Catastro, en: Land}
priorities:
  - {code: standard, name: {es: General, en: General}}
offices:
  - code: centro
    name: {es: Centro, en: Centre}
    hours:
      mon-fri: ["08:00-13:00", "14:00-16:00"]
      sat: ["09:00-12:00"]
    holidays: PE
    closures:
      - {from: 2026-12-24, to: 2026-12-26, reason: {es: Fiestas, en: Holidays}}
    desks:
      - code: "1"
        name: {es: Ventanilla 1, en: Desk 1}
        services: [rentas, catastro]
    services: [rentas, catastro]
"""

MISTAKES = [
    ("name: Villa Clara", "nombre: Villa Clara", 2, "municipality.nombre", "did you mean name?"),
    ("  name: Villa Clara\n", "", 1, "municipality.name", "is missing"),
    ("America/Lima", "America/Lma", 3, "municipality.timezone", "did you mean America/Lima?"),
    ("locale: es", "locale: xx_YY", 4, "municipality.locale", "xx_YY"),
    ("[es, en]", "[en]", 5, "municipality.languages", "lacks es"),
    ("[es, en]", "[es, klingonés]", 5, "municipality.languages[1]", "klingonés"),
    ("[es, en]", "[es, en, es]", 5, "municipality.languages", "twice"),
    ("currency: PEN", "currency: PEM", 6, "municipality.currency", "PEM"),
    ('"#005F73"', "#005F73", 7, "municipality.colour", "in quotes"),
    ('"#005F73"', '"#05F"', 7, "municipality.colour", "in quotes"),
    ("calls: 2", "calls: many", 9, "municipality.rules.no_show_after_calls", "whole number"),
    ("calls: 2", "calls: -1", 9, "municipality.rules.no_show_after_calls", "whole number"),
    (
        "no_show_after_calls: 2",
        "device_alert_webhook: ftp://muni.example",
        9,
        "municipality.rules.device_alert_webhook",
        "https://",
    ),
    (
        "no_show_after_calls: 2",
        "device_alert_email: nobody",
        9,
        "municipality.rules.device_alert_email",
        "e-mail",
    ),
    (
        "no_show_after_calls",
        "no_show_after_cals",
        9,
        "municipality.rules.no_show_after_cals",
        "did",
    ),
    ("code: rentas\n", "code: Rentas!\n", 13, "services[0].code", "small letters"),
    ("  - code: rentas\n    prefix: R", "  - prefix: R", 13, "services[0].code", "is missing"),
    ("prefix: R", "prefix: RENT", 14, "services[0].prefix", "1 to 3 capital letters"),
    ("prefix: R", "prefix: r", 14, "services[0].prefix", "1 to 3 capital letters"),
    ("name: {es: Rentas, en: Taxes}", "name: Rentas", 15, "services[0].name", "{es: Rentas}"),
    ("name: {es: Rentas, en: Taxes}", "name: {en: Taxes}", 15, "services[0].name", "lacks"),
    ("name: {es: Rentas, en: Taxes}", "name:", 15, "services[0].name", "is empty"),
    ("es: Rentas", 'es: "   "', 15, "services[0].name.es", "is empty"),
    ("es: Rentas", 'es: "a\\u0007b"', 15, "services[0].name.es", "cannot be shown"),
    ("es: Rentas", "es: " + "x" * 81, 15, "services[0].name.es", "at most 80"),
    ("es: Rentas", "es: 15", 15, "services[0].name.es", "must be text"),
    ("category: tributos", "category: tributo", 16, "services[0].category", "mean tributos?"),
    ("[{es: Recibo, en: Receipt}]", "Recibo", 17, "services[0].requirements", "must be a list"),
    ("minutes: 10", "minutes: 0", 18, "services[0].duration_minutes", "from 1 to 600"),
    ("minutes: 10", "minutes: 601", 18, "services[0].duration_minutes", "from 1 to 600"),
    ("minutes: 10", 'minutes: "10"', 18, "services[0].duration_minutes", "from 1 to 600"),
    ("minutes: 10", "minutes: 1.5", 18, "services[0].duration_minutes", "from 1 to 600"),
    ("minutes: 10", "minutes: " + "9" * 5000, 18, "services[0].duration_minutes", "from 1 to"),
    ("minutes: 10", "minutes: [10]", 18, "services[0].duration_minutes", "from 1 to 600"),
    ("duration_minutes", "duration_minuts", 18, "services[0].duration_minuts", "duration_minutes?"),
    ('fee: "15.00"', "fee: 15.00", 19, "services[0].fee", '"15.00"'),
    ('fee: "15.00"', 'fee: "15.0"', 19, "services[0].fee", '"15.00"'),
    ('fee: "15.00"', 'fee: "-15.00"', 19, "services[0].fee", '"15.00"'),
    ('fee: "15.00"', 'fee: "99999999.00"', 19, "services[0].fee", "more than"),
    ("channel: in_person", "channel: in_persn", 20, "services[0].channel", "mean in_person?"),
    ("channel: in_person", "channel: by post", 20, "services[0].channel", "partly_online"),
    ("appointments: true", "appointments: yes", 21, "services[0].appointments", "true or false"),
    ("code: catastro", "code: rentas", 22, "services[1].code", "the first is on line 13"),
    (
        "    prefix: C\n",
        "    prefix: C\n    prefix: D\n",
        24,
        "services[1].prefix",
        "written twice",
    ),
    ("  - {code: standard, name: {es: General, en: General}}", "  []", 25, "priorities", "from 1"),
    ("code: centro", "code: centro\n    colour: red", 29, "offices[0].colour", "not known"),
    ("mon-fri:", "mon-fry:", 31, "offices[0].hours.mon-fry", "did you mean fri?"),
    ("mon-fri:", "fri-mon:", 31, "offices[0].hours.fri-mon", "backwards"),
    ("mon-fri:", "mon-sat:", 32, "offices[0].hours.sat", "a second time"),
    ('"14:00-16:00"', '"12:00-16:00"', 31, "offices[0].hours.mon-fri", "overlaps"),
    ('"14:00-16:00"', '"16:00-14:00"', 31, "offices[0].hours.mon-fri[1]", "ends after"),
    ('"14:00-16:00"', '"14:00-25:00"', 31, "offices[0].hours.mon-fri[1]", "08:00-13:00"),
    ('"14:00-16:00"', "14", 31, "offices[0].hours.mon-fri[1]", "must be text"),
    ("holidays: PE", "holidays: PX", 33, "offices[0].holidays", "PX"),
    ("holidays: PE", "holidays: PE-XX", 33, "offices[0].holidays", "PE-XX"),
    ("to: 2026-12-26", "to: 2026-12-23", 35, "offices[0].closures[0]", "before it begins"),
    ("to: 2026-12-26", "to: 2026-12-46", 35, "offices[0].closures[0].to", "not a day"),
    ("to: 2026-12-26", "to: Christmas", 35, "offices[0].closures[0].to", "2026-12-24"),
    ("from: 2026", "from: 1026", 35, "offices[0].closures[0].from", "2026-12-24"),
    ('code: "1"', "code: 1", 37, "offices[0].desks[0].code", "in quotes"),
    ('code: "1"', 'code: "1/2"', 37, "offices[0].desks[0].code", "letters, digits"),
    (
        "    services: [rentas, catastro]\n",
        "    services: [rentas, catastr]\n",
        39,
        "offices[0].desks[0].services[1]",
        "mean catastro?",
    ),
    (
        "    services: [rentas, catastro]\n",
        "    services: [rentas]\n",
        39,
        "[1]",
        "not in the list",
    ),
]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def errors_of(content: str | bytes) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        parse(content, "villa.yaml")
    return caught.value


def test_the_good_file_is_good() -> None:
    assert parse(GOOD, "villa.yaml").warnings == ()


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field", "said"), MISTAKES, ids=[m[1][:40] for m in MISTAKES]
)
def test_a_mistake_is_named_with_its_line_and_field(
    right: str, wrong: str, line: int, field: str, said: str
) -> None:
    assert right in GOOD
    text = GOOD.replace(right, wrong, 1)
    if field == "[1]" or "catastr]" in wrong:
        # The desk's list is the first of the two; the office's own is the last line.
        where = GOOD.rindex(right) if field == "[1]" else GOOD.index(right)
        text = GOOD[:where] + wrong + GOOD[where + len(right) :]
    found = [error for error in errors_of(text).errors if said in error.message]
    assert [(error.line, error.field.endswith(field)) for error in found] == [(line, True)]


def test_every_mistake_of_a_file_is_found_in_its_order() -> None:
    text = GOOD.replace("prefix: R", "prefix: 7").replace("America/Lima", "Mars/Base")
    error = errors_of(text.replace("holidays: PE", "holidays: XX"))
    assert [(found.line, found.field) for found in error.errors] == [
        (3, "municipality.timezone"),
        (14, "services[0].prefix"),
        (33, "offices[0].holidays"),
    ]
    assert str(error).splitlines()[1] == (
        "villa.yaml line 14, services[0].prefix: must be text: write it in quotes"
    )
    assert set(error.extra["errors"]) == {found.field for found in error.errors}


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "empty"),
        (b"# nothing\n", 1, "empty"),
        (GOOD.encode().replace(b"Villa Clara", b"Villa Mar\xeda"), 2, "UTF-8"),
        (GOOD.encode("utf-16"), 1, "UTF-8"),
        (GOOD.encode("utf-16-le"), 1, "UTF-8"),
        (GOOD.encode("utf-32-be"), 1, "UTF-8"),
        (GOOD.replace("Villa Clara", '"\\UFFFFFFFF"'), 2, "no whole character"),
        (GOOD.replace("Villa Clara", '"\\U00110000"'), 2, "no whole character"),
        (GOOD.replace("  timezone", "\ttimezone"), 3, "tab"),
        (GOOD.replace("[es, en]", "[es, en"), 6, "not YAML"),
        (GOOD.replace("Villa Clara", "Villa: Clara"), 2, "not YAML"),
        (GOOD.replace("Villa Clara", "Villa \x00"), 2, "control character"),
        (GOOD + "---\n" + GOOD, 41, "not YAML"),
        ("[" * 20_000, 1, "nested"),
        ("a: 1\n" + "#" * 1_000_001, 1, "larger"),
        (GOOD.replace("{es: Rentas", "&n {es: Rentas"), 15, "cannot be used: write it out"),
        (GOOD.replace("Villa Clara", "*n"), 2, "undefined alias"),
    ],
)
def test_a_file_that_is_not_yaml_is_named_with_its_line(
    content: str | bytes, line: int, said: str
) -> None:
    [error] = errors_of(content).errors
    assert error.line == line
    assert said in error.message


@pytest.mark.parametrize("content", ["hola", "- hola\n", "15", "!!python/object:os.system {}\n"])
def test_a_file_of_another_kind_is_refused(content: str) -> None:
    assert errors_of(content).errors[0].line == 1


def test_aliases_that_would_grow_without_bound_are_refused_at_once() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
    )
    assert {error.line for error in errors_of(bomb).errors} == set(range(1, 41))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field"),
    [
        ("Villa Clara", '"\\ud800"', 2, "municipality.name"),
        ("Villa Clara", '"\\ud83d\\ude00"', 2, "municipality.name"),
        ("rules:", '"\\udfff":', 8, "municipality"),
        ("es: Recibo", 'es: "Recibo \\udc00"', 17, "services[0].requirements[0].es"),
        ("sat:", '? ["\\ud800"]\n      :', 32, "offices[0].hours[0]"),
        ("2026-12-24", '"2026-12-2\\udc00"', 35, "offices[0].closures[0].from"),
    ],
)
def test_half_a_character_is_named_wherever_it_is(
    right: str, wrong: str, line: int, field: str
) -> None:
    refused = errors_of(GOOD.replace(right, wrong, 1))
    [error] = refused.errors
    assert (error.line, error.field) == (line, field)
    assert "no whole character" in error.message
    assert str(refused).encode()


def test_ten_thousand_aliases_are_refused_quickly() -> None:
    text = GOOD.replace("es: Recibo", "es: &r Recibo").replace("en: Receipt", "en: *r")
    many = text.replace("services: [rentas, catastro]\n", f"services: [{'*r, ' * 10_000}]\n")
    assert {error.line for error in errors_of(many).errors} == {17}


def test_values_are_read_into_their_canonical_form() -> None:
    text = GOOD.replace("mon-fri:", "mon, wed-fri,tue:").replace('"08:00', '" 8:00')
    text = text.replace("Villa Clara", ">\n    Villa\n    Clara").replace("from: 2026-12-24, ", "")
    text = text.replace("{to: 2026-12-26", "{from: '2026-12-26'")
    configuration = parse("\ufeff" + text.replace("\n", "\r\n"), "villa.yaml")
    [office] = configuration.offices
    assert configuration.municipality.name == "Villa Clara"
    assert configuration.municipality.colour == "#005f73"
    assert list(office.hours) == ["mon", "tue", "wed", "thu", "fri", "sat"]
    assert office.hours["tue"] == ("08:00-13:00", "14:00-16:00")
    assert office.closures[0].first == office.closures[0].last
    assert configuration.services[0].fee_minor == 1500


@pytest.mark.parametrize(
    ("currency", "fee", "minor"),
    [("CLP", "1500", 1500), ("KWD", "1.500", 1500), ("PEN", "0.00", 0)],
)
def test_a_fee_has_the_decimals_of_its_currency(currency: str, fee: str, minor: int) -> None:
    text = GOOD.replace("PEN", currency).replace("15.00", fee)
    assert parse(text, "villa.yaml").services[0].fee_minor == minor


def test_an_office_without_services_gives_what_its_desks_attend() -> None:
    text = GOOD[: GOOD.rindex("    services:")].replace("[rentas, catastro]", "[catastro]")
    assert [offer.code for offer in parse(text, "v").offices[0].services] == ["catastro"]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("{es: Catastro, en: Land}", "{es: Catastro}", 24, "lacks the text in en"),
        ("{code: tributos,", "{code: tributos, icon: hous,", 11, "no icon hous"),
        ("{code: standard,", "{code: standard, head_start_minutes: 5,", 26, "comes first"),
        ("        services: [rentas, catastro]", "        services: [rentas]", 40, "in vain"),
    ],
)
def test_what_is_only_doubtful_is_a_warning(right: str, wrong: str, line: int, said: str) -> None:
    [warning] = parse(GOOD.replace(right, wrong, 1), "villa.yaml").warnings
    assert (warning.line, said in warning.message) == (line, True)


def test_a_bad_file_changes_nothing(database: Database) -> None:
    with database.write() as session:
        apply(session, parse(GOOD, "villa.yaml"), actor="Ana")
    with pytest.raises(ConfigurationError), database.write() as session:
        apply(session, parse(GOOD.replace("prefix: C", "prefix: ñ"), "v"), actor="Ana")
    with database.read() as session:
        assert session.scalar(select(models.Municipality.config_version)) == 1
        assert session.scalar(select(func.count()).select_from(models.Service)) == 2
