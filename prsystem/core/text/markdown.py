"""Markdown from people as HTML that can be shown: rendered without raw HTML, then cleaned. Pure."""

import re

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_FOLLOWED = re.compile(r"(?:https?://|mailto:|/(?![/\\\\])|#)", re.IGNORECASE)
_LISTS = {"bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"}
_MARKABLE = {"paragraph_open", "heading_open"}
# Class and id come from `render_marked` alone: the parser lets no attribute of the author's through.
_OWN = {"class", "id"}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    **dict.fromkeys(["p", "li", "h1", "h2", "h3", "h4", "h5", "h6"], _OWN),
}
# Beyond it the parser drops words without a word; a text that reaches it is shown as it was typed.
MOST_LEVELS = 40
# `<x@host>` and `<https://...>` in a text are read, not followed: a link is what somebody made one, with words.
_DISABLED = ["image", "autolink"]
_OPTIONS = {"html": False, "breaks": True, "maxNesting": MOST_LEVELS}
_PARSER = MarkdownIt("commonmark", _OPTIONS).enable(["table", "strikethrough"]).disable(_DISABLED)
_WITHOUT_TABLES = MarkdownIt("commonmark", _OPTIONS).enable("strikethrough").disable(_DISABLED)
# A long heading makes each short row below it as wide: two kilobytes became sixty-five thousand cells.
MOST_CELLS = 10_000
MOST_CHARACTERS = 50_000  # no text of the product is longer; one that is gets shown as it was typed


def _followed(_tag: str, name: str, value: str) -> str | None:
    """A link names its site or begins at this one's root: `(malo.example)` and `(//malo.example)` lead nowhere."""
    return value if name != "href" or _FOLLOWED.match(value) else None


def _clean(html: str) -> SafeString:
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_followed,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(cleaned)  # noqa: S308 -- cleaned by the allow-lists above


def render(text: str) -> SafeString:
    if len(text) > MOST_CHARACTERS:
        return _verbatim(text)
    parser = _parser_of(text)
    tokens = parser.parse(text)
    if _is_too_deep(tokens):
        return _verbatim(text)
    return _clean(parser.renderer.render(tokens, parser.options, {}))


def _is_too_deep(tokens: list[Token]) -> bool:
    return any(token.level >= MOST_LEVELS - 1 for token in tokens)


def _parser_of(text: str) -> MarkdownIt:
    lines = text.split("\n")
    cells = len(lines) * (1 + max(line.count("|") for line in lines))
    return _PARSER if cells <= MOST_CELLS else _WITHOUT_TABLES


def _verbatim(text: str) -> SafeString:
    return format_html("<pre>{}</pre>", text)


def render_marked(text: str, start: int, end: int, anchor: str) -> SafeString:
    """HTML in which the paragraphs, headings and list items that hold characters `start` to `end` have the class
    `passage`; the first of them has the id `anchor`."""
    if len(text) > MOST_CHARACTERS:
        return _verbatim(text)
    parser = _parser_of(text)
    tokens, lines = parser.parse(text), _line_starts(text)
    if _is_too_deep(tokens):
        return _verbatim(text)
    marked = [token for token in _innermost(tokens) if _overlaps(token, lines, start, end)]
    for token in marked:
        token.attrSet("class", "passage")
    if marked:
        marked[0].attrSet("id", anchor)
    return _clean(parser.renderer.render(tokens, parser.options, {}))


def _innermost(tokens: list[Token]) -> list[Token]:
    """What can be marked: list items without a list of their own, and paragraphs and headings outside lists."""
    found: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type in _LISTS:
            depth += token.nesting
        if token.type == "list_item_open" or (token.type in _MARKABLE and not depth):
            found = [
                outer for outer in found if not (outer.type == token.type == "list_item_open" and _holds(outer, token))
            ]
            found.append(token)
    return found


def _holds(outer: Token, inner: Token) -> bool:
    return bool(outer.map and inner.map) and outer.map[0] <= inner.map[0] and inner.map[1] <= outer.map[1]  # type: ignore[index]


def _overlaps(token: Token, lines: list[int], start: int, end: int) -> bool:
    if token.map is None:
        return False
    first, last = lines[token.map[0]], lines[min(token.map[1], len(lines) - 1)]
    return first < end and last > start


def _line_starts(text: str) -> list[int]:
    """Offsets at which lines start, and the length of the text."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [min(start, len(text)) for start in starts]
