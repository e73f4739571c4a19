"""Codes of invented people, as a reader types them: for the demonstration and for tests."""

_BLANK = " "


def _cedula() -> str:
    names = "".join(name.ljust(23, _BLANK) for name in ("OSPINA", "CAÑÓN", "LUZ", "MARÍA"))
    head = "0312345678".ljust(24, _BLANK) + "PubDSK_1".ljust(16, _BLANK) + "531445".ljust(8, _BLANK)
    return f"{head}1000000089{names}0F19900115760010O+ 2bM~x}}uc9"


SAMPLES = {
    "argentina": "00125559991@GARCIA@ROSA INES@F@28765457@A@17/01/1974@28/12/2012",
    "argentina-2009": (
        "@28765457    @A@1@GARCIA@ROSA INES@ARGENTINA@17/01/1974@F@01/11/2011@00079064950@7055 "
    ),
    "argentina-spanish-keys": ('00125559991"GARCIA"ROSA INES"F"28765457"A"17-01-1974"28-12-2012'),
    "colombia": _cedula(),
    "peru": "45123456",
    "peru-electronic": (
        "I<PER45123456<4<<<<<<<<<<<<<<<8503091F3001019PER<<<<<<<<<<<2QUISPE<MAMANI<<ROSA<<<<<<<<<<<"
    ),
    "garbage": "%%&/()=?¿*{}[]",
    "endless": "x" * 10_000,
}
