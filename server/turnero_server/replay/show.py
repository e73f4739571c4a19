"""What a replay shows on the terminal: the plan, how far it is, and what came of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from turnero_core.i18n import N_, gettext
from turnero_server.replay.account import Account
from turnero_server.replay.day import Day
from turnero_server.replay.driver import Driver
from turnero_server.replay.office import Place

TICK_S = 0.25
console = Console(highlight=False)


def plan(day: Day, place: Place, speed: float) -> None:
    minutes = (day.ends - day.begins) / speed / 60
    said = N_(
        "%(people)s people, %(desks)s desks, from %(begins)s to %(ends)s: about %(minutes)s min "
        "at speed %(speed)s, in the office “%(office)s”."
    )
    console.print(
        gettext(
            said,
            people=len(day.people),
            desks=len(day.shifts),
            begins=hour(day.begins),
            ends=hour(day.ends),
            minutes=f"{minutes:.1f}",
            speed=f"{speed:g}",
            office=place.code,
        )
    )
    for theirs, ours in place.services.items():
        console.print(f"  {theirs} → {ours}", style="dim")


@contextmanager
def progress(driver: Driver, day: Day) -> Iterator[None]:
    """A bar of the people whose errand has ended, with the day's own clock."""
    over = threading.Event()
    with _bar() as bar:
        task = bar.add_task(hour(day.begins), total=len(day.people))

        def follow() -> None:
            while not over.wait(TICK_S):
                bar.update(task, completed=driver.ended, description=hour(driver.now))
                bar.refresh()

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            yield
        finally:
            over.set()
            follower.join()
            bar.update(task, completed=driver.ended, description=hour(driver.now))


@contextmanager
def reading(tickets: int) -> Iterator[Callable[[], None]]:
    with _bar() as bar:
        task = bar.add_task(gettext(N_("Asking what became of each")), total=tickets)
        yield lambda: bar.advance(task)


def summary(day: Day, driver: Driver, found: Account, speed: float) -> None:
    table = Table(title=gettext(N_("The day, replayed")), title_justify="left")
    table.add_column("")
    table.add_column(gettext(N_("in the file")), justify="right")
    table.add_column(gettext(N_("replayed")), justify="right")
    before = {
        outcome: sum(person.outcome == outcome for person in day.people)
        for outcome in ("served", "left", "no_show")
    }
    waits = sorted(person.wait_s for person in day.people if person.outcome == "served")
    rows = [
        (N_("turns issued"), len(day.people), found.issued),
        (N_("served"), before["served"], found.ends["served"]),
        (N_("left without being called"), before["left"], found.ends["left"]),
        (N_("did not come when called"), before["no_show"], found.ends["no_show"]),
        (N_("calls"), "", driver.calls),
        (
            N_("wait of half of those called, at most"),
            span(_at(waits, 0.5)),
            _wait(found, 0.5, speed),
        ),
        (N_("wait of nine in ten, at most"), span(_at(waits, 0.9)), _wait(found, 0.9, speed)),
        (N_("requests refused or unanswered"), "", sum(driver.errors.values())),
        (N_("latest anybody came after their time, in real seconds"), "", f"{driver.lag_s:.2f}"),
    ]
    for name, old, new in rows:
        table.add_row(gettext(name), str(old), str(new))
    console.print(table)
    for problem, count in driver.errors.most_common():
        console.print(f"  {count} × {problem}", style="yellow")
    _verdict(found)


def _verdict(found: Account) -> None:
    if found.unaccounted:
        said = gettext(N_("Nobody unaccounted for: no. Missing: %(n)s"), n=found.unaccounted)
        console.print(said, style="bold red")
    else:
        console.print(gettext(N_("Nobody unaccounted for: yes.")), style="bold green")


def hour(seconds: float) -> str:
    """Seconds after midnight as 9:05."""
    return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02}"


def span(seconds: float) -> str:
    """A wait as 2:05, in minutes and seconds."""
    return f"{int(seconds // 60)}:{int(seconds % 60):02}"


def _wait(found: Account, share: float, speed: float) -> str:
    return span(found.wait_s(share) * speed)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        auto_refresh=False,
    )
