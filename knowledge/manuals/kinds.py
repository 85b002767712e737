"""Which manuals can be read, and what is said when one can't. Pure."""

from django.utils.translation import gettext_lazy as _

from prsystem.core.files.types import is_text, sniff

from .reading import ENCRYPTED, NO_TEXT, TOO_HEAVY, TOO_LONG, UNREADABLE

EXTENSIONS = {"pdf": "pdf", "docx": "docx", "html": "html", "htm": "html", "md": "md", "markdown": "md", "txt": "md"}
ACCEPT = ",".join(f".{extension}" for extension in EXTENSIONS)
INFECTED = "infected"
FAULTS = {
    ENCRYPTED: _("It is protected by a password. Remove the protection and upload it again."),
    NO_TEXT: _("It holds no text: a scanned document must go through text recognition (OCR) first."),
    TOO_LONG: _("It is too long: at most 1,500 pages, 5,000 parts and 4 million characters. Split it."),
    TOO_HEAVY: _("Reading it took too much time or memory. Split it, or save it again with another program."),
    UNREADABLE: _("It can't be read: the file is damaged or isn't what its name says."),
    INFECTED: _("The antivirus found something in it; the file was removed."),
}
_BYTES = {"pdf": "application/pdf", "docx": "application/zip"}


def kind_of(head: bytes, name: str) -> str:
    """`pdf`, `docx`, `html` or `md` when bytes and extension agree; empty otherwise."""
    kind = EXTENSIONS.get(name.rpartition(".")[2].lower(), "")
    if kind in _BYTES:
        return kind if sniff(head) == _BYTES[kind] else ""
    return kind if kind and is_text(head) else ""
