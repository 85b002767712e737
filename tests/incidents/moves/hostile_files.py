"""Files that somebody may send to do harm: by their names, by a content that isn't what the name says, by swelling."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

REFUSED, INERT = "refused", "inert"


@dataclass(frozen=True)
class Hostile:
    """A file as it is sent. `fate` is REFUSED, or INERT where it may be kept so long as it can do nothing."""

    label: str
    name: str
    content: bytes
    fate: str


def png(width: int = 1, height: int = 1, after: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + after


def gif(width: int = 1, height: int = 1) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0;"


def jpeg(width: int = 1, height: int = 1) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8\xff\xe0\0\4ab\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def webp(width: int = 1, height: int = 1) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size


def archive(*members: tuple[str, bytes], mode: int = 0, claimed: int = 0) -> bytes:
    """A zip; `claimed` is written into its directory as the size of every member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            info = zipfile.ZipInfo("x" if "\0" in name else name)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, mode << 16
            made.writestr(info, content)
            info.filename, info.file_size = name, claimed or info.file_size
    return buffer.getvalue()


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

BODIES = {
    "html": HTML,
    "html-blank": b"\n\t  " + HTML,
    "html-bom": b"\xef\xbb\xbf" + HTML,
    "html-comment": b"<!-- x -->" + HTML,
    "svg": SVG,
    "svg-xml": b"<?xml version='1.0'?>" + SVG,
    "iframe": b"<iframe src=javascript:alert(1)>",
    "exe": b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0",
    "elf": b"\x7fELF\2\1\1\0",
    "class": b"\xca\xfe\xba\xbe\0\0\0\x34",
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0\0\3",
    "rar": b"Rar!\x1a\x07\0",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "nul": b"\0" * 64,
    "utf16": "hola <script>".encode("utf-16"),
}
EXTENSIONS = ("png", "jpg", "pdf", "txt", "docx", "zip", "csv", "mp4")
NAMES = (
    *("../../x.png", "..\\..\\x.png", "/etc/passwd.png", "C:\\Windows\\x.png", "....//....//x.png", "%2e%2e%2fx.png"),
    *("a\0b.png", "a\nb.png", "a\r\nSet-Cookie: a=1.png", "a\x1b[31mrojo.png", "a\x7f.png", "\u202egnp.exe.png"),
    *("a\u2066b.png", "x" * 400 + ".png", ".png", " .png", "CON.png", "a;rm -rf $HOME.png", '"comillas".png'),
    *(
        "<script>alert(1)</script>.png",
        "a.php.png",
        "日本語.png",
        "😀.png",
        "a'--.png",
        "${jndi:ldap://x}.png",
        "%s%n.png",
    ),
)
WRONG_NAMES = ("a.png.exe", "a.html", "a.svg", "a.PHP", ".htaccess", "a.png.", "a.svgz", "a.js", "a.bat", "a")


def _wrong_types() -> list[Hostile]:
    sent = [
        Hostile(f"{kind}-as-{extension}", f"informe.{extension}", body, REFUSED)
        for kind, body in BODIES.items()
        for extension in EXTENSIONS
    ]
    swapped = {"png": png(), "jpg": jpeg(), "gif": gif(), "pdf": b"%PDF-1.7\n", "zip": archive(("a.txt", b"a"))}
    sent += [
        Hostile(f"{kind}-as-{other}", f"foto.{other}", body, REFUSED)
        for kind, body in swapped.items()
        for other in ("txt", "mp4", "ogg", *(k for k in swapped if k != kind))
    ]
    return sent


def _names() -> list[Hostile]:
    sent = [Hostile(f"name-{number}", name, png(), INERT) for number, name in enumerate(NAMES)]
    return sent + [Hostile(f"wrong-name-{number}", name, png(), REFUSED) for number, name in enumerate(WRONG_NAMES)]


