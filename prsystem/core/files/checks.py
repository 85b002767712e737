"""What a file of an accepted type must not be: an image of too many pixels, an archive that swells or leads outside,
a document with macros. Pure: looks at a file object and says what is wrong with it.

Sizes are read from headers and directories; nothing is decoded or unpacked.
"""

import struct
import zipfile
from typing import IO

from django.utils.translation import gettext_lazy as _

MAX_SIDE, MAX_PIXELS = 12_000, 60_000_000
MAX_MEMBERS, MAX_UNPACKED_BYTES, MAX_RATIO = 2_000, 300 * 1024 * 1024, 200
MAX_DIRECTORY_BYTES = 1024 * 1024  # of 2,000 names; read whole before a single one can be counted
RATIO_FROM_BYTES = 5 * 1024 * 1024  # small members may shrink as much as they like
NO_IMAGE, TOO_MANY_PIXELS, NO_ARCHIVE = "no_image", "too_many_pixels", "no_archive"
SWELLS, LEADS_OUTSIDE, MACROS, OTHER_DOCUMENT = "swells", "leads_outside", "macros", "other_document"
MESSAGES = {
    NO_IMAGE: _("«%(name)s» can't be read as an image."),
    TOO_MANY_PIXELS: _("«%(name)s» has too many pixels: at most 60 million, 12,000 on a side."),
    NO_ARCHIVE: _("«%(name)s» can't be read as an archive."),
    SWELLS: _("«%(name)s» would unpack to too much: at most 300 MB in 2,000 files."),
    LEADS_OUTSIDE: _("«%(name)s» holds links, or paths that lead out of it."),
    MACROS: _("«%(name)s» holds macros."),
    OTHER_DOCUMENT: _("«%(name)s» isn't the document that its name says."),
}
_DOCUMENT_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OPEN_DOCUMENTS = {"odt": b"text", "ods": b"spreadsheet", "odp": b"presentation"}
_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_JPEG_HEAD_BYTES = 2 * 1024 * 1024
_SYMLINK, _FILE_TYPE = 0o120000, 0o170000


def fault_of(file: IO[bytes], content_type: str, extension: str) -> str:
    """What is wrong with the content; empty when nothing is. The file's position is put back to its start."""
    file.seek(0)
    try:
        if content_type.startswith("image/"):
            return _image_fault(file, content_type)
        return _archive_fault(file, extension) if content_type == "application/zip" else ""
    finally:
        file.seek(0)


def _image_fault(file: IO[bytes], content_type: str) -> str:
    size = _IMAGE_SIZES[content_type](file)
    if size is None or 0 in size:
        return NO_IMAGE
    width, height = size
    return TOO_MANY_PIXELS if max(size) > MAX_SIDE or width * height > MAX_PIXELS else ""


def _png_size(file: IO[bytes]) -> tuple[int, int] | None:
    head = file.read(24)
    if len(head) < 24 or head[12:16] != b"IHDR":
        return None
    return struct.unpack(">II", head[16:24])


def _gif_size(file: IO[bytes]) -> tuple[int, int] | None:
    head = file.read(10)
    return struct.unpack("<HH", head[6:10]) if len(head) == 10 else None


def _webp_size(file: IO[bytes]) -> tuple[int, int] | None:
    head = file.read(30)
    if len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if head[12:16] == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(file: IO[bytes]) -> tuple[int, int] | None:
    """Of the first frame header; the segments before it are skipped by their lengths."""
    data = file.read(_JPEG_HEAD_BYTES)
    place = 2
    while place + 9 < len(data):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _SOF:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if length < 2:
            return None
        place += 2 + length
    return None


_IMAGE_SIZES = {"image/png": _png_size, "image/gif": _gif_size, "image/webp": _webp_size, "image/jpeg": _jpeg_size}


def _archive_fault(file: IO[bytes], extension: str) -> str:
    try:
        if _directory_bytes(file) > MAX_DIRECTORY_BYTES:
            return SWELLS
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            return _members_fault(members) or _document_fault(archive, members, extension)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, EOFError, RuntimeError):
        return NO_ARCHIVE


def _directory_bytes(file: IO[bytes]) -> int:
    """As zipfile itself finds it: a second reader could be told another size."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    return int(end[zipfile._ECD_SIZE]) if end else 0  # type: ignore[attr-defined]


def _members_fault(members: list[zipfile.ZipInfo]) -> str:
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        return SWELLS
    if any(
        member.file_size > RATIO_FROM_BYTES and member.file_size > MAX_RATIO * member.compress_size
        for member in members
    ):
        return SWELLS
    return LEADS_OUTSIDE if any(_leads_outside(member) for member in members) else ""


def _leads_outside(member: zipfile.ZipInfo) -> bool:
    name = member.orig_filename.replace("\\", "/")
    is_link = member.external_attr >> 16 & _FILE_TYPE == _SYMLINK
    return is_link or name.startswith("/") or "\0" in name or ":" in name[:3] or ".." in name.split("/")


def _document_fault(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], extension: str) -> str:
    """Office documents are what their extension says and hold no macros."""
    names = [member.filename for member in members]
    if extension == "zip":
        return ""
    if any(name.lower().endswith(("vbaproject.bin", ".bas")) or name.startswith("Basic/") for name in names):
        return MACROS
    if part := _DOCUMENT_PARTS.get(extension):
        return "" if "[Content_Types].xml" in names and any(n.startswith(part) for n in names) else OTHER_DOCUMENT
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 200:
        return OTHER_DOCUMENT
    return "" if b"opendocument." + _OPEN_DOCUMENTS[extension] in archive.read("mimetype") else OTHER_DOCUMENT
