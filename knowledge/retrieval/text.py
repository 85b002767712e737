"""Text as search sees it: normalised, with codes and part numbers as whole tokens. Pure functions."""

import re
import unicodedata

from prsystem.core.text.cleaning import clean_text

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
# Options, paths, file names and names of settings: what stands in a manual exactly so or not at all.
_NAMED = re.compile(
    r"(?<![\w./~-])(?:--[a-zA-Z][\w-]{1,40}"
    r"|[~.]{0,2}(?:/[\w.-]{1,64}){1,12}"
    r"|\w[\w-]{0,40}(?:\.[\w-]{1,40}){0,4}\.[a-z][a-z0-9]{0,9}"
    r"|[^\W\d]\w{0,40}_\w{1,40}"
    r"|[^\W\d_]\w{0,40}(?:::\w{1,40}){1,6}"
    r"|[a-z]{1,30}[A-Z]\w{1,40}"
    r"|\d{5,18})(?![\w/])"
)
_SHORT_CODE = re.compile(r"[^\W\d_]{1,4}\d{1,2}")  # INY07: names a machine, of which many texts speak
NAMED_WORDS = 3  # a text of so many words asks for nothing but what it names
MOST_NAMED = 5


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


def identifiers_in(text: str) -> list[str]:
    """What a text names exactly, as it is written: codes, part numbers, options, paths, file names; at most MOST_NAMED.

    The number of a machine is one only where the text is hardly more than that.
    """
    is_name = len(text.split()) <= NAMED_WORDS
    codes = [code for code in codes_in(text) if is_name or not _SHORT_CODE.fullmatch(code)]
    return list(dict.fromkeys([*_NAMED.findall(text), *codes]))[:MOST_NAMED]


def stands_in(identifier: str, text: str) -> bool:
    """Whether the text holds the identifier as a whole, however it parts letters and figures."""
    if identifier in codes_in(text):
        return True
    pattern = rf"(?<![\w-]){re.escape(identifier)}(?![\w-])"
    return identifier.lower() in text.lower() and re.search(pattern, text, re.IGNORECASE) is not None
