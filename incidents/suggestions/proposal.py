"""A suggestion as it is shown: its text with clickable citations, each leading to the very passage."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from incidents.case.models import Incident
from knowledge.citing import MARKERS, passage_url, without_markers
from knowledge.selectors import article_slugs_readable
from knowledge.selectors_manuals import document_url_of
from prsystem.core.errors import NotAllowed
from prsystem.core.rights import Rights
from prsystem.core.text.markdown import render

from .hidden import NotProposed, hidden_article_ids, not_proposed
from .models import Citation, Suggestion
from .selectors import Line, latest_suggestions, suggestion_line

_MARK = re.compile(r"\[(\d{1,2})\]")
UNFINISHED = (Suggestion.State.PENDING, Suggestion.State.RUNNING)


@dataclass(frozen=True)
class Cited:
    """A source: where it is and the words taken from it."""

    id: int
    number: int
    title: str
    slug: str
    version: str
    url: str
    fragment: str
    was_helpful: bool | None
    is_recalled: bool = False
    document_url: str = ""  # opens the manual at the cited page
    kind: str = ""  # of the passage: cause, solution
    kind_label: str = ""


@dataclass(frozen=True)
class CitedArticle:
    """A version that a proposal leans on, once, with the passages taken from it: at least one, by number."""

    passages: list[Cited]

    @property
    def first(self) -> Cited:
        return self.passages[0]

    @property
    def was_helpful(self) -> bool | None:
        """What was said of it, by whichever of its numbers."""
        return next((one.was_helpful for one in self.passages if one.was_helpful is not None), None)


@dataclass(frozen=True)
class Proposal:
    """What one asker is shown of a suggestion, and nothing else of it: there is no way from here to the row.

    `text` and everything made of it are empty where there is none, or none that the asker may read (`is_withheld`).
    `no_model` is why no model wrote it, a code of `model_notes`. `is_put_away`: it leans on a source that isn't shown
    at this case. `not_proposed`: sources that people found useless at such cases, and why.
    """

    id: int | None = None
    state: str = Suggestion.State.NO_ANSWER
    rung: str = Suggestion.Rung.QUEUE
    text: str = ""
    confidence: float | None = None
    model: str = ""
    node: str = ""
    duration_ms: int | None = None
    citations: list[Cited] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    was_helpful: bool | None = None
    is_withheld: bool = False
    no_model: str = ""
    line: Line | None = None
    is_put_away: bool = False
    not_proposed: Sequence[NotProposed] = ()

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def html(self) -> SafeString:
        return _linked(render(self.text), self.citations)

    @property
    def sources(self) -> list[CitedArticle]:
        """In the order of their first numbers."""
        found: dict[tuple[str, str], list[Cited]] = {}
        for cited in self.citations:
            found.setdefault((cited.slug, cited.version), []).append(cited)
        return [CitedArticle(passages) for passages in found.values()]

    @property
    def plain(self) -> str:
        """The words without their markers."""
        return without_markers(self.text)

    @property
    def to_resolve_with(self) -> str:
        """What the form of a resolution begins with: an answer checked as a whole that nobody has recalled since."""
        return self.plain if self.state == Suggestion.State.READY and not self.is_recalled else ""

    @property
    def mark(self) -> str:
        """What the page has seen: another one means that there is something new to show."""
        place = f"{self.line.place}-{self.line.length}" if self.line else "0-0"
        return f"{self.state}-{len(self.text)}-{place}"

    @property
    def is_recalled(self) -> bool:
        """Whether one of its sources was found to be wrong since."""
        return any(cited.is_recalled for cited in self.citations)


def suggestion_for(incident: Incident, rights: Rights) -> Suggestion | None:
    """The newest suggestion for this reader: the one for support only where all that it is made of may be read, else
    the reporter's, as if there were no other."""
    for suggestion in latest_suggestions(incident):
        if not suggestion.for_support or may_read_text(suggestion, rights):
            return suggestion
    return None


