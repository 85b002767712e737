"""Words, numbers, codes, sentences: the small text tools of grounding and extraction, for Spanish and English."""

import re
import unicodedata

# Short on purpose: `purgue` and `purgar` share four letters.
STEM_LENGTH = 4
_STOPWORDS = """
    a al ante antes aqui asi aun cada como con contra cual cuando de del desde donde dos durante e el ella ellas ello
    ellos en entre era es esa ese eso esta estaba estan este esto estos fue ha han hasta hay la las le les lo los luego
    mas me mi mientras muy ni nos o otra otro para pero por porque pues que quien se segun ser si sobre son su sus
    tambien tan te tiene todo todos tras tu un una uno unos y ya despues
    about after all also an and any are as at be because been before but by can do does each for from had has have he
    her his how if in into is it its of on once only or other our out own so some such than that the their them then
    there these they this those through to too up very was we were what when where which while who will with you your
"""
_NEGATIONS = "no nunca jamas sin ningun ninguna not never without dont doesnt cannot cant mustnt"
_ABBREVIATIONS = """
    aprox approx art av cap dpto dr dra ej etc fig ing max min num p pag ref sr sra tel vol vs e.g i.e p.ej
"""
STOPWORDS = frozenset(f"{_STOPWORDS} {_NEGATIONS}".split())
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TOKEN = re.compile(r"[^\W_]+(?:[-_./,:][^\W_]+)*")
_WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?)([a-zµ]{1,4})")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
# `- 40 °C` and `– 5 mm` may be values below zero.
_BULLET = re.compile(r"^\s*[-*•–]+\s+(?!\d)")
_NUMBER = re.compile(r"^\s*(?:(?:paso|step)\s*)?(\d{1,2})\s*[.):-]+\s+", re.IGNORECASE)
_HEADING = re.compile(r"^\s*#{1,6}\s+")


def fold(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def content_stems(text: str) -> frozenset[str]:
    """Beginnings of the words that carry meaning; numbers and codes are `figures`."""
    found = (word.replace("'", "").replace("’", "") for word in _WORD.findall(fold(text)))
    return frozenset(word[:STEM_LENGTH] for word in found if len(word) > 2 and word not in STOPWORDS)


def figures(text: str) -> frozenset[str]:
    """Numbers and codes in one spelling: `E-4012` is `e4012`, `0,5` is `0.5` and so is the number of `0.5bar`."""
    found: set[str] = set()
    for token in _TOKEN.findall(fold(text)):
        if any(char.isdigit() for char in token):
            found |= _spellings(token)
    return frozenset(found)


def _spellings(token: str) -> set[str]:
    if _DECIMAL.fullmatch(token):
        return {token.replace(",", ".")}
    if not any(char.isalpha() for char in token):
        return set(re.findall(r"\d+", token))
    if with_unit := _WITH_UNIT.fullmatch(token.replace(",", ".")):
        return {with_unit[1]}
    return {re.sub(r"[-_./,:]", "", token)}


def commands(text: str) -> list[str]:
    """What stands between backticks, folded, with single blanks."""
    return [" ".join(fold(found).split()) for found in re.findall(r"`+([^`\n]+)`+", text)]


def without_commands(text: str) -> str:
    return re.sub(r"`+[^`\n]+`+", " ", text)


def steps(text: str, *, shortest: int = 2) -> list[str]:
    """The lines of a text without bullets, numbers of a list and headings' signs; empty ones are left out.

    A number is one of a list only where at least `shortest` lines count up from 1: the `24 - ` of «24 - 48 V» and the
    `1. ` of «1. 5 bar» are words.
    """
    lines = text.split("\n")
    numbered = _numbered(lines, shortest)
    bare = (_NUMBER.sub("", line) if at in numbered else _BULLET.sub("", line) for at, line in enumerate(lines))
    return [step for line in bare if (step := _HEADING.sub("", line).strip())]


def listed(lines: list[str]) -> set[int]:
    """The places of the lines that are items of a list."""
    return _numbered(lines, 2) | {at for at, line in enumerate(lines) if _BULLET.match(line)}


def _numbered(lines: list[str], shortest: int) -> set[int]:
    """The places of the lines that begin with a number of a list."""
    runs: list[list[int]] = [[]]
    for at, line in enumerate(lines):
        if (match := _NUMBER.match(line)) is None:
            continue
        if int(match[1]) == 1:
            runs.append([])
        if int(match[1]) == len(runs[-1]) + 1:
            runs[-1].append(at)
    return {at for run in runs if len(run) >= shortest for at in run}


def sentences(line: str) -> list[str]:
    """The sentences of one line. Abbreviations and numbers with a point don't end one."""
    found: list[str] = []
    for piece in _SENTENCE_END.split(line.strip()):
        if found and _goes_on(found[-1], piece):
            found[-1] += f" {piece}"
        elif piece:
            found.append(piece)
    return found


def _goes_on(before: str, after: str) -> bool:
    last = fold(before.rsplit(None, 1)[-1]).rstrip(".").lstrip("(")
    if last[-1:].isdigit() and after[:1].isdigit():  # «1. 5 bar»
        return True
    if last in ABBREVIATIONS:
        return last != "etc" or after[:1].islower()
    return last in ("no", "nº", "n") and after[:1].isdigit()


def overlap(claim: frozenset[str], source: frozenset[str]) -> float:
    """The share of the claim's words that the source has; 0 for a claim without words."""
    return len(claim & source) / len(claim) if claim else 0.0
