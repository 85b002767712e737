"""Colours of CSS and of Word, as far as it takes to tell whether letters can be seen. Pure."""

import re

Colour = tuple[int, int, int]
TRANSPARENT = "transparent"
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
# WCAG 2.2 asks for 4.5; below this nobody sees letters at all (#e6e6e6 on white).
LEAST_CONTRAST = 1.25
_NAMED: dict[str, Colour] = {
    "white": WHITE, "black": BLACK, "snow": (255, 250, 250), "ivory": (255, 255, 240), "azure": (240, 255, 255),
    "ghostwhite": (248, 248, 255), "whitesmoke": (245, 245, 245), "floralwhite": (255, 250, 240),
    "mintcream": (245, 255, 250), "honeydew": (240, 255, 240), "aliceblue": (240, 248, 255),
    "seashell": (255, 245, 238), "lightyellow": (255, 255, 224), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "silver": (192, 192, 192), "red": (255, 0, 0), "green": (0, 128, 0), "lime": (0, 255, 0), "blue": (0, 0, 255),
    "navy": (0, 0, 128), "yellow": (255, 255, 0), "orange": (255, 165, 0), "darkblue": (0, 0, 139),
    "darkred": (139, 0, 0), "maroon": (128, 0, 0), "purple": (128, 0, 128), "teal": (0, 128, 128),
    "lightgray": (211, 211, 211), "lightgrey": (211, 211, 211), "darkgray": (169, 169, 169),
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![0-9a-f])")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^)]*)\)")
_NUMBER = re.compile(r"(-?\d*\.?\d+)(%?)")
_NAME = re.compile(r"[a-z]+")


def colour_of(value: str) -> Colour | str | None:
    """The first colour in a value of CSS: red, green, blue; TRANSPARENT; None for what isn't known."""
    if found := _HEX.search(value):
        return _from_hex(found[1])
    if found := _FUNCTION.search(value):
        return _from_function(found[1], _NUMBER.findall(found[2]))
    for name in _NAME.findall(re.sub(r"url\([^)]*\)", "", value)):
        if name == TRANSPARENT:
            return TRANSPARENT
        if name in _NAMED:
            return _NAMED[name]
    return None


def _from_hex(digits: str) -> Colour | str:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) == 8 and int(digits[6:], 16) < 13:
        return TRANSPARENT
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _from_function(name: str, numbers: list[tuple[str, str]]) -> Colour | str | None:
    if len(numbers) < 3:
        return None
    if len(numbers) > 3 and _share(numbers[3], 1.0) < 0.05:
        return TRANSPARENT
    if name == "hsl":
        light = round(_share(numbers[2], 100.0) * 255)
        # The hue tells nothing of what is nearly white or black; in between letters count as seen.
        return (light, light, light) if light > 240 or light < 15 else None
    red, green, blue = (round(_share(number, 255.0) * 255) for number in numbers[:3])
    return red, green, blue


def _share(number: tuple[str, str], whole: float) -> float:
    return min(max(float(number[0]) / (100.0 if number[1] else whole), 0.0), 1.0)


def contrast(one: Colour, other: Colour) -> float:
    """1 to 21, by WCAG 2.2's formula of relative luminance."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_seen(colour: Colour | str | None, background: Colour | None) -> bool:
    """What isn't known counts as seen."""
    if colour == TRANSPARENT:
        return False
    if colour is None or background is None or isinstance(colour, str):
        return True
    return contrast(colour, background) >= LEAST_CONTRAST


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
