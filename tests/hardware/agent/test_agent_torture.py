"""Server, agent and printer fail at once, and every slip comes out, none twice without saying so.

A thousand slips: `python -m bench.agent_printing --jobs 1000 --seed N`, or AGENT_SLIPS=1000.
"""

import os
import random
from pathlib import Path

from bench.agent_printing import torture

SLIPS = int(os.environ.get("AGENT_SLIPS", "30"))


def test_every_slip_comes_out_once_or_marked_as_a_copy_whatever_happens(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)

    outcome = torture(tmp_path, SLIPS, seed)

    assert outcome.complaints == [], f"seed {seed}"
    assert outcome.slips >= SLIPS, f"seed {seed}"
    assert outcome.troubles["kill the agent"] > 0, f"seed {seed}"
    assert outcome.troubles["kill the server"] > 0, f"seed {seed}"
