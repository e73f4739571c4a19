"""The shared assets: vendored files are what they claim, colours read, pages load nothing else."""

import gzip
import hashlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from turnero_core import colour

CORE = Path(colour.__file__).parent
STATIC, TEMPLATES = CORE / "static", CORE / "templates"
ROOMS = CORE.parent.parent
TEXT_PAIRS = [
    *[(text, paper) for text in ("ink", "ink-soft") for paper in ("paper", "surface", "sunk")],
    *[("brand-text", paper) for paper in ("paper", "surface")],
    *[(kind, f"{kind}-soft") for kind in ("ok", "warn", "danger", "info")],
    *[("ink", f"{kind}-soft") for kind in ("ok", "warn", "danger", "info")],
    ("ink", "tint"),
    ("ink-soft", "tint"),
    ("tint-ink", "tint"),
    ("plate-ink", "plate"),
    ("plate-ink", "plate-pressed"),
    ("accent-ink", "accent"),
    ("danger-ink", "danger"),
    ("danger", "surface"),
]
EDGE_PAIRS = [
    *[("line-strong", paper) for paper in ("paper", "surface", "sunk")],
    *[("edge", paper) for paper in ("paper", "surface", "tint")],
    *[("focus", paper) for paper in ("paper", "surface", "sunk", "accent")],
]
THEMES = {
    "light": [],
    "dark": ['[data-theme="dark"]'],
    "high contrast": [':root[data-contrast="high"]'],
    "dark high contrast": [
        '[data-theme="dark"]',
        ':root[data-contrast="high"]',
        ':root[data-contrast="high"][data-theme="dark"]',
    ],
}


def checksums() -> dict[str, str]:
    lines = (STATIC / "vendored.sha256").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def vendored_files() -> list[str]:
    files = [*(f for folder in ("fonts", "vendor", "licences") for f in STATIC.glob(f"{folder}/*"))]
    return sorted(f.relative_to(STATIC).as_posix() for f in [*files, STATIC / "icons.svg"])


def declarations(selector: str) -> dict[str, str]:
    """The custom properties of the rule `:root<selector>` of the token sheets."""
    sheets = (STATIC / "css/tokens.css").read_text() + (STATIC / "css/contrast.css").read_text()
    rule = re.search(rf"^:root{re.escape(selector)} \{{(.*?)^\}}", sheets, re.S | re.M)
    assert rule, selector
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", rule.group(1)))


def tones(theme: str) -> dict[str, str]:
    """Every colour token of a theme, resolved to #rrggbb."""
    found = declarations("")
    for selector in THEMES[theme]:
        found |= declarations(selector)

    def resolved(value: str) -> str:
        reference = re.fullmatch(r"var\(--([\w-]+)\)", value)
        return resolved(found[reference.group(1)]) if reference else value

    return {name: resolved(value) for name, value in found.items()}


def test_every_vendored_file_is_the_one_that_was_checked_in() -> None:
    for name, digest in checksums().items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name


def test_no_vendored_file_lacks_a_checksum() -> None:
    assert vendored_files() == sorted(checksums())


def test_every_vendored_file_is_named_with_its_licence() -> None:
    table = (STATIC / "VENDORED.md").read_text()
    assert [name for name in vendored_files() if f"`{name}`" not in table] == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_reads_at_seven_to_one_in(theme: str) -> None:
    tone = tones(theme)
    faint = [
        (text, paper, round(colour.contrast(tone[text], tone[paper]), 2))
        for text, paper in TEXT_PAIRS
        if colour.contrast(tone[text], tone[paper]) < 7
    ]
    assert faint == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_edge_of_a_control_can_be_seen_in(theme: str) -> None:
    tone = tones(theme)
    # On the dark theme the focus line is white and its halo carries it over the accent.
    pairs = [p for p in EDGE_PAIRS if not (p == ("focus", "accent") and "dark" in theme)]
    faint = [p for p in pairs if colour.contrast(tone[p[0]], tone[p[1]]) < 3]
    assert faint == []


def test_the_focus_ring_shows_its_halo_where_its_line_would_vanish() -> None:
    dark = tones("dark")
    assert colour.contrast(dark["focus"], dark["focus-halo"]) >= 3


