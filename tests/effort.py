"""How much the long tests do: enough in every run, far more with TURNERO_TEST_LONG=1."""

import os

LONG = os.environ.get("TURNERO_TEST_LONG", "") not in ("", "0")


def effort(usual: int, long: int) -> int:
    """`usual` in every run of the suite, `long` for a run that has the time."""
    return long if LONG else usual
