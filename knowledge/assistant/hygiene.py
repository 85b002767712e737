"""Text of people and models is data: no hidden characters, links, images, HTML, and no orders to the assistant.

The rules for orders are a net with holes. What holds is elsewhere: the extractive rung only repeats passages, and a
model's sentence is shown only when its cited passage supports it. The net keeps poisoned passages out of both.
"""

import html
import re
import unicodedata
from collections.abc import Sequence

from prsystem.core.hidden import without_hidden
from prsystem.core.text.cleaning import clean_text

from .lures import lures_in
from .orders import gives_orders_visibly
from .records import Passage
from .words import fold, sentences, steps

# Enough for any report that people write; the rest would only cost time.
MAX_REPORT_CHARACTERS = 20_000
_TAG_NAMES = """
    a abbr address area article aside audio b base big blockquote body br button canvas center code col
    details div dl dt dd em embed fieldset figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
    header hr html i iframe img input ins label legend li link main map mark marquee math menu meta meter nav
    noscript object ol optgroup option p param picture pre progress s samp script section select small source
    span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead title tr
    track tt u ul var video
"""
_ANY_TAG = "|".join(_TAG_NAMES.split())
_STRIPPED = (
    re.compile(r"<(script|style|svg|iframe|object|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL),
    re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL),
    re.compile(rf"</?(?:{_ANY_TAG})\b(?!\s+\d)[^>\n]*>?", re.IGNORECASE),
    re.compile(r"!\[[^\]\n]{0,300}\]\s{0,9}(?:\([^)\n]{0,2000}\)?|\[[^\]\n]{0,300}\])"),
    re.compile(r"^[ \t]*\[[^\]\n]{1,300}\]:[ \t]*\S+.*$", re.MULTILINE),
)
_LINK = re.compile(r"\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)?")
_ADDRESS = re.compile(
    r"<?\b(?:(?:https?|ftp|file|wss?)://|www\.|mailto:|javascript:|vbscript:|data:\w+/)[^\s<>\"']+>?", re.I
)
# A marker of somebody else's answer inside a passage would look like one of ours. `DB[12]` is an index, not a marker.
# «Pulsar [4] y esperar» names a key: within a sentence the number stays.
_MARKER = re.compile(r"(?<![\w\]])\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?P<within>(?=\s+[^\W_A-Z]))?")
_SPACES = re.compile(r"[ \t\u00a0]+")
_SPACE_BEFORE = re.compile(r"(?<! ) +([.,;:!?])")


def plain(text: str) -> str:
    """Text that can't do anything: no control, bidi or invisible characters, HTML, links, images; lines are kept."""
    text = "".join(char for char in clean_text(text) if unicodedata.category(char) not in ("Cf", "Co", "Cn"))
    for _ in range(4):  # what is stripped may uncover more of it
        before, text = text, _stripped(without_hidden(html.unescape(text)))
        if text == before:
            break
    lines = (_SPACE_BEFORE.sub(r"\1", _SPACES.sub(" ", line)).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()


def _stripped(text: str) -> str:
    for pattern in _STRIPPED:
        text = pattern.sub(" ", text)
    return _ADDRESS.sub(" ", _LINK.sub(r"\1", text))


def _unmarked(marker: re.Match[str]) -> str:
    return "" if marker["within"] is None else f"({marker[1]})"


def source_text(text: str) -> str:
    """The plain text of a passage; what would look like a marker of ours stands in round brackets, or is left out at
    the end of a sentence."""
    return "\n".join(_SPACE_BEFORE.sub(r"\1", line).strip() for line in _MARKER.sub(_unmarked, plain(text)).split("\n"))


def gives_orders(text: str) -> bool:
    """Whether the text speaks to a language model instead of to people, openly or under HTML and hidden characters."""
    return gives_orders_visibly(plain(text)) or gives_orders_visibly(text)


def without_orders(report: str) -> str:
    """The plain text of a report without the sentences that give a model orders."""
    report = report[:MAX_REPORT_CHARACTERS]
    if not gives_orders(report):
        return plain(report)
    kept = (" ".join(s for s in sentences(line) if not gives_orders(s)) for line in steps(plain(report)))
    left = "\n".join(line for line in kept if line)
    return left if not gives_orders(left) else ""


def trusted(passages: Sequence[Passage]) -> list[Passage]:
    """The passages that give no orders. A poisoned one is left out as a whole: half a procedure would be worse."""
    texts = ((passage, f"{passage.article_title}\n{passage.text}") for passage in passages)
    return [passage for passage, text in texts if not gives_orders(text) and not lures_in(" ".join(fold(text).split()))]
