"""`turnero certificate`: anybody with the public key checks a paper, without a network."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from turnero_queue import certificates
from turnero_queue.certificates import signing
from turnero_server.cli.certificate import command

DOCUMENT = {
    "v": 1,
    "code": "7KQ2M4XP9TDA",
    "kind": "no_debt",
    "title": "Certificado de no adeudo",
    "text": "40213377 no adeuda",
    "municipality": "San Martín",
    "subject": "40213377",
    "issued_on": "2026-03-02",
    "valid_until": "2199-01-01",
}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(certificates.published(tmp_path)))
    return file


def run(*args: str) -> Result:
    return CliRunner().invoke(command, ["verify", *args])


def test_a_genuine_text_is_told_with_what_it_says(tmp_path: Path, key: Path) -> None:
    token = signing.sign(tmp_path, DOCUMENT)
    said = run(f"https://turnos.example/v/7KQ2M4XP9TDA#{token}", "--key", str(key))
    assert said.exit_code == 0, said.output
    assert "no_debt 40213377 7KQ2M4XP9TDA" in said.output


def test_a_file_with_the_document_is_told_in_words(tmp_path: Path, key: Path) -> None:
    file = tmp_path / "certificate.json"
    token = signing.sign(tmp_path, DOCUMENT)
    file.write_text(signing.canonical({"document": DOCUMENT, "token": token}))
    said = run(str(file), "--key", str(key))
    assert said.exit_code == 0, said.output
    assert "40213377 no adeuda" in said.output


def test_a_changed_or_expired_one_ends_with_an_error(tmp_path: Path, key: Path) -> None:
    token = signing.sign(tmp_path, DOCUMENT)
    swapped = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    assert run(swapped, "--key", str(key)).exit_code == 1
    old = signing.sign(tmp_path, DOCUMENT | {"valid_until": "2026-03-03"})
    late = run(old, "--key", str(key))
    assert late.exit_code == 1
    assert "40213377" in late.output
