"""What a file is, by its first bytes. Pure. Only types that are listed here are accepted."""

import unicodedata
from pathlib import PurePath

from prsystem.core.text.cleaning import clean_line

NAME_LENGTH = 150
OFFICE = {"docx", "xlsx", "pptx", "odt", "ods", "odp"}
ALLOWED: dict[str, set[str]] = {
    "image/png": {"png"},
    "image/jpeg": {"jpg", "jpeg", "jfif"},
    "image/gif": {"gif"},
    "image/webp": {"webp"},
    "application/pdf": {"pdf"},
    "application/zip": {"zip"} | OFFICE,
    "text/plain": {
        "txt",
        "log",
        "csv",
        "json",
        "md",
        "ini",
        "cfg",
        "xml",
        "yml",
        "yaml",
        "sql",
        "l5x",
        "st",
        "scl",
        "awl",
    },
    "video/mp4": {"mp4", "m4v", "mov"},
    "audio/ogg": {"ogg", "oga", "opus"},
}
INLINE_IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_MAGIC = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"OggS", "audio/ogg"),
]
_MARKUP = (b"<!doctype html", b"<html", b"<svg", b"<script", b"<head", b"<body", b"<iframe")


def sniff(head: bytes) -> str | None:
    """The media type of the first bytes (up to 8 KiB) of a file; None when it isn't an accepted one.

    HTML and SVG are none: a browser could run them. Text is UTF-8 or Latin-1 without control bytes.
    """
    for magic, content_type in _MAGIC:
        if head.startswith(magic):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return "text/plain" if _is_plain_text(head) else None


def _is_plain_text(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return is_text(head) and not any(mark in start[:1024] for mark in _MARKUP)


def is_text(head: bytes) -> bool:
    """Bytes without control characters, markup or not."""
    return bool(head) and not any(byte < 9 or 13 < byte < 32 or byte == 127 for byte in head)


def safe_name(raw: str) -> str:
    """The last path part, one clean line of at most NAME_LENGTH characters, with its extension kept when it is cut."""
    name = clean_line(PurePath(raw.replace("\\", "/")).name.replace("\x00", "")) or "archivo"
    name = "".join("_" if unicodedata.category(c).startswith("C") or c in '<>:"/|?*' else c for c in name)
    stem, dot, extension = name.rpartition(".")
    if len(name) <= NAME_LENGTH or not dot:
        return name[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"[:NAME_LENGTH]
