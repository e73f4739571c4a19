"""A slip: what a thermal printer prints, as plain data that knows nothing of printers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Size = Literal["normal", "large", "huge"]
Align = Literal["left", "center", "right"]

VERSION = 1


class SlipError(ValueError):
    """Stored data that is not a slip this version can read."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `huge` is as large as the paper allows for that text; `left` is where
    reading starts, so Arabic set to `left` stands at the right edge."""

    text: str
    size: Size = "normal"
    bold: bool = False
    align: Align = "left"

    def __post_init__(self) -> None:
        if self.size not in get_args(Size) or self.align not in get_args(Align):
            raise SlipError(f"unknown size or alignment: {self.size}, {self.align}")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the left edge and its value at the right one, such as a receipt's amount."""

    label: str
    value: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Space:
    """Blank paper to feed, in text lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.lines <= 50:
            raise SlipError(f"a space of {self.lines} lines")


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code in the middle of the paper, as large as scans well from a hand."""

    data: str

    def __post_init__(self) -> None:
        if not 0 < len(self.data.encode()) <= 700:
            raise SlipError("a QR code holds 1 to 700 bytes")


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo or drawing, as the bytes of a PNG; shrunk to the paper when it is wider."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed the slip out and cut it, as far through as the printer's blade goes; a printer without
    one feeds it to the edge it is torn at."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """Open the cash drawer on the printer's own cable, by its pin 2 or 5. A copy opens none."""

    pin: Literal[2, 5] = 2

    def __post_init__(self) -> None:
        if self.pin not in (2, 5):
            raise SlipError(f"a drawer on pin {self.pin}")


Block = Text | Pair | Rule | Space | Qr | Picture | Cut | Drawer

_KINDS: dict[str, type[Block]] = {
    "text": Text,
    "pair": Pair,
    "rule": Rule,
    "space": Space,
    "qr": Qr,
    "picture": Picture,
    "cut": Cut,
    "drawer": Drawer,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Slip:
    """Blocks from top to bottom, in one language (a code such as `es`)."""

    blocks: tuple[Block, ...]
    language: str = "es"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, read back by `from_dict`."""
        blocks = [_block_to_dict(block) for block in self.blocks]
        return {"version": VERSION, "language": self.language, "blocks": blocks}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Slip:
        """The slip stored as `data`; `SlipError` when it is not one."""
        try:
            if data["version"] != VERSION:
                raise SlipError(f"slip version {data['version']} is not known")
            blocks = tuple(_block_from_dict(block) for block in data["blocks"])
            return cls(blocks, language=str(data["language"]))
        except SlipError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SlipError(f"not a slip: {error}") from error


def _block_to_dict(block: Block) -> dict[str, Any]:
    fields = asdict(block)
    if isinstance(block, Picture):
        fields["png"] = base64.b64encode(block.png).decode("ascii")
    return {"type": _NAMES[type(block)], **fields}


def _block_from_dict(data: Mapping[str, Any]) -> Block:
    fields = dict(data)
    kind = _KINDS[fields.pop("type")]
    if kind is Picture:
        fields["png"] = base64.b64decode(fields["png"], validate=True)
    return kind(**fields)
