"""Where one ESC/POS command ends and the next begins, for data that comes piece by piece."""

from __future__ import annotations

from turnero_hardware.escpos_commands import QUIET

_PREFIXES = (0x10, 0x1B, 0x1C, 0x1D)
#: Commands that print or set, and how many bytes follow them; `QUIET` has the others.
_LENGTHS = {
    b"\x1b@": 0,
    b"\x1b!": 1,
    b"\x1bE": 1,
    b"\x1b-": 1,
    b"\x1ba": 1,
    b"\x1bt": 1,
    b"\x1bd": 1,
    b"\x1bJ": 1,
    b"\x1bp": 3,
    b"\x1d!": 1,
    b"\x1dB": 1,
    **QUIET,
}
_FEEDS_TO_CUT = (65, 66)


def end_of_command(data: bytes | bytearray, at: int) -> int | None:
    """Where the command, or the letters up to the next one, that begin at `at` end; None when
    more is to come. An unknown command is taken for two bytes."""
    if data[at] not in _PREFIXES:
        return _end_of_letters(data, at)
    for length in (3, 2):
        name = bytes(data[at : at + length])
        if name in _LENGTHS:
            return _if_there(data, at + length + _LENGTHS[name])
    name = bytes(data[at : at + 3])
    if name == b"\x1dv0":
        head = data[at + 4 : at + 8]
        size = (head[0] + 256 * head[1]) * (head[2] + 256 * head[3]) if len(head) == 4 else 0
        return _if_there(data, at + 8 + size)
    if name == b"\x1d(k":
        head = data[at + 3 : at + 5]
        return _if_there(data, at + 5 + (head[0] + 256 * head[1] if len(head) == 2 else 0))
    if name[:2] == b"\x1dV":
        return _if_there(data, at + 3 + (len(name) == 3 and name[2] in _FEEDS_TO_CUT))
    # Three bytes are looked at to tell a command of three from one of two.
    return at + 2 if len(name) == 3 else None


def _end_of_letters(data: bytes | bytearray, at: int) -> int:
    end = at
    while end < len(data) and data[end] not in _PREFIXES:
        end += 1
        if data[end - 1] == 0x0A:
            break
    return end


def _if_there(data: bytes | bytearray, end: int) -> int | None:
    return end if end <= len(data) else None
