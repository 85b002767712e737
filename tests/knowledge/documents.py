"""Documents for the tests, made byte by byte: PDF, DOCX, HTML, Markdown, and hostile ones."""

import io
import zipfile

DOCX_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
_STYLES = (
    f'<?xml version="1.0"?><w:styles xmlns:w="{DOCX_NAMESPACE}"><w:style w:type="paragraph" w:styleId="Ttulo1">'
    '<w:name w:val="heading 1"/></w:style></w:styles>'
)


def pdf(*pages: str) -> bytes:
    """A PDF with one line of text per line of each page; a blank page has no text at all."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for n, text in enumerate(pages):
        lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.splitlines()]
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 12 Tf 72 720 Td {shown}ET".encode("cp1252") if lines else b""
        head = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R "
        objects.append(head.encode() + b"/Resources << /Font << /F1 3 0 R >> >> >>")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue()


def encrypted_pdf(*pages: str, password: str = "secreto") -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*pages))))
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def deep_pdf(depth: int = 3000) -> bytes:
    """A tree of pages of that depth."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(depth)]
    objects.append(b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (depth + 1))
    return _file(objects)


def looping_pdf() -> bytes:
    """Its tree of pages holds itself."""
    return _file([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def swelling_pdf(megabytes: int) -> bytes:
    """One page whose content unpacks to so much."""
    import zlib

    packer = zlib.compressobj(9)
    block = b"(x) Tj " * 149_797  # 1 MB
    packed = b"".join(packer.compress(block) for _n in range(megabytes)) + packer.flush()
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return _file([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream])


def docx(*paragraphs: tuple[str, bool], body: str = "", prolog: str = "", styles: str = _STYLES) -> bytes:
    """Paragraphs of (text, is a heading); or a body of one's own."""
    made = "".join(_paragraph(text, is_heading) for text, is_heading in paragraphs) + body
    document = (
        f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="{DOCX_NAMESPACE}"><w:body>{made}</w:body></w:document>'
    )
    fixed = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "word/styles.xml": styles}
    return package({**fixed, "word/document.xml": document})


def package(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"word/styles.xml": _STYLES, **members}.items():
            archive.writestr(name, text)
    return out.getvalue()


def _paragraph(text: str, is_heading: bool) -> str:
    style = '<w:pPr><w:pStyle w:val="Ttulo1"/></w:pPr>' if is_heading else ""
    return f"<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"
