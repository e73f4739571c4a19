"""One kiosk machine with its server and its printer, which the tests of a module share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.printing import printer_process
from tests.hardware.agent.kiosk import Kiosk


@pytest.fixture(scope="module")
def kiosk_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    folder: Path = tmp_path_factory.mktemp("kiosk")
    with printer_process(folder / "paper") as uri:
        made = Kiosk(folder, uri, folder / "paper")
        try:
            made.start("server")
            enrolled = made.run(
                "agent", "enrol", "--server", made.address, "--code", made.invite(),
                "--state", str(made.machine),
            )  # fmt: skip
            assert enrolled.returncode == 0, enrolled.stderr
            yield made
        finally:
            made.kill()
            made.database.dispose()


@pytest.fixture
def kiosk(kiosk_of_module: Kiosk) -> Iterator[Kiosk]:
    """Enrolled; its server answers and its agent runs; nothing is on paper yet."""
    for slip in kiosk_of_module.paper.glob("*.bin"):
        slip.unlink()
    if "server" not in kiosk_of_module.processes:
        kiosk_of_module.start("server")
    kiosk_of_module.start("agent")
    yield kiosk_of_module
    kiosk_of_module.printer_is("")
    kiosk_of_module.kill("agent", "clone")
