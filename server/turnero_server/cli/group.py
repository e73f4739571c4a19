"""The commands, each loaded when it is used: a kiosk's agent needs none of the server's."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, metadata
from typing import Any

import click

from turnero_core.errors import Problem
from turnero_core.i18n import N_, gettext, set_language
from turnero_core.settings import SettingsError
from turnero_server import logs
from turnero_server.cli.language import of_terminal
from turnero_server.cli.shared import sentence

COMMANDS = {
    "init": N_("Make the instance folder, the database and the first administrator."),
    "migrate": N_("Bring the database's tables to this version."),
    "serve": N_("Serve every screen and the API."),
    "jobs": N_("Run the scheduled jobs in a process of their own."),
    "load": N_("Load a configuration file, and show what changes."),
    "dump": N_("Print the whole configuration as a file that can be loaded."),
    "procedures": N_("Read and write procedures as Argentina's tramites.json."),
    "token": N_("Make, list and revoke API tokens."),
    "device": N_("Invite, list and revoke kiosks, agents and displays."),
    "staff": N_("Make staff accounts, list them, and give one a new password."),
    "permissions": N_("Print who may do what, as a table in Markdown."),
    "statistics": N_("Rebuild the statistics, prove them, and list the indicators."),
    "audit": N_("Check that nobody touched the audit log."),
    "retention": N_("Show what is due to be forgotten of people, and forget it."),
    "person": N_("Show, give out or erase what is held of one person."),
    "doctor": N_("Check the installation and say how to mend what is wrong."),
    "backup": N_("Save everything into one file, also while serving."),
    "restore": N_("Bring back what a backup holds."),
    "payments": N_("Compare payments with what the providers have."),
    "webhook": N_("Tell other systems what happens: add, list, try, rotate, remove."),
    "certificate": N_("Check certificates without a database, and show the public key."),
    "simulated-provider": N_("Run a pretended provider of payments."),
    "demo": N_("Serve a demonstration municipality."),
    "replay": N_("Play a recorded day against a running server."),
    "agent": N_("Drive the printers of a kiosk machine."),
}
ELSEWHERE = {
    "agent": "turnero_hardware.agent.command",
    "demo": "turnero_server.demo.command",
    "simulated-provider": "turnero_server.cli.simulated_provider",
}


class Misconfigured(click.ClickException):
    """The environment or the command line cannot be used."""

    exit_code = 2


class Turnero(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = ELSEWHERE.get(cmd_name, f"turnero_server.cli.{cmd_name}")
        try:
            command: click.Command = import_module(module).command
        except ModuleNotFoundError as error:
            raise click.ClickException(_not_installed(cmd_name, error)) from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(gettext(N_("Commands"))):
            formatter.write_dl([(name, gettext(text)) for name, text in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        with _in_words():
            return super().invoke(ctx)


def _not_installed(command: str, error: ModuleNotFoundError) -> str:
    return gettext(
        N_("“turnero %(command)s” needs %(module)s, which is not installed here."),
        command=command,
        module=error.name,
    )


@contextmanager
def _in_words() -> Iterator[None]:
    """Expected refusals become a line on the error stream and an exit code, not a traceback."""
    try:
        yield
    except SettingsError as error:
        raise Misconfigured(str(error)) from error
    except Problem as problem:
        raise click.ClickException(sentence(problem)) from problem


@click.group(
    cls=Turnero,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=gettext(N_("Turnero: kiosk, appointments and queues of a municipality.")),
)
@click.version_option(metadata.version("turnero"), prog_name="turnero")
def turnero() -> None:
    set_language(of_terminal())
    logs.configure(logging.WARNING)
