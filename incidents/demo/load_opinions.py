"""What people of the demo said of proposals and articles, so that the board has rates to show."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

from incidents.case.models import Incident
from incidents.suggestions.models import Citation, Suggestion, SuggestionRating
from knowledge.models import ArticleFeedback, Passage, Version

from .cast import Cast
from .load_knowledge import Shelf
from .moments_given import moments_given
from .people import REPORTERS
from .plan import DAYS, DemoPlan, IncidentPlan

RATED_ONE_IN = 4
HELPFUL_IN_FIVE = (True, True, False, True, True)
SPARED = 70
AFTER = timedelta(seconds=9)


def opinions_insert(plan: DemoPlan, cast: Cast, incidents: list[Incident], shelf: Shelf) -> int:
    """Rated proposals of ended incidents and people whom an article spared one; how many in all."""
    return _ratings_insert(plan, cast, incidents) + _spared_insert(plan, cast, shelf)


def _answered(plan: DemoPlan, incidents: list[Incident]) -> Iterator[tuple[IncidentPlan, Incident, Version]]:
    """Those that were solved with a version which existed when they were reported."""
    for incident, row in zip(plan.incidents, incidents, strict=True):
        version = row.learned_version
        if incident.resolved_at and version and version.created_at < incident.created_at:
            yield incident, row, version


def _ratings_insert(plan: DemoPlan, cast: Cast, incidents: list[Incident]) -> int:
    """The proposals are passages of the version, word by word, as the extractive rung gives them."""
    chosen = list(_answered(plan, incidents))[::RATED_ONE_IN]
    with moments_given(Suggestion, SuggestionRating):
        made = Suggestion.objects.bulk_create(_proposal(row, version) for _incident, row, version in chosen)
        Citation.objects.bulk_create(
            _citation(suggestion, version) for suggestion, (_incident, _row, version) in zip(made, chosen, strict=True)
        )
        SuggestionRating.objects.bulk_create(
            SuggestionRating(
                suggestion=suggestion,
                user=cast.user(incident.assignee),
                was_helpful=was_helpful,
                created_at=incident.resolved_at or plan.now,
            )
            for suggestion, (incident, *_rest), was_helpful in zip(made, chosen, cycle(HELPFUL_IN_FIVE), strict=False)
        )
    return len(made)


def _proposal(row: Incident, version: Version) -> Suggestion:
    return Suggestion(
        incident=row,
        state=Suggestion.State.READY,
        rung=Suggestion.Rung.EXTRACTIVE,
        text=f"{version.solution} [1]",
        created_at=row.created_at,
        finished_at=row.created_at + AFTER,
        duration_ms=AFTER.seconds * 1000,
    )


def _citation(suggestion: Suggestion, version: Version) -> Citation:
    return Citation(
        suggestion=suggestion,
        number=1,
        article_id=version.article_id,
        version=version,
        kind=Passage.Kind.SOLUTION,
        fragment=version.solution,
    )


def _spared_insert(plan: DemoPlan, cast: Cast, shelf: Shelf) -> int:
    """Spread over the demo's days, by those who report in the article's area."""
    rows = []
    open_to_all = [article for article in plan.articles if article.visibility == "todos" and article.published()]
    for number, article in enumerate(open_to_all[:SPARED]):
        people = [person.username for person in REPORTERS if article.area in person.areas]
        said_at = plan.now - timedelta(days=DAYS) * (number + 1) / (SPARED + 1)
        version = article.published(said_at)
        if not people or version is None:
            continue
        rows.append(
            ArticleFeedback(
                article=shelf.articles[article.slug],
                version=shelf.versions[article.slug, version.minor],
                user=cast.users[people[number % len(people)]],
                was_helpful=True,
                resolved_without_case=True,
                created_at=said_at,
            )
        )
    with moments_given(ArticleFeedback):
        return len(ArticleFeedback.objects.bulk_create(rows))
