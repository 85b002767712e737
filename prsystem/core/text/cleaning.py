"""Cleaning of text that people and machines send: what is stored can be shown, logged and indexed safely."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable

# Bidirectional overrides and isolates can make text read otherwise than it is (Unicode TR36).
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Categories Cc and Cs but for \n and \t.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Names under which secrets stand in bodies and details.
SECRET_NAME = re.compile(
    r"passw|contrase|^actual$|secret|token|clave|api_?key|authorization|cookie|otp|semilla|recuperacion", re.IGNORECASE
)
_BLANK_LINES = re.compile(r"\n{4,}")

# What a spreadsheet takes for the beginning of a formula, and what tells it that it is none.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def has_forbidden_controls(value: str) -> bool:
    """NUL can't be stored by PostgreSQL, and lone surrogates aren't text."""
    return "\x00" in value or _SURROGATES.search(value) is not None


def clean_text(value: str) -> str:
    """NFC text without control and bidi characters, with `\\n` line ends, at most three empty lines in a row."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).translate(_BIDI)
    return _BLANK_LINES.sub("\n\n\n", _CONTROLS.sub("", value)).strip()


def clean_line(value: str) -> str:
    """One line of clean text: every run of white space becomes one blank."""
    return " ".join(clean_text(value).split())


def is_blank(value: str) -> bool:
    """Nothing that can be seen: only blanks, joiners and other characters without a shape."""
    return all(unicodedata.category(char)[0] in "ZC" for char in value)


def shorten(value: str, length: int) -> str:
    """At most `length` characters, cut at a word with an ellipsis."""
    if len(value) <= length:
        return value
    return value[: length - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def fold(value: str) -> str:
    """Lower case without accents (ñ becomes n), for comparing words."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def formula_guarded(value: str) -> str:
    """Text of a cell that no spreadsheet takes for a formula."""
    return GUARD + value if value.startswith(FORMULA) else value


def csv_line(cells: Iterable[object]) -> str:
    """A line of a CSV file with its end, each cell guarded."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([formula_guarded(str(cell)) for cell in cells])
    return buffer.getvalue()
