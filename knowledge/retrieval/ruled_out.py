"""Whether a report's own words rule out the problem of an article. Pure.

Nearness can't tell «no hay doble pieza» from «hay doble pieza», nor «imprime nítida» from «imprime en blanco»: both are
near to the article about it, and its steps mislead. Ways of ruling out: the trouble is denied («no patina», «sin aviso
de certificado»), what is troubled is said to be well («grabación sí hay», «temperatura normal»), or the contrary is
told («alta presión» beside «baja presión»). A word that a second part of the report affirms rules nothing out. Others
have modules of their own in `excluding/`: the remedy was tried in vain, a number is on the other side of the limit, the
contrary act is denied, another alarm is named. Measured in `docs/recuperacion.md`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from prsystem.core.text.cleaning import fold

from ..assistant.grounding.lexicon import opposites
from ..assistant.grounding.reading import Term
from .excluding.acts import is_contrary_act
from .excluding.codes import is_other_code
from .excluding.limits import is_beyond_other_limit
from .excluding.telling import NOTICE, PARTLY, TROUBLE, WELL, Part, parts_of
from .excluding.tried import is_tried_in_vain
from .names import CODE_DIGITS
from .text import codes_in

READ_CHARACTERS, MOST_DENIALS = 2000, 5
PROBLEM_CHARACTERS = 400
# Not sides and colours: what is said of the left is often said of the other as well.
_CONTRARIES = """
    high low hot cold open close rise raise lower full empty_q fast slow tight loose start stop heat cool expand shrink
    wet dry_q hard soft accept reject clean_q dirty
"""
CONTRARIES = frozenset(_CONTRARIES.split())
# What a thing is there for: «no imprime» is a trouble itself and denies none, not even «imprime en blanco».
FUNCTIONS = frozenset(("print", "read", "show", "run", "operate", "start", "send", "scan", "enter", "login", "feed"))
LEAST_SHARED = 0.5  # of the words of what is said to be well, so many must be the problem's

# Behind the name of a machine a code is its model: «Impresora Zebra ZT411».
_ALARM = re.compile(
    r"(?:^|\b(?:con|alarma|error|falla|fallo|c[oó]digo|aviso|mensaje|marca|with|alarm|fault|code)\s|[(«])\s*(\S*\d\S*)",
    re.I,
)
_QUOTES = '«"“'
_ASKS = re.compile(r"[?¿]|^(?:how|what|which|why|where|who|when|is|are|can|does|do|como|que|cual|donde|cuando)\b")
_LACKING = re.compile(
    r"\b(?:no (?:hay|hubo|ha habido|existe|se (?:ve|ven|nota|oye)|(?:me |le |nos )?(?:trae|marca|sale|aparece|da|tiene"
    r"|presenta|muestra|manda|hace|lanza|arroja)n?)|sin|ni|ningun[oa]?"
    r"|(?:is|are|was|were|has|have|with|gets?|shows?) no|without)"
    r"(?: (?:el|la|los|las|un|una|ningun|ninguna|any|a|the))? "
)
_EXISTS = re.compile(r"\b(?:no (?:hay|hubo|ha habido|existe)|(?:is|are|was|were) no|ni)\b")
_VERB_DENIED = re.compile(r"\b(?:no|nunca|tampoco|not|never|\w+n['’]t) (?:(?:se|me|le|nos|lo|la|les) ){0,2}")
_UP = re.compile(
    r"\b(?:alt[oa]s?|arriba|por encima|sobran?|de mas|extra|exceso|excede|grues[oa]s?|calientes?|above"
    r"|(?:quemad|tostad|derretid|achicharrad|chamuscad|carbonizad)[oa]s?|burnt|burned|scorched|melted"
    r"|over|high|surplus|hot|too much|thick|rises?|sube|over\w+)\b"
)
_DOWN = re.compile(
    r"\b(?:baj[oa]s?|abajo|por debajo|falta|faltantes?|de menos|delgad[oa]s?|fri[oa]s?|below|under|low"
    r"|short|shortage|cold|too little|thin|drop(?:s|ped)?|cayo|under\w+)\b"
)
# Of the trouble too: «con la tapa cerrada».
_STATE = re.compile(r"(?:abiert|cerrad|encendid|apagad|prendid|puest|cargad|conectad|closed|open|charged|connected)")


def is_ruled_out(report: str, title: str, problem: str = "", steps: str = "") -> bool:
    """Whether the report says that it isn't this problem, or that its `steps` were tried in vain. A title that asks how
    to do something tells of no trouble."""
    if _ASKS.search(fold(title)):
        return False
    report, problem = report[:READ_CHARACTERS], problem[:PROBLEM_CHARACTERS]
    told, named, described = parts_of(report), parts_of(title), parts_of(problem)
    if (
        is_other_code(report, title, problem)
        or is_tried_in_vain(told, title, steps)
        or is_contrary_act(told, named)
        or is_beyond_other_limit(report, title, problem, steps)
    ):
        return True
    return any(
        not _is_affirmed(terms, told, part)
        for part in told
        for terms in (*_denied(part, named, described, told), *_well(part, named, told), *_contraries(part, named))
    )


def _names_unsaid_code(told: tuple[Part, ...], named: tuple[Part, ...]) -> bool:
    """Whether the title is of an alarm or part that the report doesn't name."""
    its = _codes(match[1] for part in named for match in _ALARM.finditer(part.raw))
    return bool(its) and not its & _codes(part.raw for part in told)


