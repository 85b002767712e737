"""Measures a ranking against judged queries, as TREC does. Pure."""

import math
import time
from bisect import bisect_left, bisect_right
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


def abstention(answered: Sequence[tuple[bool, float]], threshold: float) -> dict[str, float]:
    """How well probabilities tell questions with an answer from those without: (has an answer, probability) each.

    `auroc`: the chance that one with an answer has the higher one; `false_accepts_at_95` and `_85`: the share of those
    without that are answered when so many per cent of those with are; `answered_without_answer` and
    `answered_with_answer`: the shares that are answered from `threshold` on.
    """
    with_answer = sorted(value for has_answer, value in answered if has_answer)
    without = sorted(value for has_answer, value in answered if not has_answer)
    if not with_answer or not without:
        return {}
    at_95, at_85 = (with_answer[int(lost * len(with_answer))] for lost in (0.05, 0.15))
    return {
        "auroc": round(_area_under_curve(with_answer, without), 4),
        "false_accepts_at_95": round(_share_from(without, at_95), 4),
        "false_accepts_at_85": round(_share_from(without, at_85), 4),
        "answered_without_answer": round(_share_from(without, threshold), 4),
        "answered_with_answer": round(_share_from(with_answer, threshold), 4),
    }


def _area_under_curve(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Of all pairs the share in which the first is above the second, ties half (Mann and Whitney 1947); both sorted."""
    won = sum(bisect_left(lower, value) + bisect_right(lower, value) for value in higher) / 2
    return won / (len(higher) * len(lower))


def _share_from(values: Sequence[float], threshold: float) -> float:
    return sum(value >= threshold for value in values) / len(values)


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
