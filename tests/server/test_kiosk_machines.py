"""The installer of a kiosk machine: what it would place, and what it refuses; its watchdog."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import CHROMIUM

KIOSK = Path(__file__).parents[2] / "deploy" / "kiosk"
SERVER = "https://turnos.sanmartin.example"
PLACED = {
    "etc/chromium/policies/managed/turnero-kiosk.json",
    "etc/opt/chrome/policies/managed/turnero-kiosk.json",
    "etc/pam.d/turnero-kiosk",
    "etc/systemd/system/turnero-kiosk-nightly.service",
    "etc/systemd/system/turnero-kiosk-nightly.timer",
    "etc/systemd/system/turnero-kiosk.service",
    "etc/systemd/system/turnero-screen-off.timer",
    "etc/systemd/system/turnero-screen-on.timer",
    "etc/systemd/system/turnero-screen@.service",
    "etc/turnero-kiosk.conf",
    "etc/udev/rules.d/70-turnero-printers.rules",
    "usr/local/lib/turnero-kiosk/screen",
    "usr/local/lib/turnero-kiosk/session",
    "usr/local/lib/turnero-kiosk/watchdog",
}
STILL = "<title>kiosk</title>"
HANGING = "setTimeout(() => { for (;;); }, 100), 2"


def install(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", KIOSK / "install.sh", *options],
        env={"PATH": os.environ["PATH"], "DESTDIR": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def files(root: Path) -> set[str]:
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def test_it_places_its_files_with_the_server_in_them(tmp_path: Path) -> None:
    hours = ("--screen-on", "07:00", "--screen-off", "19:30")
    done = install(tmp_path, "--server", SERVER, *hours, "--rotate", "90")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path) == PLACED
    for name in PLACED:
        assert "@SERVER@" not in (tmp_path / name).read_text()
    assert f"TURNERO_SERVER={SERVER}" in (tmp_path / "etc/turnero-kiosk.conf").read_text()
    timer = (tmp_path / "etc/systemd/system/turnero-screen-off.timer").read_text()
    assert "OnCalendar=*-*-* 19:30:00" in timer
    for name in ("screen", "session", "watchdog"):
        assert os.access(tmp_path / "usr/local/lib/turnero-kiosk" / name, os.X_OK)


def test_the_browser_may_open_the_server_and_nothing_else(tmp_path: Path) -> None:
    install(tmp_path, "--server", SERVER)
    text = (tmp_path / "etc/chromium/policies/managed/turnero-kiosk.json").read_text()
    policy = json.loads(text)
    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == [SERVER, "turnos.sanmartin.example"]
    assert policy["DownloadRestrictions"] == 3
    assert policy["DeveloperToolsAvailability"] == 2


def test_the_service_starts_again_and_is_watched(tmp_path: Path) -> None:
    install(tmp_path, "--server", SERVER)
    unit = (tmp_path / "etc/systemd/system/turnero-kiosk.service").read_text().splitlines()
    assert {"Restart=always", "WatchdogSec=60", "StartLimitIntervalSec=0", "User=kiosk"} <= {*unit}
    session = (tmp_path / "usr/local/lib/turnero-kiosk/session").read_text()
    for flag in ("--kiosk", "--disable-pinch", "--autoplay-policy=no-user-gesture-required"):
        assert flag in session


def test_without_hours_there_are_no_timers_of_the_screen(tmp_path: Path) -> None:
    install(tmp_path, "--server", SERVER)
    assert not {name for name in files(tmp_path) if "turnero-screen" in name}


def test_a_dry_run_places_nothing(tmp_path: Path) -> None:
    done = install(tmp_path, "--server", SERVER, "--dry-run")
    assert done.returncode == 0
    assert "would place: /etc/turnero-kiosk.conf" in done.stdout
    assert "would run: apt-get update" in done.stdout
    assert files(tmp_path) == set()


def test_uninstalling_takes_back_all_that_was_placed(tmp_path: Path) -> None:
    install(tmp_path, "--server", SERVER, "--screen-on", "07:00", "--screen-off", "19:00")
    done = install(tmp_path, "--uninstall")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path) == set()


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--server",),
        ("--server", "turnos.example"),
        ("--server", "https://a.example/|rm -rf"),
        ("--server", SERVER, "--screen-on", "7:00", "--screen-off", "19:00"),
        ("--server", SERVER, "--screen-on", "25:00", "--screen-off", "19:00"),
        ("--server", SERVER, "--screen-on", "07:00"),
        ("--server", SERVER, "--rotate", "45"),
        ("--server", SERVER, "--whatever"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_done(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = install(tmp_path, *options)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert files(tmp_path) == set()


@pytest.mark.parametrize("script", ["install.sh", "files/session", "files/screen"])
def test_the_scripts_are_plain_shell(script: str) -> None:
    for shell in ("sh", "bash"):
        subprocess.run([shell, "-n", KIOSK / script], check=True)
    if lint := shutil.which("shellcheck"):
        subprocess.run([lint, KIOSK / script], check=True)


@pytest.fixture(scope="module")
def watchdog() -> ModuleType:
    spec = importlib.util.spec_from_file_location("watchdog", KIOSK / "files" / "watchdog.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Path]:
    """A browser with its debugging socket, showing nothing yet; gives its profile."""
    profile = tmp_path / "profile"
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    page = tmp_path / "page.html"
    page.write_text(STILL)
    browser = subprocess.Popen(
        [str(CHROMIUM), *options, f"--user-data-dir={profile}", page.as_uri()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    yield profile
    # Whole: Debian's command is a script around it, and a page that hangs would hang for ever.
    os.killpg(browser.pid, signal.SIGKILL)
    browser.wait()


def test_the_watchdog_tells_a_page_that_answers_from_one_that_hangs(
    watchdog: ModuleType, chromium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert until(lambda: watchdog.answers(chromium))
    port = int((chromium / "DevToolsActivePort").read_text().split()[0])
    hang = {**watchdog.QUESTION, "params": {"expression": HANGING}}
    monkeypatch.setattr(watchdog, "QUESTION", hang)
    watchdog.ask(watchdog.page_socket(port, 60), 60)
    monkeypatch.undo()
    assert until(lambda: not watchdog.answers(chromium, 1.0))


def test_a_browser_that_is_not_there_does_not_answer(watchdog: ModuleType, tmp_path: Path) -> None:
    assert not watchdog.answers(tmp_path)
    (tmp_path / "DevToolsActivePort").write_text("1\n/devtools/browser/x")
    assert not watchdog.answers(tmp_path, 1.0)


def test_a_torn_copy_of_the_cookies_never_replaces_the_kept_one(
    watchdog: ModuleType, tmp_path: Path
) -> None:
    profile, keep = tmp_path / "profile" / "Default", tmp_path / "keep"
    profile.mkdir(parents=True)
    keep.mkdir()
    (keep / "Cookies").write_bytes(b"the good one")
    (profile / "Cookies").write_bytes(b"SQLite format 3\0" + b"torn" * 100)
    watchdog.keep_cookies(tmp_path / "profile", keep)
    assert (keep / "Cookies").read_bytes() == b"the good one"


def until(holds: object, seconds: float = 120.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False
