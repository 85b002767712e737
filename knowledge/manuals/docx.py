"""Takes out of a Word document what isn't seen in it, before its text is read: hidden, white and tiny letters.

The converter behind it knows neither. Runs confined, as all reading of manuals. Pure.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree as Xml

from prsystem.core.hidden.colours import BLACK, WHITE, Colour, colour_of, is_seen

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS = re.compile(r"word/(?:document\d*|footnotes|endnotes|comments)\.xml")
_STYLES = "word/styles.xml"
SMALLEST_HALF_POINTS = 4  # two points
_HIGHLIGHTS = {"black": BLACK, "white": WHITE}


def _parsed(content: bytes) -> Xml.Element:
    return Xml.fromstring(content)  # noqa: S314 -- confined: limits of memory and time, no network, no files


@dataclass(frozen=True)
class _Look:
    """What a style, or properties of their own, say of letters; None where they say nothing."""

    is_hidden: bool | None = None
    colour: Colour | None = None
    size: int | None = None
    ground: Colour | str | None = None

    def over(self, below: "_Look") -> "_Look":
        said = {name: value for name, value in vars(self).items() if value is not None}
        return replace(below, **said)

    @property
    def is_seen(self) -> bool:
        if self.is_hidden or (self.size is not None and self.size <= SMALLEST_HALF_POINTS):
            return False
        ground = WHITE if self.ground is None else self.ground
        return is_seen(self.colour, ground if isinstance(ground, tuple) else None)


@dataclass
class _Styles:
    """Looks by the id of their style, with what they are based on."""

    looks: dict[str, _Look] = field(default_factory=dict)

    @classmethod
    def read(cls, archive: zipfile.ZipFile) -> "_Styles":
        if _STYLES not in archive.namelist():
            return cls()
        nodes = {node.get(f"{_W}styleId", ""): node for node in _parsed(archive.read(_STYLES)).iter(f"{_W}style")}
        return cls({name: _style_look(name, nodes) for name in nodes})

    def of(self, properties: Xml.Element | None, kind: str) -> _Look:
        named = properties.find(f"{_W}{kind}") if properties is not None else None
        return self.looks.get(named.get(f"{_W}val", ""), _Look()) if named is not None else _Look()


def _style_look(name: str, nodes: dict[str, Xml.Element]) -> _Look:
    look = _Look()
    for _depth in range(10):
        node = nodes.get(name)
        if node is None:
            break
        shaded = "?" if node.get(f"{_W}type") == "table" and next(node.iter(f"{_W}shd"), None) is not None else None
        own = _look(node.find(f"{_W}rPr"), _ground(node.find(f"{_W}pPr")) or shaded)
        look, based = look.over(own), node.find(f"{_W}basedOn")
        name = based.get(f"{_W}val", "") if based is not None else ""
    return look


def _look(properties: Xml.Element | None, ground: Colour | str | None = None) -> _Look:
    if properties is None:
        return _Look(ground=ground)
    colour = colour_of(f"#{_value(properties, 'color')}".lower())
    size = _value(properties, "sz")
    highlight = _value(properties, "highlight")
    own = _ground(properties) or (_HIGHLIGHTS.get(highlight, "?") if highlight not in ("", "none") else None)
    return _Look(
        is_hidden=_is_on(properties, "vanish") or _is_on(properties, "webHidden") or _is_on(properties, "specVanish"),
        colour=colour if isinstance(colour, tuple) else None,
        size=int(size) if size.isdecimal() else None,
        ground=own or ground,
    )


def _value(properties: Xml.Element, name: str) -> str:
    found = properties.find(f"{_W}{name}")
    return found.get(f"{_W}val", "") if found is not None else ""


def _is_on(properties: Xml.Element, name: str) -> bool | None:
    found = properties.find(f"{_W}{name}")
    return None if found is None else found.get(f"{_W}val", "1") not in ("0", "false", "off")


def _ground(properties: Xml.Element | None) -> Colour | str | None:
    """The colour of a shading; "?" for one that isn't known."""
    shading = properties.find(f"{_W}shd") if properties is not None else None
    if shading is None:
        return None
    fill = shading.get(f"{_W}fill", "auto").lower()
    if fill == "auto":
        return None if shading.get(f"{_W}val", "clear") in ("clear", "nil") else "?"
    colour = colour_of(f"#{fill}")
    return colour if isinstance(colour, tuple) else "?"


def visible_docx(path: Path) -> io.BytesIO:
    """The document without the runs of text that can't be seen. Raises what `zipfile` and the parser of XML raise."""
    kept = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(kept, "w") as copy:
        styles = _Styles.read(archive)
        for item in archive.infolist():
            content = archive.read(item)
            copy.writestr(item.filename, _visible(content, styles) if _TEXTS.fullmatch(item.filename) else content)
    kept.seek(0)
    return kept


def _visible(content: bytes, styles: _Styles) -> bytes:
    root = _parsed(content)
    for run, look in _runs(root, styles, _Look()):
        if not look.is_seen:
            for text in list(run):
                if text.tag in (f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}sym"):
                    run.remove(text)
    return Xml.tostring(root)


def _runs(node: Xml.Element, styles: _Styles, around: _Look) -> Iterator[tuple[Xml.Element, _Look]]:
    """Every run of text with how it looks, by what it stands in; no recursion: a document nests as it likes."""
    waiting = [(node, around)]
    while waiting:
        one, look = waiting.pop()
        if one.tag == f"{_W}tbl":
            look = styles.of(one.find(f"{_W}tblPr"), "tblStyle").over(look)
        elif one.tag == f"{_W}tc":
            look = _Look(ground=_ground(one.find(f"{_W}tcPr"))).over(look)
        elif one.tag == f"{_W}p":
            properties = one.find(f"{_W}pPr")
            look = _Look(ground=_ground(properties)).over(styles.of(properties, "pStyle")).over(look)
        elif one.tag == f"{_W}r":
            properties = one.find(f"{_W}rPr")
            yield one, _look(properties).over(styles.of(properties, "rStyle")).over(look)
        waiting.extend((child, look) for child in one)
