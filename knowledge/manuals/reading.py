"""Reads a manual's file into parts. Runs confined (`prsystem.core.bounds.confined`): what is wrong with a hostile file
ends here. Returns one JSON object: `parts` and `pages`, or `fault`.

Nothing of Django is imported; the libraries are imported by the one reader that needs them.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from prsystem.core.hidden import shown, without_hidden
from prsystem.core.text.markup import is_too_deep

from .pages import knowledge_pages, readable
from .parts import Part, heading_parts, headings_above, page_parts

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_PAGES, MAX_PARTS, MAX_CHARACTERS = 1_500, 5_000, 4_000_000
PAGE_CHARACTERS = 40  # fewer on a page are a page number, not text
ENCRYPTED, NO_TEXT, TOO_LONG, TOO_HEAVY, UNREADABLE = "encrypted", "no_text", "too_long", "too_heavy", "unreadable"
_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "ul", "ol", "li", "pre", "blockquote"),
    *("table", "tr", "td", "th", "caption", "dl", "dt", "dd", "div", "section", "article"),
}
_UNREAD = {"script", "style", "title"}  # with what they hold: a title belongs to the window, not to the text
Read = tuple[list[Part], int]


class Unreadable(Exception):
    """The file can't be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_pdf(path: Path) -> Read:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unreadable(ENCRYPTED if is_locked else UNREADABLE) from error
    count = len(document)
    if count > MAX_PAGES:
        raise Unreadable(TOO_LONG)
    texts = [_page_text(document, number) for number in range(count)]
    if all(text is None for text in texts):
        raise Unreadable(UNREADABLE)
    pages = knowledge_pages([text or "" for text in texts])
    shown = [text if len(text.strip()) >= PAGE_CHARACTERS else "" for text in pages]
    return page_parts(shown, _sections(document, count)), count


def _page_text(document: "PdfDocument", number: int) -> str | None:
    """None for a page that can't be read. Closed at once: what a page takes is freed before the next."""
    import pypdfium2

    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            return text.get_text_bounded()
    except pypdfium2.PdfiumError:
        return None


def _sections(document: "PdfDocument", count: int) -> list[str]:
    """By page the headings of the outline above its first line: the chapter's and the nearest; empty where the document
    has no outline."""
    import pypdfium2

    begun: dict[int, list[tuple[int, str]]] = defaultdict(list)
    try:
        for entry in islice(document.get_toc(max_depth=6), MAX_PARTS):
            page = entry.get_dest()
            number = page.get_index() if page else None
            if number is not None:
                begun[number].append((entry.level, readable(entry.get_title())))
    except pypdfium2.PdfiumError:
        return [""] * count
    return headings_above([begun.get(number, []) for number in range(count)])


def read_docx(path: Path) -> Read:
    import zipfile
    from xml.parsers.expat import ExpatError

    import mammoth

    from .docx import visible_docx

    try:
        html = mammoth.convert_to_html(visible_docx(path), convert_image=lambda image: []).value
    except (
        zipfile.BadZipFile,
        ExpatError,
        SyntaxError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
    ) as error:
        raise Unreadable(UNREADABLE) from error
    return _of_html(html)


def read_html(path: Path) -> Read:
    return _of_html(_text(path))


def read_markdown(path: Path) -> Read:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return _of_html(parser.render(without_hidden(_text(path))))


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _of_html(html: str) -> Read:
    """Through the sanitiser first: nothing that isn't seen, no scripts, no attributes, well-formed."""
    import nh3

    if is_too_deep(html):
        raise Unreadable(TOO_HEAVY)
    clean = nh3.clean(shown(html), tags=_TAGS, clean_content_tags=_UNREAD, attributes={}, link_rel=None)
    return heading_parts(clean), 0


READERS: dict[str, Callable[[Path], Read]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "html": read_html,
    "md": read_markdown,
}


def checked(parts: list[Part]) -> list[Part]:
    if len(parts) > MAX_PARTS or sum(len(part.text) for part in parts) > MAX_CHARACTERS:
        raise Unreadable(TOO_LONG)
    if not parts:
        raise Unreadable(NO_TEXT)
    return parts


def answer(path: str, kind: str) -> dict[str, object]:
    try:
        parts, pages = READERS[kind](Path(path))
        return {"parts": [asdict(part) for part in checked(parts)], "pages": pages}
    except Unreadable as error:
        return {"fault": error.code}
    except (MemoryError, RecursionError):
        return {"fault": TOO_HEAVY}
