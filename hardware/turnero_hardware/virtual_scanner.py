"""A reader made of software: types codes into the kiosks of a demonstration, over the network.

    python -m turnero_hardware.virtual_scanner --server URL --office centro argentina
    … | python -m turnero_hardware.virtual_scanner --server URL --office centro -

Each argument is the name of a sample or, with `-`, each line of the input is a code. The server
passes the keys on to whichever kiosk pages of that office are open, and these type them, key by
key, as a reader on a cable would; only a demonstration listens.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click
import httpx

from turnero_hardware.scanning.samples import SAMPLES

PATH = "/demo/scanner/keys"
#: No form of another site can send it.
HEADER = "X-Turnero-Scanner"


def scan(server: str, office: str, text: str) -> int:
    """Hold one code before the readers of an office; the server's status, 0 when none answers."""
    try:
        answer = httpx.post(
            server.rstrip("/") + PATH,
            json={"office": office, "text": text},
            headers={HEADER: "1"},
            timeout=5,
        )
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0
    return answer.status_code


@click.command()
@click.option("--server", required=True)
@click.option("--office", required=True)
@click.argument("codes", nargs=-1, required=True)
def main(server: str, office: str, codes: tuple[str, ...]) -> None:
    """Type codes into the kiosks of a demonstration."""
    for text in _texts(codes):
        status = scan(server, office, text)
        if status != 204:
            raise click.ClickException(f"the server answered {status or 'nothing'}")
        click.echo(f"typed {len(text)} signs")


def _texts(codes: tuple[str, ...]) -> Iterable[str]:
    for code in codes:
        if code == "-":
            yield from (line.rstrip("\n") for line in sys.stdin)
        elif code in SAMPLES:
            yield SAMPLES[code]
        else:
            raise click.ClickException(f"{code} is none of {', '.join(SAMPLES)}")


if __name__ == "__main__":
    main()
