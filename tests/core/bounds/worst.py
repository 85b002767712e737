"""The worst texts and workbooks that people can bring. Pure: also for the drills."""

import io
import zipfile
from collections.abc import Callable

from openpyxl import Workbook

from prsystem.core.bounds.confined import OUTPUT_BYTES

LONGEST = 20_000  # of a text of an article or a report
MB = 1024 * 1024


def letters(count: int, seed: int) -> str:
    """Words of one letter without order: as many pairs of equal ones as there can be, and nothing in common."""
    state, found = seed, []
    for _place in range(count // 2):
        state = (state * 1103515245 + 12345) % 2**31
        found.append("abcdefgh"[state >> 16 & 7])
    return " ".join(found)


def workbook(sheet: str, **parts: bytes) -> bytes:
    """A workbook whose first sheet is the given XML; `parts` replace its other members."""
    plain = io.BytesIO()
    book = Workbook()
    book.active.append(["code"])
    book.save(plain)
    changed = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                content = sheet.encode()
            target.writestr(member.filename, parts.get(member.filename.rpartition("/")[2], content))
    return changed.getvalue()


HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = "</sheetData></worksheet>"
CODE = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ja">{ENTITIES}]><worksheet>&e11;</worksheet>'
SHEETS: dict[str, Callable[[], bytes]] = {
    "a far column in each row": lambda: workbook(
        HEAD + CODE + "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 5000)) + FOOT
    ),
    "a far column": lambda: workbook(HEAD + CODE + '<row r="2"><c r="XFD2"><v>1</v></c></row>' + FOOT),
    "too many rows": lambda: workbook(
        HEAD + CODE + "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 5400)) + FOOT
    ),
    "broken": lambda: workbook(HEAD + CODE + "<row"),
    "no sheet": lambda: workbook("hola"),
    "entities": lambda: workbook(BOMB),
    "swelling": lambda: workbook(HEAD + CODE + '<row r="2"><c r="A2"><v>' + "1" * 80 * MB + "</v></c></row>" + FOOT),
    "endless strings": lambda: workbook(HEAD + CODE + FOOT, **{"workbook.xml": b"<a>" * 1_000_000}),
    "no archive": lambda: b"PK\x03\x04" + bytes(1000),
    "empty": lambda: b"",
}


def long_text() -> str:
    return "x" * (OUTPUT_BYTES + 1)
