"""What people say of articles, and what came of using them: search ranks by it (`retrieval/usefulness.py`)."""

from collections.abc import Iterable

from django.db import transaction

from audit.services import record
from prsystem.accounts.models import User
from prsystem.core.context import Actor

from ..models import Article, ArticleFeedback, Version

Said = ArticleFeedback.Said
STRENGTH = {Said.OUTCOME.value: 0, Said.ANSWER.value: 1, Said.SOURCE.value: 2}


def article_feedback_give(
    *, actor: Actor, user: User, article: Article, was_helpful: bool, resolved_without_case: bool = False
) -> ArticleFeedback:
    """Say whether the published version helped. The last word of a person counts; «it helped, no case needed» is kept
    once said."""
    with transaction.atomic():
        feedback, _new = ArticleFeedback.objects.update_or_create(
            article=article,
            version=article.current,
            user=user,
            defaults={
                "was_helpful": was_helpful,
                "said_of": Said.SOURCE,
                **({"resolved_without_case": True} if resolved_without_case else {}),
            },
        )
        details = {"util": was_helpful, "sin_incidencia": resolved_without_case}
        record(actor, "article.rated", f"articulo:{article.slug}", details)
    return feedback


@transaction.atomic
def votes_keep(*, user_id: int, versions: Iterable[Version], was_helpful: bool, said_of: str, origin: str = "") -> None:
    """Part of a service that has its own entry: one person's vote for each version, and the case that it came of.

    What was said of the article itself stands above what was said of an answer, and that above what came of a case.
    """
    for version in sorted(set(versions), key=lambda v: v.pk):
        mine = ArticleFeedback.objects.filter(article_id=version.article_id, version=version, user_id=user_id)
        known = mine.values_list("said_of", flat=True).first()
        if known is None or STRENGTH[known] <= STRENGTH[said_of]:
            ArticleFeedback.objects.update_or_create(
                article_id=version.article_id,
                version=version,
                user_id=user_id,
                defaults={"was_helpful": was_helpful, "said_of": said_of, "origin": origin},
            )


def outcomes_withdraw(*, origin: str) -> int:
    """Part of a service that has its own entry: what came of a case doesn't hold any more; how many votes went."""
    return ArticleFeedback.objects.filter(origin=origin, said_of=Said.OUTCOME).delete()[0]
