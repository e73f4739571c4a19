"""Where the demonstration was last served, for commands that talk to it."""

from pathlib import Path

FILE = "demo_url"
USUAL = "http://127.0.0.1:8080"


def remember(instance: Path, url: str) -> None:
    (instance / FILE).write_text(url + "\n")


def recall(instance: Path) -> str:
    file = instance / FILE
    return file.read_text().strip() if file.is_file() else USUAL
