"""An installation of the product, driven through its own command as an administrator would."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests import program
from tests.program import TURNERO

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "server/turnero_server/demo/municipality.yaml"


@dataclass(frozen=True)
class Installation:
    instance: Path
    database_url: str

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TURNERO_")}
        own = {"TURNERO_INSTANCE": str(self.instance), "TURNERO_DATABASE_URL": self.database_url}
        return {**kept, "LC_ALL": "C", "PYTHONWARNINGS": "error", **own, **more}

    def try_to(self, *args: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `turnero args` whatever becomes of it; it must never show a traceback."""
        done = program.run(*TURNERO, *args, env=self.environment(**more))
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def run(self, *args: str | Path, **more: str) -> str:
        """Run `turnero args`, which must succeed; gives what it printed."""
        done = self.try_to(*args, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *args: str | Path, code: int = 1, **more: str) -> str:
        """Run `turnero args`, which must refuse; gives what it said."""
        done = self.try_to(*args, **more)
        assert (done.returncode, done.stdout) == (code, ""), done
        return done.stderr
