"""turnero certificate verify, key"""

import json
from pathlib import Path

import click

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_queue import certificates


@click.group(help=gettext(N_("Check certificates without a database, and show the public key.")))
def command() -> None:
    pass


@command.command("key", help=gettext(N_("Print the public keys that verify our certificates.")))
def key() -> None:
    click.echo(json.dumps(certificates.published(settings.read().instance), indent=2))


@command.command("verify", help=gettext(N_("Check a PDF, or the text of a QR code, offline.")))
@click.argument("what")
@click.option(
    "--key",
    "public",
    required=True,
    help=gettext(N_("The municipality's public key: its published file, a PEM, or its text.")),
)
def verify(what: str, public: str) -> None:
    """Exits with 1 when it is not genuine, or not valid any more."""
    keys = certificates.read_public(_read(public).decode("utf-8", "replace"))
    try:
        found = certificates.verify_offline(_read(what), keys)
    except certificates.Forged as error:
        raise click.ClickException(
            gettext(N_("NOT GENUINE: it was changed, or another issued it."))
        ) from error
    summary = found.summary
    if found.document is not None:
        click.echo(found.document["municipality"])
        click.echo(found.document["title"])
        click.echo(found.document["text"])
    click.echo(f"{summary.kind} {summary.subject} {summary.code}")
    click.echo(f"{summary.issued.isoformat()} – {summary.valid_until.isoformat()}")
    if clock.now().date() > summary.valid_until:
        raise click.ClickException(gettext(N_("Genuine, but no longer valid.")))
    click.echo(
        gettext(N_("Genuine. Whether it was revoked since, only its page on the network knows."))
    )


def _read(given: str) -> bytes:
    """The content of a file, or the text itself when there is no such file."""
    try:
        path = Path(given)
        return path.read_bytes() if path.is_file() else given.encode()
    except (OSError, ValueError):
        return given.encode()
