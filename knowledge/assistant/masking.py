"""People's names, telephones and e-mail addresses stand as placeholders in what a model reads, and are put back.

Machines, codes and part numbers stay: they are what an answer is about. Pure.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from prsystem.core.text.cleaning import fold

_CAPITAL = r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñü]+"
_NAMES = rf"{_CAPITAL}(?:\s+(?:(?:de|del|la|las|los|y)\s+){{0,2}}{_CAPITAL}){{0,3}}"
_RUN = re.compile(rf"\b{_NAMES}")
_TITLED = re.compile(
    r"\b(?P<title>(?:[Ss]r(?:a|ita|ta)?|[Ii]ng|[Ll]ic|[Dd]ra?|[Aa]rq|[Mm]tr[oa]|[Tt][eé]c|[Dd]on|[Dd]oña|M(?:r|rs|s)"
    r"|[Ss]eñor(?:a|ita)?|[Ii]ngenier[oa]|[Ll]icenciad[oa]|[Dd]octora?|[Mm]aestr[oa])\.?\s+)"
    rf"(?P<name>{_NAMES})"
)
_SIGNED = re.compile(
    r"(?P<title>\b(?:[Mm]e llamo|[Mm]i nombre es|[Ss]oy|[Aa]tte\.?|[Aa]tentamente|[Ss]aludos|[Ff]irma|[Mm]y name is)"
    r"[:,]?\s+)"
    rf"(?P<name>{_CAPITAL}\s+{_CAPITAL}(?:\s+{_CAPITAL})?)"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(
    r"(?P<title>\b(?:[Tt]el(?:[eé]fono)?s?|[Cc]el(?:ular)?|[Mm][oó]vil|[Ww]hats[Aa]pp|[Ff]ax|[Pp]hone|[Ee]xt(?:ensi[oó]n)?)"
    r"\.?:?\s+(?:al?\s+)?)(?P<name>\+?\(?\d[\d() -]{2,18}\d)"
    r"|(?<![\w.-])(?P<bare>\+\d{1,3}[ .-]?\(?\d[\d() .-]{6,16}\d|\(\d{2,3}\)\s?\d{3,4}[ -]\d{4}|\d{2}[ -]\d{4}[ -]\d{4}"
    r"|\d{3}[ -]\d{3}[ -]\d{4}|(?<=[Aa]l )\d{10})(?![\w-])"
)
# Names that are words of a plant as well: alone they stay.
_WORDS = {
    *("angel", "cruz", "luz", "mar", "norma", "sol", "pilar", "rosa", "blanca", "mercedes", "victoria", "leon"),
    *("abril", "julio", "agosto", "paz", "reyes"),
}
_PLACEHOLDER = re.compile(r"\b(PERSONA|TELEFONO|CORREO)\\?[_ ](\d{1,3})\b", re.IGNORECASE)
_TAIL = 24  # no placeholder is longer
_UNFINISHED = re.compile(r"[A-Za-z]{1,24}(?:\\?_?\d{0,24})?$|\\?_\d{0,24}$")


@dataclass(frozen=True)
class KnownNames:
    """Folded words of the names of a site's people."""

    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()

    @classmethod
    def of(cls, people: Iterable[tuple[str, str]]) -> "KnownNames":
        given, family = set(), set()
        for first, last in people:
            given |= {word for word in fold(first).split() if len(word) > 2}
            family |= {word for word in fold(last).split() if len(word) > 2}
        return cls(frozenset(given), frozenset(family))


@dataclass
class Masks:
    """What stands for what, in one prompt and its answer. The same words get the same placeholder."""

    known: KnownNames = KnownNames()
    _by_words: dict[str, str] = field(default_factory=dict)
    _by_mask: dict[str, str] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        text = _MAIL.sub(lambda found: self._mask("CORREO", found[0]), text)
        text = _PHONE.sub(self._telephone, text)
        text = _TITLED.sub(self._titled, text)
        text = _SIGNED.sub(self._titled, text)
        return _RUN.sub(self._run, text)

    def restore(self, text: str) -> str:
        """Placeholders that aren't of this prompt stay as they are."""
        return _PLACEHOLDER.sub(lambda found: self._by_mask.get(f"{found[1].upper()}_{found[2]}", found[0]), text)

    def restoring(self) -> "Restoring":
        return Restoring(self.restore)

    def _mask(self, kind: str, words: str) -> str:
        if words not in self._by_words:
            count = sum(mask.startswith(kind) for mask in self._by_mask) + 1
            self._by_words[words] = mask = f"{kind}_{count}"
            self._by_mask[mask] = words
        return self._by_words[words]

    def _telephone(self, found: re.Match[str]) -> str:
        number = found["name"] or found["bare"]
        return f"{found['title'] or ''}{self._mask('TELEFONO', number)}"

    def _titled(self, found: re.Match[str]) -> str:
        return f"{found['title']}{self._mask('PERSONA', found['name'])}"

    def _run(self, found: re.Match[str]) -> str:
        """The words of a known name within a run of capitalised words: «La Prensa Ana Ruiz» keeps its beginning."""
        words = re.split(r"(\s+)", found[0])
        named = [at for at in range(0, len(words), 2) if self._is_name(words[at])]
        if not named or not self._is_person([fold(words[at]) for at in named]):
            return found[0]
        first, last = named[0], named[-1]
        masked = self._mask("PERSONA", "".join(words[first : last + 1]))
        return "".join([*words[:first], masked, *words[last + 1 :]])

    def _is_name(self, word: str) -> bool:
        return fold(word) in self.known.given or fold(word) in self.known.family

    def _is_person(self, words: list[str]) -> bool:
        """A given name alone, or with others of a name; a family name alone may be anything."""
        given = [word for word in words if word in self.known.given]
        return bool(given) and (len(words) > 1 or given[0] not in _WORDS)


class Restoring:
    """Puts the words back while an answer grows; what may be the beginning of a placeholder waits for the rest."""

    def __init__(self, restore: Callable[[str], str]) -> None:
        self._restore, self._held = restore, ""

    def feed(self, piece: str) -> str:
        text = self._held + piece
        tail = _UNFINISHED.search(text[-_TAIL:])
        cut = len(text) - (len(tail[0]) if tail else 0)
        self._held = text[cut:]
        return self._restore(text[:cut])

    def rest(self) -> str:
        held, self._held = self._held, ""
        return self._restore(held)
