"""What CSS hides: a style attribute, and the simple rules of a document's own style sheets. Pure.

No engine of CSS: what hides is looked for by the ways in which it is done. What a sheet of another address says isn't
known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

Declarations = dict[str, str]
SMALLEST_PIXELS = 2.0
FAR_PIXELS = 900.0
MOST_RULES = 500
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|pc|in|cm|mm|r?em|ex|ch|vw|vh|%)?(?![\w#])")
_PIXELS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "em": 16.0, "rem": 16.0,
    "ex": 8.0, "ch": 8.0, "vw": 14.0, "vh": 9.0, "%": 9.0,
}  # fmt: skip
_MOVED = ("left", "top", "right", "bottom", "margin-left", "margin-top", "margin", "text-indent", "inset", "translate")
_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
_NOTHING = re.compile(r"(?:scale[xy3d]*\(\s*0?\.?0*\s*[,)]|rotate[xy]\(\s*90deg)")
_CLIPPED = re.compile(
    r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)|inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|polygon\(\s*0[^,)]*(?:,\s*0[^,)]*)*\)"
)
_AT_RULE = re.compile(r"@[a-z-]+[^{};]*[{;]", re.IGNORECASE)
_SIMPLE = re.compile(r"([#.]?)([\w-]+|\*)")


@dataclass(frozen=True)
class Rule:
    """`path`: compounds from the outside in, each a set of `tag`, `.class`, `#id`; the last one is the element."""

    path: tuple[frozenset[str], ...]
    declarations: Declarations


def declared(text: str) -> Declarations:
    """Properties in lower case; of one that is named twice the last."""
    text = _ESCAPE.sub(_unescaped, _COMMENT.sub("", text))
    found: Declarations = {}
    for line in text.split(";"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.lower().replace("!important", "").strip()
    return found


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else 0
    return (chr(code) if 0 < code < 0x110000 else "") if found[1] else found[2]


def sheet_rules(sheet: str) -> list[Rule]:
    """The rules for screens, in their order; those for paper alone are left out."""
    sheet = _flat(_COMMENT.sub("", sheet))
    rules: list[Rule] = []
    for block in sheet.split("}")[:MOST_RULES]:
        selectors, brace, body = block.rpartition("{")
        if brace:
            declarations = declared(body)
            rules += [Rule(path, declarations) for path in map(_path, selectors.split(",")) if path]
    return rules


def _flat(sheet: str) -> str:
    """Without `@media` around rules, and without what stands in one for paper."""
    kept, at = [], 0
    for found in _AT_RULE.finditer(sheet):
        if found.start() < at:
            continue
        kept.append(sheet[at : found.start()])
        at = found.end()
        if found[0].endswith("{") and ("print" in found[0].lower() or "media" not in found[0].lower()):
            at = _end_of_block(sheet, at)
    return "".join([*kept, sheet[at:]])


def _end_of_block(sheet: str, at: int) -> int:
    depth = 1
    while depth and at < len(sheet):
        depth += {"{": 1, "}": -1}.get(sheet[at], 0)
        at += 1
    return at


def _path(selector: str) -> tuple[frozenset[str], ...]:
    """Empty for what isn't made of tags, classes and ids: states like `:hover` aren't what is seen first."""
    if re.search(r"[:\[\]]", selector):
        return ()
    compounds = re.split(r"[\s>+~]+", selector.strip())
    return tuple(frozenset(_name(*found) for found in _SIMPLE.findall(one)) for one in compounds if one)


def _name(sign: str, name: str) -> str:
    return sign + name if sign else name.lower()


def matches(rule: Rule, names: frozenset[str], above: Sequence[frozenset[str]]) -> bool:
    """Whether a rule is for an element of these `names`; `above` are those of what it stands in, from the outside."""
    *outer, own = rule.path
    if not own <= names:
        return False
    at = len(above)
    for compound in reversed(outer):
        at = next((n for n in range(at - 1, -1, -1) if compound <= above[n]), -1)
        if at < 0:
            return False
    return True


def hides(style: Declarations) -> bool:
    """Whether an element and all in it can't be seen; size of letters, visibility and colours are for who inherits."""
    return (
        style.get("display") == "none"
        or style.get("content-visibility") == "hidden"
        or style.get("mso-hide") == "all"
        or _opacity(style) <= 0.05
        or _CLIPPED.search(f"{style.get('clip', '')} {style.get('clip-path', '')}") is not None
        or _NOTHING.search(style.get("transform", "")) is not None
        or style.get("scale") == "0"
        or _is_far(style)
        or _has_no_room(style)
    )


def _opacity(style: Declarations) -> float:
    given = style.get("opacity") or (re.findall(r"opacity\(([^)]*)\)", style.get("filter", "")) or ["1"])[0]
    found = re.match(r"(\d*\.?\d+)(%?)", given)
    return float(found[1]) / (100 if found[2] else 1) if found else 1.0


def lengths(value: str) -> list[float]:
    return [float(number) * _PIXELS[unit] for number, unit in _LENGTH.findall(value)]


def _is_far(style: Declarations) -> bool:
    moved = [style.get(name, "") for name in _MOVED]
    moved += re.findall(r"translate[xy3d]*\(([^)]*)\)", style.get("transform", ""))
    return any(length <= -FAR_PIXELS or length >= 5 * FAR_PIXELS for value in moved for length in lengths(value))


def _has_no_room(style: Declarations) -> bool:
    if not re.search(r"hidden|clip", f"{style.get('overflow', '')} {style.get('overflow-y', '')}"):
        return False
    sizes = (style.get(name, "") for name in ("width", "height", "max-width", "max-height"))
    return any(found and found[0] <= 1.0 for found in map(lengths, sizes))


def font_pixels(style: Declarations, inherited: float) -> float:
    value = style.get("font-size") or style.get("font", "").split("/")[0]
    if value in _SIZES:
        return _SIZES[value]
    found = _LENGTH.findall(value)
    if not found:
        return inherited
    number, unit = float(found[-1][0]), found[-1][1]
    if "font-size" not in style and not unit and number > 0:  # `font: 700 ...` begins with a weight
        return inherited
    relative = {"em": inherited, "%": inherited / 100, "ex": inherited / 2, "ch": inherited / 2}
    return number * relative.get(unit, _PIXELS[unit])
