"""A site's own words: what a query is widened by when it uses a nickname or an alarm code of the glossary. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from prsystem.core.text.cleaning import fold

MAX_ADDED = 4  # a query that names many machines would otherwise drown in what they are also called
MIN_LETTERS = 2


@dataclass(frozen=True)
class Entry:
    """One thing and everything that it is called: the proper term, then nicknames and alarm codes."""

    term: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Meant:
    """A proper term, and the name by which a text meant it."""

    term: str
    name: str


def names_in(lines: str) -> tuple[str, ...]:
    """Names from a text with one a line or parted by commas."""
    return tuple(name for part in re.split(r"[\n,;]", lines) if len(name := part.strip()) >= MIN_LETTERS)


def plain(text: str) -> str:
    """As names are compared: without case, accents and runs of blanks."""
    return " ".join(fold(text).split())


def meant_by(text: str, entries: Iterable[Entry]) -> list[Meant]:
    """The proper terms of the nicknames and codes in a text, at most MAX_ADDED, none that the text says already.

    Only whole words count, and only the proper term is added: never the term's other nicknames, which may mean
    something else elsewhere. What was added is not widened again.
    """
    said, found = plain(text), dict[str, Meant]()
    for entry in entries:
        name = next((name for name in entry.others if _has(said, name)), None)
        if name is not None and not _has(said, entry.term):
            found.setdefault(entry.term, Meant(entry.term, name))
            if len(found) == MAX_ADDED:
                break
    return list(found.values())


def expansion_of(text: str, entries: Iterable[Entry]) -> list[str]:
    """The terms alone."""
    return [meant.term for meant in meant_by(text, entries)]


def _has(said: str, name: str) -> bool:
    """As whole words. Looked for as it stands first: most names of a long glossary are in no query."""
    wanted = plain(name)
    return bool(wanted) and wanted in said and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", said) is not None