def _images() -> list[Hostile]:
    big = [(50_000, 50_000), (50_000, 1), (1, 50_000), (12_001, 1), (9_000, 9_000), (2**31, 2**31), (0, 0)]
    sent = [Hostile(f"png-{width}x{height}", "a.png", png(width, height), REFUSED) for width, height in big]
    sent += [Hostile(f"gif-{w}x{h}", "a.gif", gif(w, h), REFUSED) for w, h in ((65_535, 65_535), (0, 9), (12_001, 2))]
    sent += [Hostile(f"jpeg-{w}x{h}", "a.jpg", jpeg(w, h), REFUSED) for w, h in ((65_535, 65_535), (9_000, 9_000))]
    sent += [Hostile(f"webp-{w}x{h}", "a.webp", webp(w, h), REFUSED) for w, h in ((2**24, 2**24), (50_000, 5))]
    cut = {"png": png()[:14], "gif": gif()[:8], "jpg": b"\xff\xd8\xff\xe0\0\0", "webp": webp()[:20]}
    return sent + [Hostile(f"cut-{kind}", f"a.{kind}", body, REFUSED) for kind, body in cut.items()]


def _archives() -> list[Hostile]:
    zeros = b"\0" * (30 * 1024 * 1024)
    word = (("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"))
    bad: dict[str, tuple[str, bytes]] = {
        "bomb": ("a.zip", archive(("a", zeros))),
        "bomb-docx": ("a.docx", archive(*word, ("word/media/a", zeros))),
        "claims-gigabytes": ("a.zip", archive(*((f"{n}", b"x") for n in range(3)), claimed=2**31)),
        "thousands": ("a.zip", archive(*((f"{n}", b"") for n in range(2_001)))),
        "slip": ("a.zip", archive(("../../etc/passwd", b"x"))),
        "slip-windows": ("a.zip", archive(("..\\..\\x", b"x"))),
        "absolute": ("a.zip", archive(("/etc/passwd", b"x"))),
        "drive": ("a.zip", archive(("C:/x", b"x"))),
        "symlink": ("a.zip", archive(("enlace", b"/etc/passwd"), mode=0o120777)),
        "macros": ("a.docx", archive(*word, ("word/vbaProject.bin", b"x"))),
        "macros-xlsx": ("a.xlsx", archive(("[Content_Types].xml", b""), ("xl/vbaProject.bin", b"x"))),
        "macros-odt": (
            "a.odt",
            archive(("mimetype", b"application/vnd.oasis.opendocument.text"), ("Basic/x.xml", b"")),
        ),
        "zip-as-docx": ("a.docx", archive(("a.txt", b"a"))),
        "docx-as-xlsx": ("a.xlsx", archive(*word)),
        "zip-as-odt": ("a.odt", archive(("mimetype", b"text/plain"))),
        "cut": ("a.zip", archive(("a", b"x" * 99))[:40]),
        "no-directory": ("a.zip", b"PK\3\4" + b"\0" * 60),
    }
    return [Hostile(label, name, body, REFUSED) for label, (name, body) in bad.items()]


def _polyglots() -> list[Hostile]:
    kept = {
        "png-html": ("a.png", png(after=HTML)),
        "png-php": ("a.png", png(after=b"<?php system($_GET['c']); ?>")),
        "png-zip": ("a.png", png(after=archive(("a.html", HTML)))),
        "gif-js": ("a.gif", gif()[:-1] + b"/*" + HTML + b"*/=1;"),
        "jpeg-html": ("a.jpg", jpeg() + HTML),
        "pdf-js": ("a.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"),
        "pdf-html": ("a.pdf", b"%PDF-1.7\n" + HTML),
        "text-html-late": ("a.txt", b"hola\n" * 500 + HTML),
        "csv-formula": ("a.csv", b"=cmd|' /C calc'!A0,1\n"),
        "xml-entity": (
            "a.xml",
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        ),
        "shell": ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
        "eicar": ("a.txt", EICAR),
        "eicar-zip": ("a.zip", archive(("eicar.com", EICAR))),
        "zip-exe": ("a.zip", archive(("a.exe", BODIES["exe"]))),
        "zip-in-zip": ("a.zip", archive(("b.zip", archive(("c", b"x"))))),
        "mp4-html": ("a.mp4", b"\0\0\0\x18ftypmp42" + HTML),
    }
    return [Hostile(label, name, body, INERT) for label, (name, body) in kept.items()]


HOSTILE = [*_wrong_types(), *_names(), *_images(), *_archives(), *_polyglots(), Hostile("empty", "a.png", b"", REFUSED)]
