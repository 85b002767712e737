"""Keeps hostile HTML from the sanitiser, whose time grows with the square of how deep elements stand. Pure."""

import re
from collections import Counter

MAX_DEPTH = 200
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Never closed, or closed by the next one: they don't nest by themselves.
_FLAT = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
    *("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup"),
}


def is_too_deep(markup: str) -> bool:
    """Whether more than MAX_DEPTH elements stand open at once, counted tag by tag: a wrong end tag closes nothing."""
    is_open: Counter[str] = Counter()
    depth = 0
    for end, name in _TAG.findall(markup):
        tag = name.lower()
        if tag in _FLAT:
            continue
        if not end:
            is_open[tag] += 1
            depth += 1
        elif is_open[tag]:
            is_open[tag] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            return True
    return False


def bounded(markup: str) -> str:
    """The markup itself; without its tags where it is nested too deep for the sanitiser."""
    return re.sub(r"<[^<>]*>", " ", markup) if is_too_deep(markup) else markup
