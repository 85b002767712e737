"""A report or an article in pieces between stops: their words, what is denied, what is said to be well. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from prsystem.core.text.cleaning import fold

from ...assistant.grounding.reading import Term, clauses_of

MOST_PARTS, PART_CHARACTERS = 40, 300

_PARTS = re.compile(
    r"\n+|[.;:!?,()]+(?:\s|$)|\s(?:pero|sino|aunque|mientras|porque|but|although|while)\s", re.IGNORECASE
)
_SENTENCES = re.compile(r"\n+|[.;!?]+(?:\s|$)")
_NO = re.compile(
    r"\b(?:no|ni|nunca|tampoco|ningun[oa]?|not|never|neither|nor|cannot|dont|doesnt|isnt|arent|wasnt|wont"
    r"|cant|didnt|\w+n['’]t)\b"
)
WELL = re.compile(
    r"\b(?:bien|normal(?:es)?|correct(?:o|a|os|as|amente|ly)?|perfect(?:o|a|os|as|amente|ly)?|ok|nitid[oa]s?"
    r"|en su (?:lugar|sitio)|en orden|en rango|en temperatura|en buen estado|sin (?:problemas?|novedad|falla)"
    r"|en verde|(?:esta|estan|son) buen[oa]s?|impecables?|de sobra|sin (?:fallar|batallar|queja)|a la primera"
    r"|fine|crisp|works|well|properly|as it should|in range)\b"
)
_YES = re.compile(r"\bsí\s+(?:\w+)", re.IGNORECASE)
PARTLY = re.compile(
    r"\b(?:izquierd[oa]s?|derech[oa]s?|(?:la|el|las|los|hay|trae|marca|da|tiene) otr[oa]s?|demas|un lado|a veces|ayer"
    r"|companer[oa]s?|colegas?|antes|ratos?|left|right|others?|rest|sometimes|yesterday|before|como si|as if)\b"
)
TROUBLE = re.compile(
    r"(?:alarm|aviso|error|falla|fallo|fuga|gote|ruido|vibra|rebaba|humo|olor|rechin|golpe|atasc|atora|manch|raya|rayon"
    r"|burbuj|poros|grieta|fisura|quemadur|chisp|paro$|paros$|bloque|rechaz|diferenci|duplicad|faltant|retras|merma"
    r"|rafag|crater|sobrecalent|descuadr|mensaje|leak|noise|smoke|burr|fault|warning|jam|crack|scratch|stain|bubble"
    r"|delay|defect|reject|message)"
)
_LACK = re.compile(
    r"\b(?:sin|agot\w+|acab(?:o|aron)|out of|runs? out|without"
    r"|baj[oa]s?|low|falta|faltante|missing|pierd\w*|perd\w*|lost|loses?|drops)\b"
)
NOTICE = re.compile(r"(?:alarm|aviso|error|mensaje|falla|warning|message|fault)")
_DOUBLE = re.compile(r"(?:dobl|dupl|doubl|twice$)")
_ENDED = re.compile(r"\b(?:sin|without|dej\w+ de|stop(?:s|ped)?)\b")


@dataclass(frozen=True)
class Part:
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
        if PARTLY.search(self.said) or self.is_negated or any(TROUBLE.match(term.text) for term in self.terms):
            return False
        return WELL.search(self.said) is not None or _YES.search(self.raw) is not None

    @property
    def is_lack(self) -> bool:
        return self.is_negated or _LACK.search(self.said) is not None

    def has(self, term: Term) -> bool:
        return any(term.is_same(other) for other in self.terms)

    def names(self, term: Term) -> Term | None:
        """The word itself or another of its listed meaning, none that is merely near."""
        return next((own for own in self.terms if is_one(own, term)), None)

    def denies(self, term: Term) -> bool:
        """Whether `no` or `sin` stands before the word."""
        before = self.said.partition(term.text.split()[0])[0]
        return _NO.search(before) is not None or _ENDED.search(before) is not None


def is_one(one: Term, other: Term) -> bool:
    if one.root == other.root or one.concepts & other.concepts:
        return True
    return any(all(family.match(term.text) for term in (one, other)) for family in (NOTICE, _DOUBLE))


@lru_cache(maxsize=2000)
def sentences_of(text: str) -> tuple[Part, ...]:
    """With their commas: a number and its limit may stand on two sides of one."""
    told = (piece.strip()[:PART_CHARACTERS] for piece in _SENTENCES.split(text))
    return tuple(Part(piece, fold(piece)) for piece in islice(filter(None, told), MOST_PARTS))


@lru_cache(maxsize=2000)
def parts_of(text: str) -> tuple[Part, ...]:
    pieces = (piece.strip() for piece in _PARTS.split(text))
    told = (piece[:PART_CHARACTERS] for piece in pieces if piece)
    return tuple(Part(piece, fold(piece)) for piece in islice(told, MOST_PARTS))
