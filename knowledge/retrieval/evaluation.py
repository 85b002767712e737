"""Measures a ranking against judged queries, as TREC does. Pure."""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

Search = Callable[[str], Sequence[str]]  # a query's text to document ids, best first
Judgements = Mapping[str, Mapping[str, float]]  # query id to document id to grade; 0 is not relevant


@dataclass(frozen=True)
class Measures:
    """Means over the judged queries: nDCG at 10, share of the relevant in the first 5, reciprocal rank within 10."""

    queries: int
    ndcg: float
    recall: float
    reciprocal_rank: float
    ms_per_query: float

    def as_json(self) -> dict[str, float | int]:
        """With the names of the contract."""
        values = {key: round(value, 4) for key, value in asdict(self).items()}
        names = {"ndcg": "ndcg@10", "recall": "recall@5", "reciprocal_rank": "mrr@10"}
        return {names.get(key, key): value for key, value in values.items()}


def evaluate(queries: Iterable[tuple[str, str]], judgements: Judgements, search: Search) -> Measures:
    """Run `search` for every (id, text) that has a relevant document."""
    judged = [(key, text) for key, text in queries if any(grade > 0 for grade in judgements.get(key, {}).values())]
    sums = [0.0, 0.0, 0.0]
    seconds = 0.0
    for key, text in judged:
        started = time.perf_counter()
        ranking = search(text)
        seconds += time.perf_counter() - started
        for position, value in enumerate(_scores(ranking, judgements[key])):
            sums[position] += value
    count = len(judged)
    ndcg, recall, reciprocal_rank = (value / count if count else 0.0 for value in sums)
    return Measures(count, ndcg, recall, reciprocal_rank, seconds * 1000 / count if count else 0.0)


def _scores(ranking: Sequence[str], grades: Mapping[str, float]) -> tuple[float, float, float]:
    return ndcg_at(ranking, grades, 10), recall_at(ranking, grades, 5), reciprocal_rank_at(ranking, grades, 10)


def ndcg_at(ranking: Sequence[str], grades: Mapping[str, float], depth: int) -> float:
    """Normalised discounted cumulative gain with linear gains (Järvelin and Kekäläinen 2002)."""
    gain = sum(grades.get(key, 0) / math.log2(rank + 2) for rank, key in enumerate(ranking[:depth]))
    ideal_grades = sorted(grades.values(), reverse=True)[:depth]
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(ideal_grades))
    return gain / ideal if ideal else 0.0


def recall_at(ranking: Sequence[str], grades: Mapping[str, float], depth: int) -> float:
    relevant = {key for key, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank_at(ranking: Sequence[str], grades: Mapping[str, float], depth: int) -> float:
    ranks = (rank for rank, key in enumerate(ranking[:depth], start=1) if grades.get(key, 0) > 0)
    first = next(ranks, None)
    return 1 / first if first else 0.0
