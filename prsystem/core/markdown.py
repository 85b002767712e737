"""Markdown from people as HTML that can be shown: rendered without raw HTML, then cleaned. Pure."""

from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


@dataclass(frozen=True)
class Block:
    """A top-level block: the character range of its source lines, and its HTML."""

    start: int
    end: int
    html: SafeString


def _clean(html: str) -> SafeString:
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(cleaned)  # noqa: S308 -- cleaned by the allow-lists above


def render(text: str) -> SafeString:
    return _clean(_PARSER.render(text))


def blocks(text: str) -> list[Block]:
    """The top-level blocks of a text in order, so that a passage of it can be marked."""
    tokens, found, depth, first = _PARSER.parse(text), [], 0, 0
    starts = _line_starts(text)
    for index, token in enumerate(tokens):
        if depth == 0:
            first = index
        depth += token.nesting
        if depth == 0 and (span := tokens[first].map):
            html = _PARSER.renderer.render(tokens[first : index + 1], _PARSER.options, {})
            found.append(Block(starts[span[0]], starts[min(span[1], len(starts) - 1)], _clean(html)))
    return found


def _line_starts(text: str) -> list[int]:
    """Offsets at which lines start, and the length of the text."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [min(start, len(text)) for start in starts]
