"""bin/lib/setup.sh: a machine that lacks something is told what to run, and nothing is left half
made. Programs of the machine are played by small scripts on a PATH of the test's own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "cat", "cksum", "dirname", "env", "flock", "id", "mkdir", "rm", "sh", "touch")


class Machine:
    """A checkout in a path with spaces, on a machine with a few programs and an ordinary user."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "my checkout"
        self.programs = folder / "programs"
        self.log = folder / "log"
        self.programs.mkdir()
        self.checkout.mkdir()
        shutil.copytree(ROOT / "bin", self.checkout / "bin")
        shutil.copytree(ROOT / "requirements", self.checkout / "requirements")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        for tool in TOOLS:
            if path := shutil.which(tool):
                (self.programs / tool).symlink_to(path)
        self.install("id", "echo 1000")

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"

    def install(self, name: str, script: str) -> None:
        """A program that notes its arguments in the log and then does `script`."""
        file = self.programs / name
        file.unlink(missing_ok=True)
        file.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.log}"\n{script}\n')
        file.chmod(0o755)

    def install_python(self, venv: str) -> None:
        """A Python 3.11 that does `venv` when asked to make an environment."""
        self.install(
            "python3.11",
            f'case "$*" in\n*"-m venv"*) {venv} ;;\n*print*) echo 3.11 ;;\nesac',
        )

    def prepare(self, kind: str = "server") -> subprocess.CompletedProcess[str]:
        script = self.checkout / "bin" / "lib" / "setup.sh"
        return subprocess.run(
            ["bash", "-c", f'. "{script}"; prepare {kind}; echo "ready: $PYTHON"'],
            env={"PATH": str(self.programs), "HOME": str(self.checkout.parent)},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def working_venv(machine: Machine) -> str:
    """The shell commands of a venv that works; its own Python notes what it is asked to do."""
    python = machine.venv / "bin" / "python"
    inner = (
        f'#!/bin/sh\\necho "venv $*" >>"{machine.log}"\\n[ "$*" != -V ] || echo Python 3.11.7\\n'
    )
    make = machine.programs / "make-venv"
    make.write_text(
        f'#!/bin/sh\nmkdir -p "{python.parent}"\nprintf \'{inner}\' >"{python}"\n'
        f'/bin/chmod 755 "{python}"\n'
    )
    make.chmod(0o755)
    return f'"{make}"'


def test_without_a_suitable_python_the_line_to_run_is_printed(machine: Machine) -> None:
    machine.install("python3", "exit 1")
    done = machine.prepare()
    assert done.returncode == 1
    assert "sudo apt-get install -y python3 python3-venv" in done.stderr
    assert not machine.venv.exists()


def test_a_debian_python_without_venv_is_told_the_package_and_leaves_nothing(
    machine: Machine,
) -> None:
    machine.install_python(f'mkdir -p "{machine.venv}/bin"; exit 1')
    done = machine.prepare()
    assert done.returncode == 1
    assert done.stdout == ""
    assert "    sudo apt-get install -y python3.11-venv\n" in done.stderr
    assert not machine.venv.exists()


def test_root_on_debian_installs_the_package_and_goes_on(machine: Machine) -> None:
    machine.install("id", "echo 0")
    there = machine.log.parent / "venv-package"
    machine.install_python(f'[ -f "{there}" ] || exit 1; {working_venv(machine)}')
    machine.install("apt-get", f'touch "{there}"')
    done = machine.prepare()
    assert done.returncode == 0, done.stderr
    assert "apt-get install -y -q python3.11-venv" in machine.calls()
    assert done.stdout == f"ready: {machine.venv}/bin/python\n"


def test_the_lock_is_installed_with_hashes_once_and_a_second_run_has_nothing_to_do(
    machine: Machine,
) -> None:
    machine.install_python(working_venv(machine))
    assert machine.prepare().returncode == 0
    lock = machine.checkout / "requirements" / "server.txt"
    assert f"--require-hashes -r {lock}" in machine.calls()
    assert f"--no-deps --no-build-isolation -e {machine.checkout}" in machine.calls()
    machine.log.unlink()
    assert machine.prepare().returncode == 0
    assert "pip" not in machine.calls()


@pytest.mark.parametrize("changed", ["requirements/server.txt", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_again(machine: Machine, changed: str) -> None:
    machine.install_python(working_venv(machine))
    machine.prepare()
    machine.log.unlink()
    with (machine.checkout / changed).open("a") as file:
        file.write("# changed\n")
    assert machine.prepare().returncode == 0
    assert "--require-hashes" in machine.calls()


def test_an_installation_that_breaks_off_is_taken_up_again(machine: Machine) -> None:
    machine.install_python(working_venv(machine))
    machine.prepare()
    python = machine.venv / "bin" / "python"
    good = python.read_text()
    python.write_text(good + '\ncase "$*" in *require-hashes*) exit 1 ;; esac\n')
    (machine.checkout / "pyproject.toml").write_text("# changed\n")
    broken = machine.prepare()
    assert broken.returncode == 1
    assert "Run this again" in broken.stderr
    python.write_text(good)
    machine.log.unlink()
    assert machine.prepare().returncode == 0
    assert "--require-hashes" in machine.calls()


def test_a_half_made_environment_is_made_anew(machine: Machine) -> None:
    machine.install_python(working_venv(machine))
    machine.venv.mkdir()
    (machine.venv / "pyvenv.cfg").touch()
    assert machine.prepare().returncode == 0
    assert "-m venv --clear" in machine.calls()


def test_what_the_tests_need_serves_the_demonstration_too(machine: Machine) -> None:
    machine.install_python(working_venv(machine))
    machine.prepare("test")
    machine.log.unlink()
    assert machine.prepare("server").returncode == 0
    assert "pip" not in machine.calls()


def test_no_registry_is_named(machine: Machine) -> None:
    files = [file for file in (machine.checkout / "bin").rglob("*") if file.is_file()]
    scripts = [file for file in files if file.suffix != ".pyc"]
    assert len(scripts) >= 4
    for file in scripts:
        assert "://" not in file.read_text().replace("http://127.0.0.1", ""), file
    assert os.access(ROOT / "bin" / "demo", os.X_OK)
