"""The strict content policy can hold: nothing inline in templates, nothing fetched from elsewhere, icons that exist.
And templates, style sheets and scripts can be read: no line is wider than a line of code."""

import re
from pathlib import Path

import pytest

from .wide_lines import APPS, WIDEST, found, own_static, templates, too_wide

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("*/**/templates/**/*.html") if ".venv" not in path.parts)
STATIC = ROOT / "prsystem" / "static"
ICONS = STATIC / "vendor" / "tabler-icons" / "outline"
SOURCES = [path for app in ("prsystem", "incidents", "knowledge") for path in sorted((ROOT / app).rglob("*.py"))]
INLINE = re.compile(
    r"<style(?![^>]*\snonce=)|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|hx-on|hx-vals=.js:"
)
# Elements that show every blank within them stand close around what they hold.
BLANKS = re.compile(r'class="(?:[^"]*\s)?(?:plain|quoted)(?:\s[^"]*)?"[^>]*>(?:\s|[^<]*\s</)')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_script_or_style(path: Path) -> None:
    assert not INLINE.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_loads_from_elsewhere(path: Path) -> None:
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_blanks_are_shown_that_nobody_wrote(path: Path) -> None:
    assert not BLANKS.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_no_style_sheet_loads_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"@import", text)
    assert not [
        url for url in re.findall(r"url\(\s*[\"']?([^\"')]+)", text) if not url.startswith(("data:", "../", "#"))
    ]


def test_the_icons_that_are_used_are_there_and_no_others() -> None:
    kept = {path.stem for path in ICONS.glob("*.svg")}
    text = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES + SOURCES)
    drawn = set(re.findall(r'{% icon "([a-z0-9-]+)"', text)) | set(re.findall(r'icon_name="([a-z0-9-]+)"', text))
    assert not drawn - kept
    assert not {name for name in kept if f'"{name}"' not in text}


def test_no_line_is_too_wide() -> None:
    assert all(templates(app) for app in APPS) and len(own_static()) > 10
    assert not found()


def test_a_line_that_is_too_wide_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(f"{'á' * WIDEST}\n{'á' * (WIDEST + 1)}\n", encoding="utf-8")
    assert too_wide([file], tmp_path) == [f"a.html:2: {WIDEST + 1}"]
