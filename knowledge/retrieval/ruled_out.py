"""Whether a report's own words rule out the problem of an article. Pure.

Nearness can't tell «no hay doble pieza» from «hay doble pieza», nor «imprime nítida» from «imprime en blanco»: both are
near to the article about it, and its steps mislead. Three ways of ruling out are known: the trouble is denied («no
patina», «sin aviso de certificado»), what is troubled is said to be well («grabación sí hay», «temperatura normal»),
or the contrary is told («alta presión» beside «baja presión»). A word that a second part of the report affirms rules
nothing out. Measured in `docs/recuperacion.md`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from prsystem.core.text import fold

from ..assistant.grounding.lexicon import opposites
from ..assistant.grounding.reading import Term, clauses_of

READ_CHARACTERS, MOST_PARTS = 2000, 40
PROBLEM_CHARACTERS = 400
# Not sides and colours: what is said of the left is often said of the other as well.
_CONTRARIES = """
    high low hot cold open close rise raise lower full empty_q fast slow tight loose start stop heat cool expand
"""
CONTRARIES = frozenset(_CONTRARIES.split())
LEAST_SHARED = 0.5  # of the words of what is said to be well, so many must be the problem's

_PARTS = re.compile(r"\n+|[.;:!?,()]+(?:\s|$)|\s(?:pero|sino|aunque|mientras|porque|but|although|while)\s")
_NO = re.compile(r"\b(?:no|ni|nunca|tampoco|ningun[oa]?|not|never|neither|nor|cannot|\w+n['’]?t)\b")
_ASKS = re.compile(r"[?¿]|^(?:how|what|which|why|where|who|when|is|are|can|does|do|como|que|cual|donde|cuando)\b")
_LACKING = re.compile(
    r"\b(?:no (?:hay|hubo|ha habido|existe|se (?:ve|ven|nota|oye)|(?:me |le |nos )?(?:trae|marca|sale|aparece|da|tiene"
    r"|presenta|muestra|manda|hace|lanza|arroja)n?)|sin|ni|ningun[oa]?"
    r"|(?:is|are|was|were|has|have|with|gets?|shows?) no|without)"
    r"(?: (?:el|la|los|las|un|una|ningun|ninguna|any|a|the))? "
)
_EXISTS = re.compile(r"\b(?:no (?:hay|hubo|ha habido|existe)|(?:is|are|was|were) no|ni)\b")
_VERB_DENIED = re.compile(r"\b(?:no|nunca|tampoco|not|never|\w+n['’]t) (?:(?:se|me|le|nos|lo|la|les) ){0,2}")
_WELL = re.compile(
    r"\b(?:bien|normal(?:es)?|correct(?:o|a|os|as|amente|ly)?|perfect(?:o|a|os|as|amente|ly)?|ok|nitid[oa]s?"
    r"|en su (?:lugar|sitio)|en orden|en rango|en temperatura|en buen estado|sin (?:problemas?|novedad|falla)"
    r"|fine|works|well|properly|as it should|in range)\b"
)
_YES = re.compile(r"\bsí\s+(?:\w+)", re.IGNORECASE)
_PARTLY = re.compile(
    r"\b(?:izquierd[oa]s?|derech[oa]s?|(?:el|la|los|las) (?:otr[oa]s?|demas)|un lado|a veces|ayer|antes|ratos?|left"
    r"|right|others?|rest|sometimes|yesterday|before|como si|as if)\b"
)
_TROUBLE = re.compile(
    r"(?:alarm|aviso|error|falla|fallo|fuga|gote|ruido|vibra|rebaba|humo|olor|rechin|golpe|atasc|atora|manch|raya|rayon"
    r"|burbuj|poros|grieta|fisura|quemadur|chisp|paro$|paros$|bloque|rechaz|diferenci|duplicad|faltant|retras|merma"
    r"|rafag|crater|sobrecalent|descuadr|mensaje|leak|noise|smoke|burr|fault|warning|jam|crack|scratch|stain|bubble"
    r"|delay|defect|reject|message)"
)
_NOTICE = re.compile(r"(?:alarm|aviso|error|mensaje|falla|warning|message|fault)")
_ENDED = re.compile(r"\b(?:sin|without|dej\w+ de|stop(?:s|ped)?)\b")
# Of the trouble too: «con la tapa cerrada».
_STATE = re.compile(r"(?:abiert|cerrad|encendid|apagad|prendid|puest|cargad|conectad|closed|open|charged|connected)")
_CODE = re.compile(r"\b[a-z]{1,5}-?\d{3,6}\b")


@dataclass(frozen=True)
class _Part:
    """A piece of a text between two stops. `said` is folded."""

    raw: str
    said: str

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for clause in clauses_of(self.raw) for term in clause.terms)

    @property
    def is_negated(self) -> bool:
        return _NO.search(self.said) is not None

    @property
    def is_well(self) -> bool:
        """Something is said to be as it should."""
        if _PARTLY.search(self.said) or self.is_negated or any(_TROUBLE.match(term.text) for term in self.terms):
            return False
        return _WELL.search(self.said) is not None or _YES.search(self.raw) is not None

    def has(self, term: Term) -> bool:
        return any(term.is_same(other) for other in self.terms)

    def names(self, term: Term) -> Term | None:
        """The word itself or another of its listed meaning, none that is merely near."""
        return next((own for own in self.terms if _is_one(own, term)), None)

    def denies(self, term: Term) -> bool:
        """Whether `no` or `sin` stands before the word."""
        before = self.said.partition(term.text.split()[0])[0]
        return _NO.search(before) is not None or _ENDED.search(before) is not None


def _is_one(one: Term, other: Term) -> bool:
    if one.root == other.root or one.concepts & other.concepts:
        return True
    return all(_NOTICE.match(term.text) for term in (one, other))


@lru_cache(maxsize=2000)
def _parts(text: str) -> tuple[_Part, ...]:
    pieces = (piece.strip() for piece in _PARTS.split(text))
    return tuple(_Part(piece, fold(piece)) for piece in pieces if piece)[:MOST_PARTS]


def is_ruled_out(report: str, title: str, problem: str = "") -> bool:
    """Whether the report says that it isn't this problem. A title that asks how to do something tells of no trouble."""
    if _ASKS.search(fold(title)):
        return False
    told, named = _parts(report[:READ_CHARACTERS]), _parts(title)
    described = _parts(problem[:PROBLEM_CHARACTERS])
    return any(
        not _is_affirmed(terms, told, part)
        for part in told
        for terms in (*_denied(part, named, described), *_well(part, named), *_contrary(part, named))
    )


