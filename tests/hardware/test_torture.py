"""Everything goes wrong at once, and every slip comes out, none twice without saying so.

A thousand slips: `python -m bench.printing --jobs 1000 --seed N`.
"""

import random
from pathlib import Path

from bench.printing import torture

SLIPS = 45


def test_every_slip_comes_out_once_or_marked_as_a_copy_whatever_happens(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)

    outcome = torture(tmp_path, SLIPS, seed)

    assert outcome.complaints == [], f"seed {seed}"
    assert outcome.slips >= SLIPS, f"seed {seed}"
    assert outcome.troubles.total() > 3, f"seed {seed}"
