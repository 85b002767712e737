"""Articles of the demo and the incidents their versions were learned from. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from .content import Problem
from .moments import between
from .people import support_of
from .plan import DAYS, ArticlePlan, IncidentPlan, VersionPlan

DRAFTS = 4
_MARGIN = timedelta(hours=3)


def article_of(random: Random, problem: Problem, solved: Sequence[IncidentPlan], now: datetime) -> ArticlePlan:
    """The article of a problem. `solved` are its resolved incidents by time of resolution.

    One in four was written after its first incident, the others are older than the demo's 90 days; an improvement is
    learned from the next incident that was solved after the version before it.
    """
    begin = now - timedelta(days=DAYS)
    fresh = solved[0] if solved and random.random() < 0.25 else None
    if fresh and fresh.resolved_at:
        first = fresh.resolved_at
    else:
        first = (begin - timedelta(days=random.randrange(5, 600), seconds=random.randrange(86_400))).replace(
            microsecond=0
        )
    versions = [_version(random, problem, 0, first, fresh)]
    for minor in problem.minors[1:]:
        before = versions[-1].created_at
        teacher = next((i for i in solved if i.resolved_at and i.resolved_at > before), None)
        at = teacher.resolved_at if teacher and teacher.resolved_at else between(random, before, now - _MARGIN)
        versions.append(_version(random, problem, minor, at, teacher))
    return ArticlePlan(
        slug=problem.slug,
        title=problem.title,
        area=problem.area,
        lang=problem.lang,
        visibility=_visibility(random, problem),
        owner=versions[0].author,
        versions=tuple(versions),
    )


def _version(random: Random, problem: Problem, minor: int, at: datetime, teacher: IncidentPlan | None) -> VersionPlan:
    publishers = support_of("L2", problem.area) + support_of("L3", problem.area)
    author = teacher.assignee if teacher and teacher.assignee else random.choice(publishers)
    return VersionPlan(
        minor=minor,
        problem=problem.problem,
        cause=problem.cause,
        solution=problem.solution(minor),
        author=author,
        publisher=author if author in publishers else random.choice(publishers),
        created_at=at,
        origin=teacher.key if teacher else None,
    )


def _visibility(random: Random, problem: Problem) -> str:
    if "interno" in problem.flags:
        return "soporte"
    return "todos" if random.random() < 0.75 else "area"
