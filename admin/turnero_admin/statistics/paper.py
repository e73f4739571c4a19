"""The report's paper: a `Sheet` with page numbers, tables and charts in the PDF's own lines."""

from collections.abc import Callable, Sequence
from datetime import datetime

from turnero_admin.statistics.charts import Drawn, Plot
from turnero_admin.statistics.funnel import Step
from turnero_admin.statistics.heat import Heat
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.tables import Row, Table
from turnero_core import colour
from turnero_core.i18n import N_, gettext
from turnero_hardware.fontbox import drawable
from turnero_queue.sheets import MARGIN_MM, Sheet

_FONT = "DejaVu"
_LINE, _SOFT, _SUNK = (200, 196, 188), (90, 90, 90), (239, 235, 227)
# How much of the municipality's colour is in each shade of a heat map.
_MIX = (0.0, 0.10, 0.22, 0.35, 0.47, 0.84, 1.0)
_DARK_FROM = 5
_LINE_MM = 4.6
_HEAD_PT, _ROW_PT = 7, 7.5
_FOOT_MM = 16


class Paper(Sheet):
    """A4 pages that say where they belong and how many there are."""

    def __init__(self, title: str, foot: str, language: str, at: datetime, brand: str) -> None:
        self.foot = foot
        self.tone = colour.theme_for(brand)["brand_strong"]
        super().__init__(title, language, at)

    def footer(self) -> None:
        self.set_y(-_FOOT_MM)
        self._pen(8, grey=True)
        of = gettext(N_("Page %(page)s of %(pages)s"), page=self.page_no(), pages="{nb}")
        self.cell(self.epw * 0.75, 5, drawable(self.foot))
        self.cell(0, 5, of, align="R")

    def room(self, height: float) -> None:
        """Begin a new page when less than `height` mm are left on this one."""
        if self.get_y() + height > self.h - MARGIN_MM:
            self.add_page()

    def heading(self, text: str, *, room: float = 40) -> None:
        self.room(room)
        self.ln(4)
        self.start_section(drawable(text))
        self.set_text_color(*_rgb(self.tone))
        self.set_font(_FONT, "B", 13)
        self.multi_cell(0, 7, drawable(text), new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def note(self, text: str) -> None:
        self.say(text, size=8.5, grey=True)
        self.ln(1)

    def cards(self, cards: Sequence[tuple[str, str, str]]) -> None:
        """Key figures, four in a row: value, what it is, and a remark below."""
        wide, high = self.epw / 4, 19
        for first in range(0, len(cards), 4):
            self.room(high)
            top = self.get_y()
            for place, says in enumerate(cards[first : first + 4]):
                self._card(MARGIN_MM + place * wide, top, wide - 2, says)
            self.set_xy(MARGIN_MM, top + high)

    def _card(self, left: float, top: float, wide: float, says: tuple[str, str, str]) -> None:
        self.set_fill_color(*_rgb(self.tone))
        self.rect(left, top, 0.8, 16, style="F")
        size = self._largest(says[0], wide - 2)
        for at, points, bold, text in ((0, size, True, says[0]), (7, 7, False, says[1])):
            self.set_xy(left + 2, top + at)
            self._pen(points, bold=bold, grey=not bold)
            self.cell(wide - 2, 7 if bold else 4.5, self._fitting(text, wide - 2))
        self.set_xy(left + 2, top + 11.5)
        self._pen(6.5, grey=True)
        self.cell(wide - 2, 4.5, self._fitting(says[2], wide - 2))

    def _largest(self, text: str, wide: float) -> float:
        """What could not be measured is said in words, which need more room than a figure."""
        for size in (14, 11, 8.5):
            self._pen(size, bold=True)
            if self.get_string_width(text) <= wide - 1:
                return size
        return 6.5

    def tabulate(self, of: Table, write: Writer) -> None:
        """A table over the whole width; the first column takes what the figures leave."""
        widths = self._widths(of, write)
        self._heads(of, widths)
        for row in of.rows:
            if self.get_y() + _LINE_MM > self.h - MARGIN_MM:
                self.add_page()
                self._heads(of, widths)
            self._row(of, row, widths, write)
        self.ln(3)

    def _widths(self, of: Table, write: Writer) -> list[float]:
        """What each column needs; columns of text give way, and take what is left over."""
        needed = [self._needed(of, place, write) for place in range(len(of.columns))]
        texts = [place for place, column in enumerate(of.columns) if not column.figure]
        # Figures stand a little apart where there is room for it.
        apart = min(8.0, max(0.0, self.epw - sum(needed)) / (2 * len(needed)))
        needed = [wide + (apart if place not in texts else 0) for place, wide in enumerate(needed)]
        over = sum(needed) - self.epw
        shrinking = sum(needed[place] for place in texts)
        return [
            wide - over * wide / shrinking if place in texts else wide
            for place, wide in enumerate(needed)
        ]

    def _needed(self, of: Table, place: int, write: Writer) -> float:
        column = of.columns[place]
        self._pen(_HEAD_PT, bold=True)
        head = max(self.get_string_width(word) for word in column.label.split())
        self._pen(_ROW_PT, bold=True)
        cells = [write.by_kind(column.kind)(row.values[place]) for row in of.rows]
        widest = max((self.get_string_width(drawable(cell)) for cell in cells), default=0)
        return float(max(13.0, head + 3, widest + 3))

    def _heads(self, of: Table, widths: Sequence[float]) -> None:
        self._pen(_HEAD_PT, bold=True)
        top, ends = self.get_y(), [self.get_y()]
        left: float = MARGIN_MM
        for column, wide in zip(of.columns, widths, strict=True):
            self.set_xy(left, top)
            align = "R" if column.figure else "L"
            self.multi_cell(wide, 3.4, drawable(column.label), align=align)
            ends.append(self.get_y())
            left += wide
        self.set_xy(MARGIN_MM, max(ends) + 0.8)
        self._across((60, 60, 60))

    def _row(self, of: Table, row: Row, widths: Sequence[float], write: Writer) -> None:
        self._pen(_ROW_PT, bold=row.total)
        if row.total:
            self._across((60, 60, 60))
        for (column, value), wide in zip(of.cells(row), widths, strict=True):
            text = self._fitting(write.by_kind(column.kind)(value), wide)
            self.cell(wide, _LINE_MM, text, align="R" if column.figure else "L")
        self.ln(_LINE_MM)
        self._across(_LINE)

    def _across(self, tone: tuple[int, int, int]) -> None:
        self.set_draw_color(*tone)
        self.set_line_width(0.15)
        self.line(MARGIN_MM, self.get_y(), self.w - MARGIN_MM, self.get_y())

    def funnel(self, steps: Sequence[Step], lost: Sequence[Step], write: Writer) -> None:
        """Each step a bar as long as its share of what was issued."""
        self.room(8 * len(steps) + 6 * len(lost))
        label, wide = 48.0, self.epw - 48 - 34
        for step, high, tone in (
            *((step, 6.0, _rgb(self.tone)) for step in steps),
            *((step, 3.4, (130, 124, 114)) for step in lost),
        ):
            top = self.get_y()
            self._pen(8.5)
            self.cell(label, high, self._fitting(step.label, label))
            self.set_fill_color(*_SUNK)
            self.rect(MARGIN_MM + label, top, wide, high, style="F")
            self.set_fill_color(*tone)
            self.rect(MARGIN_MM + label, top, wide * (step.share or 0), high, style="F")
            self.set_x(MARGIN_MM + label + wide + 2)
            self.cell(0, high, f"{write.count(step.count)}  ({write.share(step.share)})")
            self.set_xy(MARGIN_MM, top + high + 1.6)
        self.ln(2)

    def heat(self, of: Heat) -> None:
        high = min(5.4, 100 / len(of.rows))
        self.room(high * (len(of.rows) + 1) + 4)
        first = 16.0
        wide = (self.epw - first) / len(of.days)
        self._pen(8, grey=True)
        self.set_x(MARGIN_MM + first)
        for day in of.days:
            self.cell(wide, high, day.short, align="C")
        self.ln(high)
        for row in of.rows:
            self._pen(8, grey=True)
            self.cell(first, high, row.label)
            top = self.get_y()
            for place, cell in enumerate(row.cells):
                left = MARGIN_MM + first + place * wide
                tone = colour.mix(self.tone, colour.WHITE, _MIX[cell.shade])
                self.set_fill_color(*(_rgb(tone) if cell.shade else _SUNK))
                self.rect(left + 0.2, top + 0.2, wide - 0.4, high - 0.4, style="F")
                self.set_text_color(255 if cell.shade >= _DARK_FROM else 20)
                self.set_xy(left, top)
                self.cell(wide, high, cell.text, align="C")
            self.set_xy(MARGIN_MM, top + high)
        self.ln(3)

    def plot(self, of: Plot, *, high: float = 46) -> None:
        """Bars and lines with their grid; what each is stands above when there are several."""
        self.room(high + 20)
        if len(of.drawn) > 1:
            self._key(of.drawn)
        top = self.get_y() + 4
        across, down = self._scale(top, high)
        for line in of.lines:
            self._level(down(line.at), line.label, base=line.at == 100)
        for nth, one in enumerate(of.drawn):
            self._series(one, nth, across, down)
        self._pen(7, grey=True)
        for tick in of.ticks:
            self.set_xy(across(tick.at) - 10, top + high + 1)
            self.cell(20, 4, drawable(tick.label), align="C")
        self.set_xy(MARGIN_MM, top + high + 7)

    def _scale(
        self, top: float, high: float
    ) -> tuple[Callable[[float], float], Callable[[float], float]]:
        left, wide = MARGIN_MM + 14, self.epw - 14
        return lambda x: left + wide * x / 100, lambda y: top + high * y / 100

    def _level(self, y: float, label: str, *, base: bool) -> None:
        self.set_draw_color(*((90, 90, 90) if base else _LINE))
        self.set_line_width(0.2)
        self.line(MARGIN_MM + 14, y, self.w - MARGIN_MM, y)
        self._pen(7, grey=True)
        self.set_xy(MARGIN_MM, y - 2)
        self.cell(13, 4, drawable(label), align="R")

    def _series(
        self, one: Drawn, nth: int, across: Callable[[float], float], down: Callable[[float], float]
    ) -> None:
        tone = _SOFT if nth else _rgb(self.tone)
        self._ink(one, tone)
        for bar in one.bars:
            left, wide = across(bar.x), across(bar.x + bar.width) - across(bar.x)
            high = down(100) - down(100 - bar.height)
            self.rect(left, down(bar.y), wide, high, style="D" if nth else "F")
        for stretch in one.stretches:
            points = [(across(x), down(y)) for x, y in stretch]
            if len(points) > 1:
                self.polyline(points)
            for x, y in points:
                self.circle(x, y, 0.6, style="F")
        self.set_dash_pattern()

    def _ink(self, one: Drawn, tone: tuple[int, int, int]) -> None:
        self.set_draw_color(*tone)
        self.set_fill_color(*tone)
        self.set_line_width(0.3 if one.style != "line" else 0.6)
        if one.style == "dashes":
            self.set_dash_pattern(1.5, 1.2)

    def _key(self, drawn: Sequence[Drawn]) -> None:
        for nth, one in enumerate(drawn):
            self._ink(one, _SOFT if nth else _rgb(self.tone))
            x, y = self.get_x(), self.get_y() + 2
            if one.style == "bars":
                self.rect(x, y - 1.2, 6, 2.4, style="D" if nth else "F")
            else:
                self.line(x, y, x + 6, y)
            self.set_dash_pattern()
            self._pen(8)
            self.set_x(x + 8)
            self.cell(self.get_string_width(one.label) + 8, 4, drawable(one.label))
        self.ln(4)

    def _fitting(self, text: str, wide: float) -> str:
        """`text`, cut with an ellipsis where it is wider than there is room."""
        text = drawable(text)
        if self.get_string_width(text) <= wide - 1:
            return text
        while text and self.get_string_width(f"{text}…") > wide - 1:
            text = text[:-1]
        return f"{text}…"


def _rgb(tone: str) -> tuple[int, int, int]:
    red, green, blue = (round(channel * 255) for channel in colour.parse(tone))
    return red, green, blue