def _codes(texts: Iterable[str]) -> set[str]:
    """Those with as many figures as alarms have, not machines."""
    found = (code for text in texts for code in codes_in(text))
    return {code for code in found if sum(map(str.isdigit, code)) >= CODE_DIGITS}


def _is_affirmed(terms: tuple[Term, ...], told: tuple[Part, ...], besides: Part) -> bool:
    """Whether another part says of the same what trouble it makes."""
    others = (part for part in told if part is not besides and not part.is_well)
    return bool(terms) and any(all(part.has(term) and not part.denies(term) for term in terms) for part in others)


def _denied(
    part: Part, named: tuple[Part, ...], described: tuple[Part, ...], told: tuple[Part, ...]
) -> Iterator[tuple[Term, ...]]:
    """What the part denies and the title tells, or the description with at least two words."""
    if PARTLY.search(part.said):
        return
    for lacking in islice(_LACKING.finditer(part.said), MOST_DENIALS):
        objects, elsewhere = _behind(part, lacking.end())
        if any(_tells(t, objects) and all(map(t.names, elsewhere)) and _is_of(lacking[0], objects, t) for t in named):
            yield objects
        if len(objects) > 1 and any(_tells(d, objects) and not d.is_lack for d in described):
            yield objects
        if len(objects) == 1 and NOTICE.match(objects[0].text) and _names_unsaid_code(told, named):
            yield ()
    for denied in islice(_VERB_DENIED.finditer(part.said), MOST_DENIALS):
        acts = _act_behind(part, denied)
        if any(act.concepts & FUNCTIONS for act in acts):
            continue
        if any(_tells(t, acts) and _says(t, acts) and _is_about(part, t) for t in named):
            yield acts


def _says(title: Part, acts: tuple[Term, ...]) -> bool:
    """By the same word, not another of its meaning, unless it is of no list at all: «no duplica», «lee doble»."""
    roots = {own.root for own in title.terms}
    return all(act.root in roots or not act.concepts for act in acts)


def _act_behind(part: Part, denied: re.Match[str]) -> tuple[Term, ...]:
    """The word that stands directly behind `no`, unless it is a thing."""
    terms = (term for term in part.terms if part.said.startswith(term.text, denied.end()) and not term.is_thing)
    return tuple(terms)[:1]


def _is_about(part: Part, title: Part) -> bool:
    """Whether all that the part speaks of, but its verb, is of the title: «the tank isn't high» is of another level."""
    return all(title.names(term) for term in part.terms if term.is_thing or not term.may_be_action)


