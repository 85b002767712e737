"""A text as the check sees it: sentences of clauses, each with its terms, quantities, codes and signs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from .. import words as tools
from .lexicon import action_names, are_synonyms, concepts, fillers, is_one_word, kin, root, signs, thing_names
from .quantities import Quantity, Unit, quantity_at, rate_word_at

_TOKEN = re.compile(r"[^\W_]+(?:[-_./,:’'+\\][^\W_]+){0,15}|[°º%.,;:()!?/Ωµ]")
_CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).*|\d+(?:\.\d+){2,}|\d+(?::\d+)+")
_PUNCTUATION = frozenset(".,;:()!?")
_ROLES = {"de": "from", "desde": "from", "from": "from", "a": "to", "hasta": "to", "to": "to"}
_COPULAS = frozenset(("is", "are", "es", "esta", "son", "estan", "este", "esten", "sea", "sean"))
_PARTICLES = {"off": frozenset(("switchoff", "stop")), "on": frozenset(("start",))}
_COORDINATORS = frozenset(("y", "e", "o", "u", "and", "or", "but", "pero", "then", "sino"))


@dataclass(frozen=True)
class Term:
    """A word with content. `concepts` is empty for a word of no list. `is_without`: `sin` stands before it."""

    text: str
    root: str
    concepts: frozenset[str]
    at: int
    is_without: bool = False
    is_head: bool = False

    @property
    def is_action(self) -> bool:
        """`Brush the fins` names an act, `the brush` a thing: what may be both is an act at the head of its clause."""
        return self.may_be_action and (self.is_head or not self.is_thing)

    @property
    def may_be_action(self) -> bool:
        return bool(self.concepts & action_names())

    @property
    def is_thing(self) -> bool:
        return bool(self.concepts & thing_names())

    def is_same(self, other: "Term") -> bool:
        if self.concepts & other.concepts or self.root == other.root:
            return True
        if any(kin().get(concept, frozenset()) & other.concepts for concept in self.concepts):
            return True
        if are_synonyms(self.root, other.root):
            return True
        is_listed = bool(self.concepts) and bool(other.concepts)
        return not is_listed and is_one_word(self.root, other.root)


@dataclass(frozen=True)
class Clause:
    """`sentence` and `at` are its places. `link` says how it hangs on its neighbour: later, earlier, because,
    therefore, then. `condition`: if, unless, until, when."""

    sentence: int
    at: int
    terms: tuple[Term, ...]
    quantities: tuple[Quantity, ...]
    codes: tuple[str, ...]
    is_negated: bool = False
    link: str = ""
    condition: str = ""
    scope: frozenset[str] = frozenset()
    negated_at: int = -1

    @property
    def denied(self) -> Term | None:
        """The act of which the `no` of a negated clause is said: the first one behind it."""
        if not self.is_negated:
            return None
        behind = [term for term in self.actions if term.at > self.negated_at and not term.is_without]
        return next(iter(behind or self.actions), None)

    @property
    def actions(self) -> list[Term]:
        return [term for term in self.terms if term.is_action]


@dataclass
class _Part:
    """A clause while it is read."""

    terms: list[Term] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    opens: str = ""
    is_after_comma: bool = False
    is_after_stop: bool = False
    has_copula: bool = False
    negated_at: int = -1

    @property
    def stands_alone(self) -> bool:
        if self.opens in ("link", "negation"):
            return bool(self.terms or self.quantities or self.codes)
        if len(self.terms) == 1 and self.terms[0].is_thing:  # the `aceite` of `grasa o aceite`
            return False
        return any(term.may_be_action for term in self.terms) or (self.has_copula and len(self.terms) > 1)

    def take(self, other: "_Part") -> None:
        if self.negated_at < 0:
            self.negated_at = other.negated_at
        self.terms += other.terms
        self.quantities += other.quantities
        self.codes += other.codes
        self.signs += other.signs


@lru_cache(maxsize=2000)
def clauses_of(sentence: str, number: int = 0) -> tuple[Clause, ...]:
    """The clauses of one sentence in the order of the text."""
    tokens = [match[0] for match in _TOKEN.finditer(sentence[:2000])]
    folded = [tools.fold(token).removesuffix("'s").removesuffix("’s") for token in tokens]
    tokens, folded = _opened(tokens, folded)
    parts = _merged(_parts(tokens, folded))
    return tuple(_clause(part, number, at) for at, part in enumerate(parts))


def _opened(tokens: Sequence[str], folded: Sequence[str]) -> tuple[list[str], list[str]]:
    """`succión/descarga` and `lock-out` are two words, unless a list knows them as one."""
    out_tokens, out_folded = [], []
    for token, word in zip(tokens, folded, strict=True):
        is_known = (
            len(word) < 2
            or word in fillers()
            or concepts().of(word)
            or signs().of(word)
            or quantity_at(["1", word], 0)[0] == 2
        )
        if not is_known and not any(char.isdigit() for char in word) and re.search(r"[-/,.’'+\\:]", word):
            out_tokens += re.split(r"[-/,.’'+\\:]", token)
            out_folded += re.split(r"[-/,.’'+\\:]", word)
        else:
            out_tokens.append(token)
            out_folded.append(word)
    return out_tokens, out_folded


def _parts(tokens: Sequence[str], folded: Sequence[str]) -> list[_Part]:
    parts, at = [_Part()], 0
    while at < len(folded):
        word = folded[at]
        is_coordinator = word in _COORDINATORS and not _is_letter_name(tokens, at)
        if word in _PUNCTUATION or (is_coordinator and not concepts().phrase_at(folded, at)[0]):
            parts.append(_Part(is_after_comma=word == ",", is_after_stop=word in ".;"))
            if word == "then":
                parts[-1].signs.append("time.then")
            at += 1
            continue
        at += _taken(parts, tokens, folded, at)
    return [part for part in parts if part.terms or part.quantities or part.codes or part.signs]


def _taken(parts: list[_Part], tokens: Sequence[str], folded: Sequence[str], at: int) -> int:
    """Read what begins at a place into the last part, or into a new one; how many tokens that were."""
    length, names = signs().phrase_at(folded, at)
    if not length and (names := signs().of(folded[at])):
        length = 1
    if at == 0 and folded[0] == "should":
        length, names = 1, frozenset(("condition.if",))
    if length and "time.earlier" in names and _ends(folded, at + length):
        length = 0  # `girar una vez` counts
    phrase_length, phrase = concepts().phrase_at(folded, at)
    if length >= max(phrase_length, 1):
        _sign(parts, names, is_first=at == 0)
        if "negation" in names and parts[-1].negated_at < 0:
            parts[-1].negated_at = at
        return length
    if phrase_length:
        parts[-1].terms.append(_term(" ".join(folded[at : at + phrase_length]), phrase, at, parts[-1]))
        return phrase_length
    length, quantities = quantity_at(folded, at)
    if length:
        role = _ROLES.get(folded[at - 1], "") if at else ""
        quantities = [replace(quantity, role=role) for quantity in quantities]
        return length + _counted(parts[-1], folded, at + length, quantities)
    return _word(parts[-1], tokens, folded, at)


def _ends(folded: Sequence[str], at: int) -> bool:
    return at >= len(folded) or folded[at] in _PUNCTUATION


def _sign(parts: list[_Part], names: frozenset[str], *, is_first: bool) -> None:
    links = [name for name in names if name.partition(".")[0] in ("time", "cause", "condition")]
    has_content = bool(parts[-1].terms or parts[-1].quantities or parts[-1].codes)
    if links and has_content:
        parts.append(_Part())
    if links:
        parts[-1].opens = "link"
    elif names & {"negation", "refusing"} and not parts[-1].opens and not has_content:
        parts[-1].opens = "negation"
    parts[-1].signs += names


def _counted(part: _Part, folded: Sequence[str], at: int, quantities: list[Quantity]) -> int:
    """Keep quantities; `30 bolsas por minuto` makes a rate of a bare number."""
    for behind in range(at, min(at + 3, len(folded))):
        length, rate = rate_word_at(folded, behind)
        if length and quantities[-1].unit is None and behind > at:
            quantities = [replace(quantity, unit=Unit(rate)) for quantity in quantities]
            break
    part.quantities += quantities
    return 0


def _word(part: _Part, tokens: Sequence[str], folded: Sequence[str], at: int) -> int:
    word = folded[at]
    if _CODE.fullmatch(word) or _is_letter_name(tokens, at):
        part.codes.append(re.sub(r"[-_./,:+\\]", "", word))
        return 1
    if word in _PARTICLES and _takes_particle(part, word):
        return 1
    if word in fillers() or len(word) < 2:
        part.has_copula |= word in _COPULAS
        return 1
    part.terms.append(_term(word, concepts().of(word), at, part))
    return 1


def _takes_particle(part: _Part, word: str) -> bool:
    """`switch the control off`: the verb is `switch off`."""
    for at, term in enumerate(part.terms):
        if term.text.startswith(("switch", "turn")) and term.concepts & {"turn", "switch"}:
            part.terms[at] = replace(term, concepts=_PARTICLES[word])
            return True
    return False


def _is_letter_name(tokens: Sequence[str], at: int) -> bool:
    """`sensor B`, `eje X`, `fase A`: a capital behind a word, not one that begins the sentence."""
    token = tokens[at]
    return at > 0 and len(token) == 1 and token.isupper() and tokens[at - 1] not in _PUNCTUATION


def _term(text: str, found: frozenset[str], at: int, part: _Part) -> Term:
    is_without = bool(part.signs) and part.signs[-1] == "without"
    if is_without:
        part.signs[-1] = "without_used"
    return Term(text, root(text), found, at, is_without)


def _merged(parts: Sequence[_Part]) -> list[_Part]:
    """Parts without a verb belong to what stands before them, at the beginning of a sentence to what follows."""
    merged: list[_Part] = []
    for part in parts:
        is_main = part.is_after_comma and merged and merged[-1].opens == "link" and len(part.terms) > 1
        if merged and not part.stands_alone and not is_main and not part.is_after_stop:
            merged[-1].take(part)
        elif merged and not merged[-1].stands_alone and part.opens != "link":
            merged[-1].take(part)
            merged[-1].opens = merged[-1].opens or part.opens
        else:
            merged.append(part)
    return merged


def _clause(part: _Part, sentence: int, at: int) -> Clause:
    return Clause(
        sentence,
        at,
        tuple(replace(term, is_head=place == 0) for place, term in enumerate(part.terms)),
        tuple(part.quantities),
        tuple(part.codes),
        is_negated=_is_negated(part.signs),
        link=_link(part.signs),
        condition=_condition(part.signs),
        scope=frozenset(sign.partition(".")[2] for sign in part.signs if sign.startswith("scope.")),
        negated_at=part.negated_at,
    )


def _is_negated(found: Sequence[str]) -> bool:
    """`no ... nunca` is one negation in Spanish, `unless` one as well; a verb of refusing turns it round."""
    is_negated = "negation" in found
    for sign in ("condition.unless", "refusing"):
        is_negated ^= sign in found
    return is_negated


def _link(found: Sequence[str]) -> str:
    links = [sign.partition(".")[2] for sign in found if sign.startswith(("time.", "cause."))]
    return links[0] if links else ""


def _condition(found: Sequence[str]) -> str:
    kinds = [sign.partition(".")[2] for sign in found if sign.startswith("condition.")]
    return kinds[0] if kinds else ""
