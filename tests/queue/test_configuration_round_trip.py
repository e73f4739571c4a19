"""Whatever can be configured can be written to a file and read back, and is the same."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnero_core.db import Base, Database
from turnero_queue.configuration import Configuration, apply, diff, dump, parse, render
from turnero_queue.configuration.values import (
    Attends,
    Availability,
    Category,
    Closure,
    Desk,
    Municipality,
    Offer,
    Office,
    Priority,
    Service,
)
from turnero_queue.opening import WEEKDAYS

LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
TEXT = (
    st.text(LETTERS, min_size=1, max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
    .filter(lambda text: "\ufeff" not in text)
)
CODES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
DESK_CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,4}", fullmatch=True)
ICONS = st.none() | st.sampled_from(["landmark", "coins", "no", "3"])
MINUTES = st.integers(0, 600)
LIMITS = st.none() | st.integers(1, 100_000)
PLACES = st.just((None, None)) | st.tuples(
    st.integers(-90_000_000, 90_000_000).map(lambda micro: micro / 1_000_000),
    st.integers(-180_000_000, 180_000_000).map(lambda micro: micro / 1_000_000),
)
DATES = st.dates(date(2000, 1, 1), date(2199, 12, 31))
RULES = st.fixed_dictionaries(
    {},
    optional={
        "no_show_after_calls": st.integers(0, 9),
        "appointment_late_rule": st.sampled_from(["walk_in", "keep"]),
        "device_alert_email": st.sampled_from(["", "ana@muni.example luis@muni.example"]),
        "device_alert_webhook": st.sampled_from(["", "https://muni.example/aviso?a=1"]),
    },
)


def names() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({"es": TEXT}, optional={"en": TEXT, "pt": TEXT})


MAYBE_NAMES = st.just({}) | names()
TEXTS = st.fixed_dictionaries({}, optional={"slip_footer": names(), "hall_idle": names()})
LINKS = st.fixed_dictionaries(
    {},
    optional={
        "guide": st.just("https://muni.example/guia?a=1#b"),
        "online": st.just("http://muni.example"),
    },
)


@st.composite
def halls(draw: st.DrawFn, given: list[str]) -> dict[str, Any]:
    hall: dict[str, Any] = {}
    if given and draw(st.booleans()):
        hall["queues"] = given
    hall |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "calls": st.integers(1, 10),
                "voice": st.booleans(),
                "languages": st.just(["es", "en"]),
                "message": names(),
            },
        )
    )
    return hall


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, ...]:
    count = draw(st.integers(1, 3))
    ends = sorted(
        draw(st.lists(st.integers(0, 1440), min_size=2 * count, max_size=2 * count, unique=True))
    )
    clocks = [f"{end // 60:02d}:{end % 60:02d}" for end in ends]
    return tuple(f"{a}-{b}" for a, b in zip(clocks[::2], clocks[1::2], strict=True))


@st.composite
def services(draw: st.DrawFn, code: str, categories: list[str]) -> Service:
    return Service(
        code=code,
        prefix=draw(st.from_regex(r"[A-Z]{1,3}", fullmatch=True)),
        name=draw(names()),
        category=draw(st.none() | st.sampled_from(categories)) if categories else None,
        description=draw(MAYBE_NAMES),
        requirements=tuple(draw(st.lists(names(), max_size=2))),
        place=draw(MAYBE_NAMES),
        icon=draw(ICONS),
        duration_minutes=draw(st.integers(1, 600)),
        target_wait_minutes=draw(MINUTES),
        fee_minor=draw(st.none() | st.integers(0, 2_147_483_647)),
        channel=draw(st.sampled_from(["in_person", "partly_online", "online"])),
        appointments=draw(st.booleans()),
        external_code=draw(st.none() | TEXT),
        daily_limit=draw(LIMITS),
        links=draw(LINKS),
    )


@st.composite
def availabilities(
    draw: st.DrawFn, code: str, services: list[str], desks: list[str]
) -> Availability:
    """Either desks by name or seats of a group; hours in steps of five minutes."""
    begins = draw(st.integers(0, 280)) * 5
    ends = draw(st.integers(begins // 5 + 1, 288)) * 5
    span = f"{begins // 60:02d}:{begins % 60:02d}-{ends // 60:02d}:{ends % 60:02d}"
    first = draw(st.none() | DATES)
    named = tuple(desks) if desks and draw(st.booleans()) else ()
    return Availability(
        code=code,
        name=draw(MAYBE_NAMES),
        services=tuple(services),
        hours={day: (span,) for day in WEEKDAYS if draw(st.booleans())},
        slot_minutes=draw(st.integers(1, 96)) * 5,
        desks=named,
        seats=1 if named else draw(st.integers(1, 200)),
        group="general" if named else draw(CODES),
        pool=draw(st.sampled_from(["public", "staff"])),
        first=first,
        last=draw(st.none() | st.dates(first or date(2000, 1, 1), date(2199, 12, 31))),
        every_weeks=1 if first is None else draw(st.integers(1, 52)),
        exceptions=tuple(sorted(draw(st.sets(DATES, max_size=3)))),
        buffer_minutes=draw(st.integers(0, 12)) * 5,
        lead_minutes=draw(st.integers(0, 1000)),
        horizon_days=draw(st.integers(0, 366)),
    )


@st.composite
def offices(draw: st.DrawFn, code: str, services: list[str]) -> Office:
    given = [each for each in services if draw(st.booleans())]
    closures = {
        tuple(sorted(pair)): reason
        for *pair, reason in draw(st.lists(st.tuples(DATES, DATES, MAYBE_NAMES), max_size=2))
    }
    standing = draw(st.lists(DESK_CODES, unique=True, max_size=2))
    latitude, longitude = draw(PLACES)
    openings = draw(st.dictionaries(st.sampled_from(WEEKDAYS), spans()))
    return Office(
        code=code,
        name=draw(names()),
        hours={day: openings[day] for day in WEEKDAYS if day in openings},
        address=draw(st.just("") | TEXT),
        latitude=latitude,
        longitude=longitude,
        timezone=draw(st.none() | st.sampled_from(["America/Lima", "Etc/GMT+5"])),
        holidays=draw(st.none() | st.sampled_from(["PE", "BR-SP", "NO"])),
        closures=tuple(Closure(a, b, closures[a, b]) for a, b in sorted(closures)),
        rules=draw(RULES),
        texts=draw(TEXTS),
        hall=draw(halls(given)),
        services=tuple(Offer(each, draw(LIMITS), draw(MAYBE_NAMES)) for each in given),
        desks=tuple(
            Desk(
                desk,
                draw(names()),
                tuple(Attends(each, draw(MINUTES)) for each in given if draw(st.booleans())),
            )
            for desk in standing
        ),
        availability=tuple(
            draw(availabilities(each, given, standing))
            for each in (draw(st.lists(CODES, unique=True, max_size=2)) if given else ())
        ),
    )


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    def codes(least: int = 0) -> list[str]:
        return draw(st.lists(CODES, unique=True, min_size=least, max_size=2))

    categories, wanted = codes(), codes()
    return Configuration(
        municipality=Municipality(
            name=draw(TEXT),
            timezone="America/Lima",
            locale=draw(st.sampled_from(["es", "es_PE"])),
            languages=draw(st.sampled_from([("es",), ("pt", "es"), ("es", "qu", "en")])),
            currency=draw(st.sampled_from(["PEN", "CLP", "KWD"])),
            colour=draw(st.none() | st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)),
            logo=draw(st.none() | st.just("escudo.svg")),
            rules=draw(RULES),
            texts=draw(TEXTS),
        ),
        categories=tuple(Category(code, draw(names()), draw(ICONS)) for code in categories),
        services=tuple(draw(services(code, categories)) for code in wanted),
        priorities=tuple(
            Priority(code, draw(names()), draw(MAYBE_NAMES), draw(ICONS), draw(MINUTES))
            for code in codes(least=1)
        ),
        offices=tuple(draw(offices(code, wanted)) for code in codes()),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(configurations())
def test_what_is_written_is_read_back_the_same(configuration: Configuration) -> None:
    written = render(configuration)
    assert parse(written, "dump.yaml") == configuration
    assert render(parse(written.encode(), "dump.yaml")) == written


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(first=configurations(), second=configurations())
def test_a_dump_loads_without_change_and_dumps_to_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, first: Configuration, second: Configuration
) -> None:
    folder = tmp_path_factory.mktemp("round")
    databases = [Database(f"sqlite:///{folder}/{name}.db") for name in ("one", "two")]
    for database in databases:
        Base.metadata.create_all(database.engine)
    one, two = databases
    for configuration in (first, second):
        with one.write() as session:
            apply(session, configuration, actor="Ana")
    with one.read() as session:
        written = dump(session)
        assert written == render(second)
        assert diff(session, parse(written, "dump.yaml")) == []
    with two.write() as session:
        apply(session, parse(written, "dump.yaml"), actor="Ana")
        assert dump(session) == written
    for database in databases:
        database.dispose()
