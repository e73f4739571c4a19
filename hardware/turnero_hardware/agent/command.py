"""turnero agent enrol, run, status"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import httpx

from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_, gettext
from turnero_hardware.agent import link, machine, state
from turnero_hardware.agent.link import AwayError, InUseError, Link, RefusedError, RevokedError
from turnero_hardware.agent.runner import Agent, End
from turnero_hardware.agent.state import Identity
from turnero_hardware.agent.store import Store
from turnero_hardware.models import PrinterState
from turnero_hardware.status import Paper

# sysexits.h: a temporary failure, so that whoever supervises starts it again.
EXITS = {End.TOLD: 0, End.RESTART: 75, End.REVOKED: 3}
_POLL_S = 2.0
_STATES: dict[str, str] = {
    PrinterState.READY: N_("ready to print"),
    PrinterState.FAILING: N_("needs somebody"),
    PrinterState.UNKNOWN: N_("not tried yet"),
}
_PAPER: dict[str, str] = {
    Paper.OK: N_("enough paper"),
    Paper.NEAR_END: N_("paper nearly out"),
    Paper.OUT: N_("out of paper"),
    Paper.UNKNOWN: N_("paper not known"),
}
_FAILURES = (AwayError, RefusedError, RevokedError, InUseError)

state_option = click.option(
    "--state",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help=gettext(N_("The agent's own folder; otherwise systemd's or this user's.")),
)


@click.group(help=gettext(N_("Drive the printers of a kiosk machine.")))
def command() -> None:
    pass


@command.command("enrol", help=gettext(N_("Exchange a one-time code for this machine's token.")))
@click.option("--server", required=True, help=gettext(N_("Such as https://turnos.example.")))
@click.option("--code", help=gettext(N_("From an invitation; without it, one is shown here.")))
@click.option("--insecure", is_flag=True, help=gettext(N_("Use http to another machine.")))
@click.option(
    "--ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext(N_("A file of certificates to trust, for a city's own authority.")),
)
@click.option("--again", is_flag=True, help=gettext(N_("Even if this machine is enrolled.")))
@state_option
def enrol(
    server: str, code: str | None, insecure: bool, ca: Path | None, again: bool, folder: Path | None
) -> None:
    folder = folder or state.default_folder()
    address = link.check_address(server, insecure=insecure)
    with state.alone(folder):
        if (folder / state.IDENTITY).exists() and not again:
            raise Conflict(N_("This machine is enrolled already; --again enrols it anew."))
        certificates = str(ca.absolute()) if ca else None
        with link.open_client(address, certificates) as client:
            token, name = _redeem(client, code) if code else _ask(client)
        installation = state.installation(folder)
        identity = Identity(address, token, name, installation, certificates, insecure)
        state.save(folder, identity)
    click.echo(gettext(N_("Enrolled %(name)s. Start “turnero agent run”."), name=name or address))


@command.command("run", help=gettext(N_("Print what the server has for this machine.")))
@state_option
def run(folder: Path | None) -> None:
    folder = folder or state.default_folder()
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with state.alone(folder):
        identity = state.load(folder)
        instance = state.instance(identity, folder)
        store = Store(folder / state.OUTBOX, instance)
        agent = Agent(
            store,
            Link(identity, instance),
            machine.transports(folder),
            version=metadata.version("turnero"),
            facts=lambda: machine.facts(folder, identity.server),
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: agent.stop())
        end = agent.run()
        if end is End.REVOKED:
            said = N_("The server refuses this machine's token: enrol it again.")
            click.echo(gettext(said), err=True)
        _leave(EXITS[end])


@command.command("status", help=gettext(N_("Say how this machine's agent is.")))
@state_option
def status(folder: Path | None) -> None:
    folder = folder or state.default_folder()
    identity = state.load(folder)
    running = state.is_running(folder)
    rows = [
        (N_("server"), identity.server),
        (N_("device"), identity.device or "-"),
        (N_("agent"), gettext(N_("running") if running else N_("not running"))),
        (N_("answer"), _reach(identity)),
    ]
    if (folder / state.OUTBOX).exists():
        store = Store.as_it_is(folder / state.OUTBOX)
        waiting, unsaid = store.counts()
        rows += [(N_("to print"), str(waiting)), (N_("to report"), str(unsaid))]
        rows += [(N_("printer"), _printer(one)) for one in store.printers()]
    told = [(gettext(label), value) for label, value in rows]
    width = max(10, *(len(label) for label, _ in told)) + 2
    for label, value in told:
        click.echo(f"{label:<{width}}{value}")
    sys.exit(0 if running else 1)


def _redeem(client: httpx.Client, code: str) -> tuple[str, str]:
    answer = _in_words(lambda: link.enrol(client, code, metadata.version("turnero")))
    return answer["token"], str(answer.get("device", {}).get("code", ""))


def _ask(client: httpx.Client) -> tuple[str, str]:
    """Show a code and wait until an administrator has typed it."""
    asked = _in_words(lambda: link.ask_to_enrol(client, metadata.version("turnero")))
    click.echo(gettext(N_("Approve this code in the administration: %(code)s"), code=asked["code"]))
    end = time.monotonic() + float(asked.get("expires_in_s", 900))
    while time.monotonic() < end:
        time.sleep(_POLL_S)
        try:
            token = link.collect(client, asked["secret"])
        except AwayError:
            continue
        except _FAILURES as error:
            raise link.in_words(error) from error
        if token:
            return token, ""
    raise NotFound(N_("Nobody approved the code in time. Ask for another."))


def _in_words(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return ask()
    except _FAILURES as error:
        raise link.in_words(error) from error


def _reach(identity: Identity) -> str:
    """What the server's health says; asked without the token, so that it is nobody's heartbeat."""
    try:
        with link.open_client(identity.server, identity.ca) as client:
            answer = client.get(identity.server + "/healthz")
    except httpx.HTTPError as error:
        return gettext(N_("none: %(reason)s"), reason=str(error) or type(error).__name__)
    return str(answer.status_code)


def _printer(told: dict[str, Any]) -> str:
    wrong = f", {gettext(told['error'])}" if told["error"] else ""
    how, paper = _STATES[told["state"]], _PAPER[told["paper"]]
    return f"{told['code']}: {gettext(how)}, {gettext(paper)}{wrong}"


def _leave(code: int) -> None:
    """End now. A printer or a claim that hangs would keep its thread, and this process with it,
    for as long as it likes; both are made good at the next start."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
