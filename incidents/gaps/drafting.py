"""The draft of an article out of a gap's cases: their solutions go through the answer ladder as passages, as data."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.case.models import Incident
from knowledge.assistant.extractive import steps_added
from knowledge.assistant.records import Passage
from knowledge.citing import without_markers
from knowledge.services import Lesson, version_learn
from knowledge.services.assisting import answer_from
from prsystem.accounts.models import User
from prsystem.core.text.cleaning import shorten

from .models import KnowledgeGap

State = KnowledgeGap.State
LANGUAGE = "es"
SOURCES = 8
SYMPTOM_LENGTH = 160


def gap_draft(*, gap_id: int, user_id: int) -> None:
    """Job: write it with the model, the small model or word for word, whichever answers. No transaction during a call.

    Safe to run twice.
    """
    gap = KnowledgeGap.objects.select_related("area").get(pk=gap_id)
    if gap.state != State.DRAFTING:
        return
    cases = list(Incident.objects.filter(gap_case__gap=gap).exclude(solution="").order_by("-id")[:SOURCES])
    if not cases:
        gap_draft_fail(gap_id=gap_id, user_id=user_id)
        return
    typical = next((case for case in cases if case.title == gap.title), cases[0])
    report = f"{typical.title}\n{typical.description}"
    solution, rung = answer_from(report=report, lang=typical.lang, passages=_passages(typical, cases))
    lesson = Lesson(
        area=gap.area,
        lang=typical.lang,
        title=gap.title,
        problem=_problem(typical, cases),
        cause=next((case.cause for case in (typical, *cases) if case.cause), ""),
        solution=without_markers(solution) or _to_complete(),
        origin=gap.resource,
    )
    _keep(gap_id, user_id, lesson, rung)


def _passages(typical: Incident, cases: list[Incident]) -> list[Passage]:
    """Solutions, the typical case's first, numbered; of the others what none before says. The cause has a place of its
    own in the article."""
    ordered = [typical, *(case for case in cases if case is not typical)]
    added = dict(zip(ordered, steps_added([case.solution for case in ordered]), strict=True))
    return [
        Passage(
            n=number,
            passage_id=number,
            article_slug=case.number,
            article_title=case.title,
            version="1.0",
            kind="solution",
            lang=case.lang,
            text=added[case],
            score=1.0 if case is typical else 0.9,
        )
        for number, case in enumerate([case for case in ordered if added[case]], start=1)
    ]


def _problem(typical: Incident, cases: list[Incident]) -> str:
    """What the typical case reported, and how the others said it."""
    others = dict.fromkeys(shorten(case.title, SYMPTOM_LENGTH) for case in cases if case.title != typical.title)
    lines = "\n".join(f"- {title}" for title in others)
    return f"{typical.description}\n\n{lines}" if lines else typical.description


def _to_complete() -> str:
    """No solution of the cases can be trusted as data, e.g. because they give orders: a person writes it."""
    with override(LANGUAGE):
        return _("To be completed: the solutions of the cases can't be taken as they stand.")


@transaction.atomic
def _keep(gap_id: int, user_id: int, lesson: Lesson, rung: str) -> None:
    gap = KnowledgeGap.objects.select_for_update(of=["self"]).get(pk=gap_id)
    if gap.state != State.DRAFTING:
        return
    actor = User.objects.get(pk=user_id).as_actor()
    gap.draft = version_learn(actor=actor, lesson=lesson)
    gap.state, gap.rung = State.DRAFTED, rung
    gap.save()


def gap_draft_fail(*, gap_id: int, user_id: int) -> None:
    """After the last attempt: it may be asked for again."""
    KnowledgeGap.objects.filter(pk=gap_id, state=State.DRAFTING).update(state=State.OPEN)
