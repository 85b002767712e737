"""Takes out of HTML what a browser doesn't show. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import nh3

from prsystem.core.text.markup import MAX_DEPTH, is_too_deep

from .colours import BLACK, WHITE, Colour, colour_of, is_seen
from .styles import SMALLEST_PIXELS, Declarations, Rule, declared, font_pixels, hides, matches, sheet_rules

# With what they hold: never shown, or not as words of the document.
UNSHOWN = {
    *("script", "style", "title", "template", "noscript", "svg", "iframe", "object", "audio", "video", "canvas"),
    *("datalist", "noembed", "noframes", "textarea", "xmp", "plaintext"),
}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What the next one of its kind ends, as browsers do.
_ENDS = {"li": {"li"}, "p": {"p"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr", "td", "th"},
         "td": {"td", "th"}, "th": {"td", "th"}, "option": {"option"}}  # fmt: skip
_LOOKS = {"style", "hidden", "class", "id", "aria-hidden", "color", "bgcolor", "popover", "open"}
_TAG_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
_SHEET = re.compile(r"<style\b[^>]*>(.*?)(?:</style|\Z)", re.IGNORECASE | re.DOTALL)
_WINDOW = re.compile(r"<(?:body|html)\b[^>]*>", re.IGNORECASE)
# Words of people hold «a < b» and names in angles; only a tag that can hide, or a comment, is worth a walk.
_MAY_HIDE = re.compile(
    r"<!--|<(?:script|style|template|noscript|dialog)\b"
    r"|<[a-z][^<>]*\b(?:style|hidden|class|id|aria-hidden|color|bgcolor|popover)\b",
    re.IGNORECASE,
)
_UNSHOWN_TAGS = UNSHOWN - {"title", "textarea", "object", "audio", "video", "canvas", "xmp", "plaintext"}


@dataclass(frozen=True)
class _Frame:
    """An open element: its names for selectors and how text in it looks."""

    tag: str
    names: frozenset[str] = frozenset()
    at: int = 0
    is_gone: bool = False
    is_invisible: bool = False
    font: float = 16.0
    colour: Colour | str | None = BLACK
    background: Colour | None = WHITE

    @property
    def is_shown(self) -> bool:
        is_seen_at_all = not self.is_gone and not self.is_invisible and self.font > SMALLEST_PIXELS
        return is_seen_at_all and is_seen(self.colour, self.background)


def shown(markup: str) -> str:
    """HTML of a document or mail without what isn't shown: comments, hidden elements, letters that can't be seen."""
    rules = [rule for sheet in _SHEET.findall(markup) for rule in sheet_rules(sheet)]
    window = _window(markup, rules)
    if not is_too_deep(markup):  # as a browser would read it: every element closed where it ends
        tags = {name.lower() for name in _TAG_NAME.findall(markup)} - UNSHOWN
        markup = nh3.clean(
            markup, tags=tags, clean_content_tags=UNSHOWN, attributes={"*": _LOOKS}, link_rel=None, url_schemes=set()
        )
    return _Walk(markup, rules, window, UNSHOWN).kept()


def without_hidden(text: str) -> str:
    """Words of people without the hidden elements and comments among them. Only what is closed is taken out: of an
    open tag in a sentence everybody sees what follows."""
    if not _MAY_HIDE.search(text):
        return text
    return _Walk(text, [], _Frame(""), _UNSHOWN_TAGS, only_closed=True).kept()


def has_hidden(text: str) -> bool:
    return without_hidden(text) != text


def _window(markup: str, rules: Sequence[Rule]) -> _Frame:
    """How the page itself looks: a fragment has no body."""
    frame = _Frame("")
    for tag in _WINDOW.findall(markup)[:2]:
        opened = _Walk(tag, rules, frame, set()).opened
        frame = replace(opened, tag="", is_gone=False) if opened else frame
    return frame


class _Walk(HTMLParser):
    """Cuts by place in the text, so that what stays is what was written."""

    def __init__(
        self, markup: str, rules: Sequence[Rule], window: _Frame, unshown: set[str], *, only_closed: bool = False
    ) -> None:
        super().__init__(convert_charrefs=False)
        self._markup, self._rules, self._unshown, self._only_closed = markup, rules, unshown, only_closed
        self._starts = [0]
        for line in markup.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._stack = [window]
        self._is_open: Counter[str] = Counter()
        self._cuts: list[tuple[int, int]] = []
        self._unseen_from: int | None = None
        self.opened: _Frame | None = None
        self.feed(markup)
        self.close()

    def kept(self) -> str:
        if self._unseen_from is not None and not self._only_closed:
            self._cuts.append((self._unseen_from, len(self._markup)))
        pieces, at = [], 0
        for start, end in sorted(self._cuts):
            pieces.append(self._markup[at : max(start, at)])
            at = max(at, end)
        return " ".join([*pieces, self._markup[at:]]) if pieces else self._markup

    def _at(self) -> int:
        line, column = self.getpos()
        return min(self._starts[line - 1] + column, len(self._markup))

    def _look(self) -> None:
        """Where text that can't be seen begins or ends."""
        at, is_shown = self._at(), self._stack[-1].is_shown
        if not is_shown and self._unseen_from is None:
            self._unseen_from = at
        elif is_shown and self._unseen_from is not None:
            self._cuts.append((self._unseen_from, at))
            self._unseen_from = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self._stack[-1].tag in _ENDS.get(tag, ()):
            self._pop()
        self._look()
        frame = self._frame(tag, {name: value or "" for name, value in attrs})
        self.opened = frame
        if tag in _VOID:
            return
        self._stack.append(frame)
        self._is_open[tag] += 1
        if not frame.is_shown and self._unseen_from is None:
            self._unseen_from = frame.at

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # «<div/>» opens, in HTML

    def handle_endtag(self, tag: str) -> None:
        if not self._is_open[tag]:
            return
        is_last = False
        while not is_last:
            is_last = self._stack[-1].tag == tag
            self._pop()
        end = self._markup.find(">", self._at())
        if self._unseen_from is not None and self._stack[-1].is_shown:
            self._cuts.append((self._unseen_from, end + 1 if end >= 0 else len(self._markup)))
            self._unseen_from = None

    def handle_data(self, data: str) -> None:
        self._look()

    def handle_comment(self, data: str) -> None:
        start = self._at()
        end = self._markup.find(">", start + 4 + len(data))
        if end >= 0 or not self._only_closed:
            self._cuts.append((start, end + 1 if end >= 0 else len(self._markup)))

    def _pop(self) -> None:
        self._is_open[self._stack.pop().tag] -= 1

    def _frame(self, tag: str, attrs: dict[str, str]) -> _Frame:
        outer = self._stack[-1]
        names = frozenset([tag, "*", *(f".{name}" for name in attrs.get("class", "").split()), f"#{attrs.get('id')}"])
        style = self._style(names, attrs)
        background = _background(style, outer.background)
        return _Frame(
            tag=tag,
            names=names,
            at=self._at(),
            is_gone=outer.is_gone or tag in self._unshown or _is_hidden(tag, attrs) or hides(style),
            is_invisible=_is_invisible(style, is_inherited=outer.is_invisible),
            font=font_pixels(style, outer.font),
            colour=_letters(style, outer.colour),
            background=background,
        )

    def _style(self, names: frozenset[str], attrs: dict[str, str]) -> Declarations:
        given: Declarations = {}
        above = [frame.names for frame in self._stack] if len(self._stack) <= MAX_DEPTH else [names] * 2
        for rule in self._rules:
            if rule.path[-1] <= names and matches(rule, names, above):
                given |= rule.declarations
        own = {"color": attrs.get("color", ""), "background-color": attrs.get("bgcolor", "")}
        return {
            **{name: _bare(value) for name, value in own.items() if value},
            **given,
            **declared(attrs.get("style", "")),
        }


