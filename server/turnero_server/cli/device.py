"""turnero device list, invite, revoke, printers"""

import click

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, catalogue, devices
from turnero_queue.devices import DeviceHealth
from turnero_queue.models.devices import DeviceKind
from turnero_server import opening


@click.group(help=gettext(N_("Kiosks, agents and displays, and the printers there are.")))
def command() -> None:
    pass


@command.command("list", help=gettext(N_("List devices and printers, and how each of them is.")))
def listed() -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        for found in devices.device_health(session, None, clock.now()):
            click.echo(_line(found))


@command.command("invite", help=gettext(N_("Print a code with which one machine enrols.")))
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in DeviceKind]),
    default=DeviceKind.AGENT.value,
    show_default=True,
)
@click.option("--name", help=gettext(N_("What people call it.")))
@click.option("--office", help=gettext(N_("The code of the office where it stands.")))
@click.option(
    "--printer",
    "printers",
    multiple=True,
    help=gettext(N_("The code of a printer that the agent drives; repeat for several.")),
)
@click.option("--again", help=gettext(N_("The code of a device that is to be enrolled anew.")))
def invite(
    kind: str, name: str | None, office: str | None, printers: tuple[str, ...], again: str | None
) -> None:
    now = clock.now()
    with opening.current_database(settings.read()) as database, database.write() as session:
        if again:
            device = devices.find(session, again)
            code = devices.invite_again(session, device, actor=audit.SYSTEM, now=now)
        else:
            office_id = catalogue.current(session).office(office).id if office else None
            code, device = devices.invite_device(
                session, kind, name=name or kind, office_id=office_id, actor=audit.SYSTEM, now=now
            )
        if printers:
            devices.assign_printers(session, device, printers, actor=audit.SYSTEM, now=now)
        click.echo(f"{code}\t{device.code}")


@command.command("printers", help=gettext(N_("Say which printers an agent drives.")))
@click.argument("code")
@click.argument("printers", nargs=-1)
def printers(code: str, printers: tuple[str, ...]) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        device = devices.find(session, code)
        devices.assign_printers(session, device, printers, actor=audit.SYSTEM, now=clock.now())


@command.command("revoke", help=gettext(N_("Refuse a device's token from now on.")))
@click.argument("code")
@click.option("--reason", default="", help=gettext(N_("For the audit log.")))
def revoke(code: str, reason: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        device = devices.find(session, code)
        devices.revoke(session, device, actor=audit.SYSTEM, now=clock.now(), reason=reason)
    click.echo(gettext(N_("Revoked: %(count)s"), count=1))


def _line(found: DeviceHealth) -> str:
    seen = clock.rfc3339(found.last_seen_at) if found.last_seen_at else "-"
    reasons = " ".join(reason.text for reason in found.reasons)
    columns = (found.code, found.kind, found.name, found.state, seen, found.version, reasons)
    return "\t".join(columns).rstrip()
