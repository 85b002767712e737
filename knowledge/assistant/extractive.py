"""The rung without a model: the steps of past solutions, word for word, each with its number."""

from collections.abc import Iterable, Sequence

from . import words
from .hygiene import source_text, trusted, without_orders
from .ladder import Thresholds
from .procedures import Procedure, procedures_in
from .records import Draft, Passage, Rung, Sentence

MAX_STEPS = 12
MAX_CHARACTERS = 1800
LIMITS = Thresholds()
LANGUAGE_SHARE = 0.9  # an article in the reporter's language wins when it is nearly as likely
SAME_STEP = 0.6
CAUSE = {"es": "Causa registrada:", "en": "Recorded cause:"}
ANOTHER = {"es": "En otro caso similar:", "en": "In another similar case:"}
FOREIGN = {"es": "(El artículo está en inglés.)", "en": "(The article is in Spanish.)"}

Step = tuple[str, int]


def extractive_draft(report: str, passages: Sequence[Passage], *, lang: str, confidence: float) -> Draft | None:
    """An answer from the best one or two articles; None when no trusted passage holds a solution.

    Give it the solution passages of the articles that were found, not only the passages that matched the report. All
    steps of a short solution are kept, in order: leaving out one step of a procedure is worse than one too many.
    """
    query = words.content_stems(without_orders(report))
    articles = _ranked(trusted(passages), lang)
    if not articles:
        return None
    main = _window(_procedures(articles[0]), query)
    cause = _cause(articles[0])
    more = _more_steps(articles, main, query)
    blocks = [f"{CAUSE[_known(lang)]} {cause[0]} [{cause[1]}]"] if cause else []
    blocks.append(_numbered(main))
    blocks += [f"{ANOTHER[_known(lang)]}\n{_numbered(more)}"] if more else []
    if articles[0][0].lang != _known(lang):
        blocks.insert(0, FOREIGN[_known(lang)])
    taken = [*([cause] if cause else []), *main, *more]
    sentences = tuple(Sentence(text, (n,), line) for line, (text, n) in enumerate(taken))
    citations = list(dict.fromkeys(n for _, n in taken))
    return Draft("\n\n".join(blocks), citations, confidence, Rung.EXTRACTIVE, sentences)


def _ranked(passages: Sequence[Passage], lang: str) -> list[list[Passage]]:
    """The passages by article, best article first; articles without a solution are left out."""
    groups: dict[str, list[Passage]] = {}
    for passage in sorted(passages, key=lambda p: (p.kind, p.passage_id)):
        groups.setdefault(passage.article_slug, []).append(passage)
    found = [group for group in groups.values() if any(p.is_solution and source_text(p.text) for p in group)]
    found.sort(key=lambda group: (-_best(group), min(p.n for p in group)))
    top = _best(found[0]) if found else 0.0
    # Stable: articles in the reporter's language that rank about as high as the first come first.
    found.sort(key=lambda group: not (group[0].lang == lang and _best(group) >= LANGUAGE_SHARE * top))
    return found


def _best(article: Iterable[Passage]) -> float:
    return max(passage.score for passage in article)


def _cause(article: Sequence[Passage]) -> Step | None:
    """What was wrong then is told only where it is probably what is wrong now."""
    if _best(article) < LIMITS.cause:
        return None
    found = ((" ".join(source_text(p.text).split()), p.n) for p in article if p.kind == "cause")
    return next((cause for cause in found if cause[0]), None)


def _more_steps(articles: Sequence[Sequence[Passage]], main: Iterable[Step], query: frozenset[str]) -> list[Step]:
    """What the second article adds when it probably answers by itself, however near it ranks."""
    if len(articles) < 2 or _best(articles[1]) < LIMITS.another:
        return []
    known = [text for text, _ in main]
    return [step for step in _window(_procedures(articles[1]), query) if not _is_known(step, known)]


def _procedures(article: Iterable[Passage]) -> list[tuple[Procedure, list[int]]]:
    """The procedures of the solution passages in reading order, each with the passage of each of its steps."""
    passages = list(article)
    chosen = [p for p in passages if p.kind == "solution"] or [p for p in passages if p.is_solution]
    found = [(procedure, p.n) for p in chosen for procedure in procedures_in(source_text(p.text))]
    if len(found) < 2 or len(chosen) < 2:
        return [(procedure, [n] * len(procedure.steps)) for procedure, n in found]
    # Pieces of one solution: what has no heading of its own goes on with what stands before.
    joined: list[tuple[Procedure, list[int]]] = []
    for procedure, n in found:
        if procedure.title or not joined:
            joined.append((procedure, [n] * len(procedure.steps)))
            continue
        before, numbers = joined[-1]
        joined[-1] = (Procedure(before.title, [*before.steps, *procedure.steps]), numbers + [n] * len(procedure.steps))
    return joined


def _parts(text: str) -> list[str]:
    lines = words.steps(text)
    return lines if len(lines) > 1 else [part for line in lines for part in words.sentences(line)]


def steps_added(solutions: Sequence[str]) -> list[str]:
    """Of each solution the steps that none before it says, one a line; the first stays as it is, and what adds nothing
    is empty. A step that one solution holds twice is done twice."""
    known: list[str] = []
    added = []
    for solution in solutions:
        parts = _parts(source_text(solution))
        fresh = [part for part in parts if not _is_known((part, 0), known)]
        added.append("\n".join(fresh) if known else solution)
        known += parts
    return added


def _window(procedures: Sequence[tuple[Procedure, list[int]]], query: frozenset[str]) -> list[Step]:
    """The procedure that shares most with the report, from its first step on, at most MAX_STEPS: whoever begins in the
    middle leaves out what makes the rest safe."""
    chosen, numbers = max(procedures, key=lambda found: _shared(found[0], query))  # the first of equals
    kept: list[Step] = []
    length = 0
    for step in list(zip(chosen.steps, numbers, strict=False))[:MAX_STEPS]:
        length += len(step[0])
        if kept and length > MAX_CHARACTERS:
            break
        kept.append(step)
    return kept


def _shared(procedure: Procedure, query: frozenset[str]) -> int:
    return len(query & words.content_stems("\n".join([procedure.title, *procedure.lines])))


def _is_known(step: Step, known: Iterable[str]) -> bool:
    """Whether a step says what a known one says; another part number or figure makes it another step."""
    said, stems, figures = words.fold(step[0]).strip(" ."), words.content_stems(step[0]), words.figures(step[0])
    return any(
        said == words.fold(other).strip(" .")
        or (words.overlap(stems, words.content_stems(other)) >= SAME_STEP and figures <= words.figures(other))
        for other in known
    )


def _numbered(steps: Sequence[Step]) -> str:
    if len(steps) == 1:
        return f"{steps[0][0]} [{steps[0][1]}]"
    return "\n".join(f"{number}. {text} [{n}]" for number, (text, n) in enumerate(steps, start=1))


def _known(lang: str) -> str:
    return lang if lang in CAUSE else "es"
