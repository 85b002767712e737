"""Rows of articles and their versions for the demo."""

from dataclasses import dataclass, field

from incidents.case.models import Incident
from knowledge.models import Article, Version

from .cast import Cast
from .moments_given import moments_given
from .plan import ArticlePlan, DemoPlan, VersionPlan


@dataclass
class Shelf:
    """Plans and rows by slug; versions by slug and minor number; `learned`: key of an incident -> its version."""

    plans: dict[str, ArticlePlan]
    articles: dict[str, Article] = field(default_factory=dict)
    versions: dict[tuple[str, int], Version] = field(default_factory=dict)
    learned: dict[int, Version] = field(default_factory=dict)


def articles_insert(plan: DemoPlan, cast: Cast, incidents: list[Incident]) -> Shelf:
    """Articles, their versions, and which one is read."""
    shelf = Shelf({article.slug: article for article in plan.articles})
    with moments_given(Article, Version):
        made = Article.objects.bulk_create([_article(article, cast) for article in plan.articles])
        shelf.articles = {article.slug: article for article in made}
        pairs = [(article, version) for article in plan.articles for version in article.versions]
        rows = [_version(article, version, shelf, cast, incidents) for article, version in pairs]
        Version.objects.bulk_create(rows)
    for (article, version), row in zip(pairs, rows, strict=True):
        shelf.versions[article.slug, version.minor] = row
        if version.origin is not None:
            shelf.learned[version.origin] = row
    _set_current(shelf)
    return shelf


def _article(plan: ArticlePlan, cast: Cast) -> Article:
    read = plan.published() or plan.versions[0]
    return Article(
        slug=plan.slug,
        area=cast.areas[plan.area],
        visibility=plan.visibility,
        owner=cast.users[plan.owner],
        created_at=plan.created_at,
        updated_at=read.created_at,
    )


def _version(article: ArticlePlan, plan: VersionPlan, shelf: Shelf, cast: Cast, incidents: list[Incident]) -> Version:
    return Version(
        article=shelf.articles[article.slug],
        major=1,
        minor=plan.minor,
        state=_state(article, plan),
        lang=article.lang,
        title=article.title,
        problem=plan.problem,
        cause=plan.cause,
        solution=plan.solution,
        origin="" if plan.origin is None else incidents[plan.origin].resource,
        author=cast.users[plan.author],
        created_at=plan.created_at,
        published_by=cast.user(plan.publisher),
        published_at=plan.created_at if plan.publisher else None,
    )


def _state(article: ArticlePlan, version: VersionPlan) -> str:
    if version.publisher is None:
        return Version.State.DRAFT
    return Version.State.PUBLISHED if version is article.published() else Version.State.SUPERSEDED


def _set_current(shelf: Shelf) -> None:
    for slug, row in shelf.articles.items():
        read = shelf.plans[slug].published()
        row.current = shelf.versions[slug, read.minor] if read else None
    Article.objects.bulk_update(shelf.articles.values(), ["current"])