def _is_of(lacking: str, objects: tuple[Term, ...], title: Part) -> bool:
    """Whether what lacks is the trouble. «No hay presión» is one itself: it denies none of a title that lacks too."""
    if _is_trouble(objects) or (title.raw[0] in _QUOTES and not title.is_lack):
        return True
    return not title.is_lack and (len(objects) > 1 or _EXISTS.match(lacking) is not None)


def _is_trouble(objects: tuple[Term, ...]) -> bool:
    return bool(objects) and TROUBLE.match(objects[0].text) is not None


def _behind(part: Part, at: int) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The words behind a place of the folded text as far as the next `y` or `en`, and where that is, behind `en`."""
    rest = re.split(r"\b(?:y|o|ni|sin|and|or|nor)\b", part.said[at:], maxsplit=1)[0]
    lacking, _, place = re.sub(r"\b(?:en|por|con|in|on|at|with)\b", "\n", rest, count=1).partition("\n")
    return _terms_in(part, lacking), _terms_in(part, place)


def _terms_in(part: Part, said: str) -> tuple[Term, ...]:
    return tuple(term for term in part.terms if re.search(rf"\b{re.escape(term.text)}\b", said))


def _tells(sentence: Part, terms: tuple[Term, ...]) -> bool:
    """Whether all of the words are told, and not denied."""
    found = [sentence.names(term) for term in terms]
    return bool(terms) and all(own is not None and not sentence.denies(own) for own in found)


def _well(part: Part, named: tuple[Part, ...], told: tuple[Part, ...]) -> Iterator[tuple[Term, ...]]:
    """What the part says to be well, and the title to be troubled; unless another part tells that trouble."""
    troubles = [term for title in named for term in title.terms if TROUBLE.match(term.text) or term.is_action]
    others = [other for other in told if other is not part and not other.is_well]
    if not part.is_well or any(o.names(t) and not o.denies(t) and not part.names(t) for o in others for t in troubles):
        return
    about = tuple(term for term in part.terms if not WELL.fullmatch(term.text))
    for title in named:
        shared = tuple(term for term in about if title.names(term))
        is_enough = len(shared) >= LEAST_SHARED * len(about) or any(term.is_action for term in shared)
        is_agreed = title.is_well or any(_STATE.match(term.text) for term in shared)
        if shared and is_enough and not is_agreed:
            yield shared


def _contraries(part: Part, named: tuple[Part, ...]) -> Iterator[tuple[Term, ...]]:
    """Of each half by itself: in «el pH está en 5.6 y la temperatura está baja» no pH is low."""
    for half in re.split(r"\s(?:y|and)\s", part.raw, flags=re.IGNORECASE):
        yield from _contrary(Part(half, fold(half)), named)


def _contrary(part: Part, named: tuple[Part, ...]) -> Iterator[tuple[Term, ...]]:
    """What the part tells the contrary of, about the same thing; and the act that the title denies."""
    for title in () if PARTLY.search(part.said) else named:
        shared = tuple(term for term in part.terms if title.names(term))
        if not part.is_negated and (acts := _acts_done(part, title)):
            yield acts
        if part.is_negated or title.is_negated or not shared:
            continue
        turned = [term for term in part.terms if not title.has(term) and _is_contrary(term, title)]
        if turned or _goes_other_way(part, title):
            yield (*shared[:1], *turned[:1])


def _acts_done(part: Part, title: Part) -> tuple[Term, ...]:
    """What the report says to happen and the title not to: «levanta con carga», «no levanta»."""
    denied = _VERB_DENIED.search(title.said)
    acts = _act_behind(title, denied) if denied else ()
    return tuple(term for term in part.terms if acts and acts[0].root == term.root and not _ASKS.search(part.said))


def _goes_other_way(part: Part, title: Part) -> bool:
    """Too much in one, too little in the other."""
    ways = [(_UP.search(text) is not None, _DOWN.search(text) is not None) for text in (part.said, title.said)]
    return ways in ([(True, False), (False, True)], [(False, True), (True, False)])


def _is_contrary(term: Term, title: Part) -> bool:
    known = {concept for own in title.terms for concept in own.concepts & CONTRARIES}
    return any(opposites().get(concept, frozenset()) & known for concept in term.concepts & CONTRARIES)