def test_the_dark_theme_is_the_same_by_choice_and_by_system() -> None:
    sheet = (STATIC / "css/tokens.css").read_text()
    by_system = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', sheet, re.S)
    assert by_system
    properties = dict(re.findall(r"--([\w-]+):\s*([^;]+);", by_system.group(1)))
    assert properties == declarations('[data-theme="dark"]')


def test_the_default_tones_are_those_of_the_default_colour() -> None:
    defaults = declarations("")
    for name, tone in colour.theme_for(colour.DEFAULT_BRAND).items():
        assert defaults[name.replace("_", "-")] == tone


def test_the_papers_that_colours_are_judged_on_are_those_of_the_tokens() -> None:
    light, dark = tones("light"), tones("dark")
    assert (light["ink"], light["paper"], light["surface"]) == (
        colour.INK,
        colour.PAPER,
        colour.WHITE,
    )
    assert (dark["ink"], dark["paper"], dark["surface"]) == (
        colour.DARK_INK,
        colour.DARK_PAPER,
        colour.DARK_SURFACE,
    )


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    ids = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    named = re.compile(r'(?:\bicon\(|icon_name=|icon_end=)"([\w-]+)"')
    used = {
        icon
        for template in ROOMS.glob("*/turnero_*/templates/**/*.html")
        for icon in named.findall(template.read_text())
    }
    assert "megaphone" in used
    assert used - ids == set()


@pytest.mark.parametrize("kind", ["css", "js"])
def test_nothing_is_loaded_from_outside(kind: str) -> None:
    for file in STATIC.glob(f"{kind}/*"):
        assert not re.search(r"(?:https?:)?//[a-z]+\.[a-z]", file.read_text()), file.name


def test_no_template_carries_inline_style_or_script() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:")
    for template in TEMPLATES.glob("**/*.html"):
        assert not inline.search(template.read_text()), template.name


def test_every_stylesheet_of_the_base_page_exists() -> None:
    page = (TEMPLATES / "core/base.html").read_text()
    listed = re.search(r"for sheet in \[(.*?)\]", page)
    assert listed
    names = re.findall(r'"([\w-]+)"', listed.group(1))
    there = {f.stem for f in STATIC.glob("css/*.css")} - {"styleguide"}
    assert set(names) == there


def test_the_shared_part_of_a_first_page_is_light_enough_for_a_phone() -> None:
    texts = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), *STATIC.glob("vendor/*.js")]
    packed = sum(len(gzip.compress(f.read_bytes())) for f in [*texts, STATIC / "icons.svg"])
    assert packed + (STATIC / "fonts/atkinson-next-latin.woff2").stat().st_size < 100_000


def rendered(template: str, **context: object) -> str:
    """A template of this room, with what the web module gives every page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    environment.globals |= {
        "_": lambda message, **params: message % params if params else message,
        "asset": lambda name: f"/static/{name}?v=1",
        "url_for": lambda endpoint, filename: f"/static/{filename}",
        "request": SimpleNamespace(cookies={"theme": "dark", "contrast": '"><script>'}),
        "current_language": lambda: "pt",
    }
    return environment.get_template(template).render(**context)


@pytest.mark.parametrize("face", ["kiosk", "hall", "phone", "console", "admin"])
def test_the_style_guide_renders_for_the_face(face: str) -> None:
    page = rendered("core/styleguide.html", face=face)
    assert f'<body data-face="{face}"' in page
    assert page.count('class="number number--xl"') == 1


def test_a_cookie_chooses_the_theme_but_never_writes_into_the_page() -> None:
    page = rendered("core/styleguide.html")
    assert '<html lang="pt" data-theme="dark">' in page.replace("\n ", "")
    assert '"><script>' not in page


def test_a_problem_says_what_happened_and_what_to_do_and_escapes_it() -> None:
    page = rendered("core/problem.html", status=409, title="Closed", detail="<b>Rosa</b>")
    assert "&lt;b&gt;Rosa&lt;/b&gt;" in page
    assert "What you can do" in page
    assert "<b>Rosa" not in page


def test_only_files_that_exist_are_linked_from_a_page() -> None:
    linked = re.findall(r'(?:href|src)="/static/([^"?#]+)', rendered("core/styleguide.html"))
    assert "icons.svg" in linked
    assert [name for name in linked if not (STATIC / name).is_file()] == []