def proposal_of(
    suggestion: Suggestion | None, rights: Rights, ratings: Mapping[int | None, bool] = MappingProxyType({})
) -> Proposal | None:
    """The one gate between a suggestion and whoever asks, for every surface and for what forms begin with.

    Withheld as a whole when something that its text was made of may not be read by the asker, now: its text may hold
    words of it. `suggestion` comes with its citations, their articles and versions (`suggestion_for`).
    """
    if suggestion is None:
        return None
    if suggestion.incident.is_emergency:  # one made before is no help now
        return Proposal(suggestion.pk)
    if not may_read_text(suggestion, rights):
        return _without_text(suggestion)
    if _leans_on_hidden(suggestion):
        return Proposal(suggestion.pk, is_put_away=True)
    return Proposal(
        id=suggestion.pk,
        state=suggestion.state,
        rung=suggestion.rung,
        text=suggestion.text,
        confidence=suggestion.confidence,
        model=suggestion.model,
        node=suggestion.node,
        duration_ms=suggestion.duration_ms,
        citations=[_cited(citation, ratings) for citation in suggestion.citations.all()],
        unsupported=_unsupported(suggestion),
        was_helpful=ratings.get(None),
        no_model=str(suggestion.record.get("sin_modelo", "")),
        line=suggestion_line(suggestion),
        not_proposed=not_proposed(suggestion, rights),
    )


def _leans_on_hidden(suggestion: Suggestion) -> bool:
    cited = {citation.article_id for citation in suggestion.citations.all()}
    return bool(cited) and not cited.isdisjoint(hidden_article_ids(suggestion.incident))


def _without_text(suggestion: Suggestion) -> Proposal:
    """While it is being written: that it is. Afterwards: as if there were no answer."""
    if suggestion.is_finished:
        return Proposal(suggestion.pk, is_withheld=True)
    return Proposal(suggestion.pk, suggestion.state, rung="", line=suggestion_line(suggestion))


def may_read_text(suggestion: Suggestion, rights: Rights) -> bool:
    """Whether the asker may read, now, everything that the text was made of.

    That is what it cites; while a model writes, and for all that a model wrote, also the passages that it was given: a
    sentence may hold words of one that it doesn't cite. A growing text whose passages aren't known (yet) was found by
    the rights of who reported, and is shown to nobody else.
    """
    given = {passage[1] for passage in suggestion.record.get("pasajes", [])}
    if not suggestion.is_finished and not given:
        return not suggestion.text or rights.user_id == suggestion.incident.reporter_id
    used = {citation.article.slug for citation in suggestion.citations.all()}
    if not suggestion.is_finished or suggestion.rung == Suggestion.Rung.MODEL:
        used |= given
    return not used or article_slugs_readable(rights, used) == used


def require_readable(suggestion: Suggestion, rights: Rights) -> None:
    """Who may not read a proposal doesn't rate it, and isn't told how many sources it has."""
    if not may_read_text(suggestion, rights):
        raise NotAllowed(_("This proposal uses knowledge that you can't read."))


def _unsupported(suggestion: Suggestion) -> list[str]:
    """The sentences of a model's answer that are shown although their passages don't hold them up fully."""
    if suggestion.rung != Suggestion.Rung.MODEL:
        return []
    return [found["texto"] for found in suggestion.record.get("sin_sustento", []) if found["mostrada"]]


def _cited(citation: Citation, ratings: Mapping[int | None, bool]) -> Cited:
    version = citation.version
    texts = {"solution": version.solution, "cause": version.cause, "problem": version.problem}
    slug = citation.article.slug
    return Cited(
        id=citation.pk,
        number=citation.number,
        title=version.title,
        slug=slug,
        version=version.number,
        url=passage_url(slug, version.number, texts, citation.fragment),
        fragment=citation.fragment,
        was_helpful=ratings.get(citation.pk),
        is_recalled=version.state == version.State.RECALLED,
        document_url=document_url_of(citation.article, version),
        kind=citation.kind,
        kind_label=citation.get_kind_display(),
    )


def _linked(html: SafeString, citations: list[Cited]) -> SafeString:
    """`[2]` as a link to the second source; numbers without a source stay text."""
    by_number = {cited.number: cited for cited in citations}

    def link(match: re.Match[str]) -> str:
        cited = by_number.get(int(match[1]))
        if cited is None:
            return match[0]
        return format_html('<a class="cite" href="{}" title="{}">{}</a>', cited.url, cited.title, cited.number)

    return mark_safe(MARKERS.sub(lambda markers: _MARK.sub(link, markers[0]), html))  # noqa: S308 -- cleaned HTML with escaped links
