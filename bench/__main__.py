"""The performance table of docs/performance.md, measured on this machine.

bin/bench [--quick] [--json] [--only PART …]
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import appointments, figures, measurements

PARTS: dict[str, Callable[[measurements.Size], Iterator[dict[str, Any]]]] = {
    "rates": measurements.rates,
    "appointments": appointments.everything,
    "screens": measurements.call_to_screen,
    "history": measurements.with_history,
    "pages": measurements.first_pages,
    "statistics": figures.everything,
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", description="Prints the performance table.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller sizes")
    parser.add_argument("--json", action="store_true", help="one object for each line")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    return parser.parse_args()


def line(row: dict[str, Any]) -> str:
    values = "  ".join(
        f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}"
        for name, value in row.items()
        if name != "what"
    )
    return f"{row['what']:<62} {values}"


def main() -> None:
    asked = arguments()
    # Told to stop, it still stops the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    size = measurements.QUICK if asked.quick else measurements.FULL
    for part in asked.only:
        for row in PARTS[part](size):
            print(json.dumps(row) if asked.json else line(row), flush=True)


if __name__ == "__main__":
    main()
