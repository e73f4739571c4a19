"""The command `turnero`."""

import os
import sys
from contextlib import suppress

# These hold many connections, with greenlets.
GREEN = frozenset({"serve", "demo", "replay"})


def main() -> None:
    """Run the command line. gevent replaces the standard library's waiting before it is used."""
    # Whatever a command makes is its owner's alone.
    os.umask(0o077)
    if GREEN.intersection(sys.argv[1:2]):
        # Where it is not installed, as on a kiosk machine, the command itself says so.
        with suppress(ModuleNotFoundError):
            from gevent import monkey

            monkey.patch_all()
    from turnero_core.i18n import set_language
    from turnero_server.cli import click_words
    from turnero_server.cli.language import of_terminal

    # Before the commands are read, for what they say of themselves is said then.
    set_language(of_terminal())
    click_words.translate()
    from turnero_server.cli.group import turnero

    turnero(prog_name="turnero")