def _bare(value: str) -> str:
    """`ffffff` of old attributes is a colour too."""
    return f"#{value}" if re.fullmatch(r"[0-9a-fA-F]{6}", value) else value.lower()


def _is_hidden(tag: str, attrs: dict[str, str]) -> bool:
    if "hidden" in attrs or "popover" in attrs or attrs.get("aria-hidden", "").strip().lower() == "true":
        return True
    return tag == "dialog" and "open" not in attrs


def _is_invisible(style: Declarations, *, is_inherited: bool) -> bool:
    given = style.get("visibility", "")
    return given in ("hidden", "collapse") if given in ("hidden", "collapse", "visible") else is_inherited


def _letters(style: Declarations, inherited: Colour | str | None) -> Colour | str | None:
    value = style.get("-webkit-text-fill-color") or style.get("color", "")
    return inherited if value in ("", "inherit", "currentcolor") else colour_of(value)


def _background(style: Declarations, inherited: Colour | None) -> Colour | None:
    """None where it isn't known: a picture, a gradient, a name that isn't in the list."""
    value = style.get("background-color") or style.get("background", "")
    if value in ("", "none", "inherit", "initial", "transparent"):
        return None if "url(" in style.get("background-image", "") else inherited
    found = colour_of(value)
    return found if isinstance(found, tuple) else inherited if found else None
