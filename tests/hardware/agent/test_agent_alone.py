"""The agent needs the core and hardware rooms and their few libraries, nothing of a server's."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Refuses what only a server has; tells at the end what the agent did import of the product.
ALONE = """
import sys
REFUSED = set(sys.argv.pop(1).split(","))
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in REFUSED:
            raise ModuleNotFoundError(f"refused {name}", name=name)
sys.meta_path.insert(0, Refuse())
from turnero_server.cli import main
try:
    main()
finally:
    rooms = {name.split(".")[0] for name in sys.modules if name.startswith("turnero_")}
    print("rooms", *sorted(rooms), file=sys.stderr)
"""


def of_a_server() -> set[str]:
    """Modules that only the extra `server` brings, and the rooms above hardware."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = project["optional-dependencies"]["server"]
    names = {re.split(r"[\[<>=]", line)[0].lower().replace("_", "-") for line in listed}
    modules = {
        module
        for module, wheels in packages_distributions().items()
        if {wheel.lower().replace("_", "-") for wheel in wheels} & names
    }
    return modules | {"turnero_queue", "turnero_kiosk", "turnero_displays", "turnero_admin"}


def alone(*words: str) -> subprocess.CompletedProcess[str]:
    refused = of_a_server()
    assert {"flask", "gevent", "alembic", "cryptography", "gunicorn"} <= refused
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TURNERO_")}
    return subprocess.run(
        [sys.executable, "-c", ALONE, ",".join(sorted(refused)), *words],
        capture_output=True, text=True, check=False, timeout=60, env={**kept, "LC_ALL": "C"},
    )  # fmt: skip


def test_it_runs_where_nothing_of_a_server_is_installed(tmp_path: Path) -> None:
    done = alone("agent", "run", "--state", str(tmp_path))

    assert done.returncode == 1
    assert "This machine is not enrolled" in done.stderr
    assert "rooms turnero_core turnero_hardware turnero_server" in done.stderr


def test_what_needs_a_server_says_what_is_missing() -> None:
    done = alone("serve")

    assert done.returncode == 1
    assert "“turnero serve”" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_enrols_only_over_a_line_that_keeps_the_token_secret(tmp_path: Path) -> None:
    done = alone("agent", "enrol", "--server", "http://10.0.0.4", "--state", str(tmp_path))

    assert (done.returncode, list(tmp_path.glob("*.json"))) == (1, [])
    assert "Only https keeps the token secret" in done.stderr
