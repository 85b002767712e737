"""Text as search sees it: normalised, with codes and part numbers as whole tokens. Pure functions."""

import re
import unicodedata

from prsystem.core.text import clean_text

# Letters with digits in one token, parts joined by - / _ or .: E-4012, MC02, SKF-6205-2RS, S7-1200, M2.B.
# Every repetition has an end: `a/a/a/…` of 20,000 letters took a minute. No code has more than 32 signs.
_CODE = re.compile(
    r"(?<![\w.-])(?=[\w./-]{0,64}\d)(?=[\w./-]{0,64}[^\W\d_])[^\W_]{1,64}(?:[-_/.][^\W_]{1,64}){0,31}(?![\w])"
)
# A few capitals and a number with a blank between: "alarma E 4012".
_SPACED_CODE = re.compile(r"(?<!\w)([A-Z]{1,4}) (\d{2,6})(?!\w)")
_QUANTITY = re.compile(r"\d+(?:[.,]\d+)?[^\W\d_]{1,3}")  # 24V, 10mm, 1.5kW
_SEPARATORS = str.maketrans("", "", "-_/.")
CODE_LENGTH = range(2, 33)


def search_text(value: str) -> str:
    """NFKC without control and bidi characters, blanks collapsed; case and accents stay."""
    return " ".join(unicodedata.normalize("NFKC", clean_text(value)).split())


def codes_in(text: str) -> list[str]:
    """Alarm codes and part numbers in the order of the text, upper case without separators, each once: E4012, MC02."""
    found = [(match.start(), match.group()) for match in _CODE.finditer(text) if not _QUANTITY.fullmatch(match.group())]
    found += [(match.start(), match[1] + match[2]) for match in _SPACED_CODE.finditer(text)]
    codes = (code.translate(_SEPARATORS).upper() for _, code in sorted(found))
    return [code for code in dict.fromkeys(codes) if len(code) in CODE_LENGTH]


def with_spaced_codes(text: str) -> str:
    """The text, followed by the codes that it writes with a blank inside, joined: full text finds both spellings."""
    joined = [letters + digits for letters, digits in _SPACED_CODE.findall(text)]
    return " ".join([text, *joined])
