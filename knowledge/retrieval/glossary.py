"""A site's own words: what a query is widened by when it uses a nickname or an alarm code of the glossary. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_ADDED = 4  # a query that names many machines would otherwise drown in what they are also called
MIN_LETTERS = 2


@dataclass(frozen=True)
class Entry:
    """One thing and everything that it is called: the proper term, then nicknames and alarm codes."""

    term: str
    others: tuple[str, ...]


def names_in(lines: str) -> tuple[str, ...]:
    """Names from a text with one a line or parted by commas."""
    return tuple(name for part in re.split(r"[\n,;]", lines) if len(name := part.strip()) >= MIN_LETTERS)


def expansion_of(text: str, entries: Iterable[Entry]) -> list[str]:
    """The proper terms of the nicknames and codes in a text, at most MAX_ADDED, none that the text says already.

    Only whole words count, and only the proper term is added: never the term's other nicknames, which may mean
    something else elsewhere. What was added is not widened again.
    """
    said = _plain(text)
    meant = [e.term for e in entries if not _has(said, e.term) and _any(said, e.others)]
    return list(dict.fromkeys(meant))[:MAX_ADDED]


def _any(said: str, names: Sequence[str]) -> bool:
    return any(_has(said, name) for name in names)


def _has(said: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_plain(name))}(?!\w)", said) is not None


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
