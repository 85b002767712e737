"""Reads a manual's file into parts. Runs confined (`prsystem.core.bounds.confined`): what is wrong with a hostile file
ends here. Returns one JSON object: `parts` and `pages`, or `fault`.

Nothing of Django is imported; the libraries are imported by the one reader that needs them.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from prsystem.core.hidden import shown, without_hidden
from prsystem.core.markup import is_too_deep

from .parts import Part, heading_parts, page_parts

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
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(ENCRYPTED)
        count = len(reader.pages)
    except (FileNotDecryptedError, DependencyError) as error:
        raise Unreadable(ENCRYPTED) from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise Unreadable(UNREADABLE) from error
    if count > MAX_PAGES:
        raise Unreadable(TOO_LONG)
    texts, failed = [], 0
    for number in range(count):
        try:
            texts.append(reader.pages[number].extract_text())
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, ZeroDivisionError):
            texts.append("")
            failed += 1
    if count and failed == count:
        raise Unreadable(UNREADABLE)
    return page_parts(text if len(text.strip()) >= PAGE_CHARACTERS else "" for text in texts), count


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
