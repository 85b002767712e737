"""A suggestion as it is shown: its text with clickable citations, each leading to the very passage."""

import re
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from knowledge.citing import passage_url
from knowledge.selectors import article_ids_readable
from knowledge.selectors_manuals import document_url_of
from prsystem.core.markdown import render
from prsystem.core.rights import Rights

from .models import Citation, Suggestion
from .selectors import suggestion_place, suggestions_waiting

_MARK = re.compile(r"\[(\d{1,2})\]")


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


@dataclass(frozen=True)
class Proposal:
    """`html` is empty when there is no text, or none that the asker may read (`is_withheld`)."""

    suggestion: Suggestion
    html: SafeString = field(default_factory=lambda: mark_safe(""))
    plain: str = ""
    citations: list[Cited] = field(default_factory=list)
    was_helpful: bool | None = None
    is_withheld: bool = False
    unsupported: list[str] = field(default_factory=list)
    place: int | None = None
    waiting: int = 0

    @property
    def mark(self) -> str:
        """What the page has seen: another one means that there is something new to show."""
        return f"{self.suggestion.state}-{len(self.suggestion.text)}-{self.place or 0}-{self.waiting}"

    @property
    def is_recalled(self) -> bool:
        """Whether one of its sources was found to be wrong since."""
        return any(cited.is_recalled for cited in self.citations)


def proposal_of(suggestion: Suggestion | None, rights: Rights, ratings: dict[int | None, bool]) -> Proposal | None:
    """Withheld as a whole when one of its sources may not be read by the asker."""
    if suggestion is None:
        return None
    cited = list(suggestion.citations.all())
    readable = article_ids_readable(rights, [c.article_id for c in cited]) if cited else set()
    if any(citation.article_id not in readable for citation in cited):
        return Proposal(suggestion, is_withheld=True)
    place = suggestion_place(suggestion)
    citations = [_cited(citation, ratings) for citation in cited]
    return Proposal(
        suggestion,
        html=_linked(render(suggestion.text), citations),
        plain=_MARK.sub("", suggestion.text).replace(" .", ".").strip(),
        citations=citations,
        was_helpful=ratings.get(None),
        unsupported=unsupported_of(suggestion),
        place=place,
        waiting=suggestions_waiting() if place else 0,
    )


def unsupported_of(suggestion: Suggestion) -> list[str]:
    """The sentences of a model's answer that are shown although their passages don't hold them up fully."""
    if suggestion.rung != Suggestion.Rung.MODEL:
        return []
    return [found["texto"] for found in suggestion.record.get("sin_sustento", []) if found["mostrada"]]


def _cited(citation: Citation, ratings: dict[int | None, bool]) -> Cited:
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
    )


def _linked(html: SafeString, citations: list[Cited]) -> SafeString:
    """`[2]` as a link to the second source; numbers without a source stay text."""
    by_number = {cited.number: cited for cited in citations}

    def link(match: re.Match[str]) -> str:
        cited = by_number.get(int(match[1]))
        if cited is None:
            return match[0]
        return format_html('<a class="cite" href="{}" title="{}">{}</a>', cited.url, cited.title, cited.number)

    return mark_safe(_MARK.sub(link, html))  # noqa: S308 -- cleaned HTML with escaped links