def _is_affirmed(terms: tuple[Term, ...], told: tuple[_Part, ...], besides: _Part) -> bool:
    """Whether another part says of the same what trouble it makes."""
    others = (part for part in told if part is not besides and not part.is_well)
    return bool(terms) and any(all(part.has(term) and not part.denies(term) for term in terms) for part in others)


def _denied(part: _Part, named: tuple[_Part, ...], described: tuple[_Part, ...]) -> Iterator[tuple[Term, ...]]:
    """What the part denies and the title tells, or the description with at least two words."""
    if _PARTLY.search(part.said):
        return
    for lacking in _LACKING.finditer(part.said):
        objects = _behind(part, lacking.end())
        if any(_tells(t, objects) and _is_of(lacking[0], objects, t) for t in named):
            yield objects
        if len(objects) > 1 and any(_tells(sentence, objects) for sentence in described):
            yield objects
        if len(objects) == 1 and _is_trouble(objects) and any(_CODE.search(title.said) for title in named):
            yield ()
    for denied in _VERB_DENIED.finditer(part.said):
        acts = _behind(part, denied.end())[:1]
        is_next = bool(acts) and not acts[0].is_thing and part.said.startswith(acts[0].text, denied.end())
        if is_next and any(_tells(t, acts) and acts[0].root in (own.root for own in t.terms) for t in named):
            yield acts


def _is_of(lacking: str, objects: tuple[Term, ...], title: _Part) -> bool:
    """Whether what lacks is the trouble. «No hay presión» is one itself: it denies none of a title that lacks too."""
    if _is_trouble(objects):
        return True
    is_lack = title.is_negated or re.search(r"\bsin\b|\bbaj|\blow\b", title.said) is not None
    return not is_lack and (len(objects) > 1 or _EXISTS.match(lacking) is not None)


def _is_trouble(objects: tuple[Term, ...]) -> bool:
    return bool(objects) and _TROUBLE.match(objects[0].text) is not None


def _behind(part: _Part, at: int) -> tuple[Term, ...]:
    """The words behind a place of the folded text, as far as the next `y` or `en`."""
    rest = re.split(r"\b(?:y|o|ni|sin|and|or|nor|en|por|con|in|on|at|with)\b", part.said[at:], maxsplit=1)[0]
    return tuple(term for term in part.terms if re.search(rf"\b{re.escape(term.text)}\b", rest))


def _tells(sentence: _Part, terms: tuple[Term, ...]) -> bool:
    """Whether all of the words are told, and not denied."""
    found = [sentence.names(term) for term in terms]
    return bool(terms) and all(own is not None and not sentence.denies(own) for own in found)


def _well(part: _Part, named: tuple[_Part, ...]) -> Iterator[tuple[Term, ...]]:
    """What the part says to be well, and the title to be troubled."""
    if not part.is_well:
        return
    about = tuple(term for term in part.terms if not _WELL.fullmatch(term.text))
    for title in named:
        shared = tuple(term for term in about if title.names(term))
        is_enough = len(shared) >= LEAST_SHARED * len(about) or any(term.is_action for term in shared)
        is_agreed = title.is_well or any(_STATE.match(term.text) for term in shared)
        if shared and is_enough and not is_agreed:
            yield shared


def _contrary(part: _Part, named: tuple[_Part, ...]) -> Iterator[tuple[Term, ...]]:
    """What the part tells the contrary of, about the same thing."""
    for title in named:
        if part.is_negated != title.is_negated:
            continue
        turned = [term for term in part.terms if not title.has(term) and _is_contrary(term, title)]
        shared = tuple(term for term in part.terms if title.names(term))
        if turned and shared:
            yield (*shared[:1], turned[0])


def _is_contrary(term: Term, title: _Part) -> bool:
    known = {concept for own in title.terms for concept in own.concepts & CONTRARIES}
    return any(opposites().get(concept, frozenset()) & known for concept in term.concepts & CONTRARIES)
