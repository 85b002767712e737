"""Articles of other systems come in: manuals, question-and-answer pages, FMEA sheets.

As with incidents, an import tells no other system: one audit entry per change, no outbox row. What is published is
indexed by jobs in the `bulk` queue, behind everything that people wait for.
"""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from audit.services import build_entry, record_all
from prsystem.accounts.people.area_book import AreaBook
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput
from prsystem.core.hidden import without_hidden
from prsystem.core.imports.rows import (
    Checks,
    Columns,
    ImportResult,
    References,
    Watch,
    imports_serialise,
    rows_import,
    title_from,
    unwatched,
)
from prsystem.core.imports.tables import Row, Table
from prsystem.core.jobs import queue
from prsystem.core.text.fields import checked_line, checked_text

from ..models import Article, Version
from ..quarantine import signs_in
from ..retrieval.language import detect_language
from .articles import RESERVED_SLUGS, SLUG_LENGTH, TEXT_LENGTH
from .holding import version_hold

DEFAULT_SOURCE = "importacion"
VISIBILITIES = tuple(Article.Visibility.values)
TITLE_LENGTH = 200
SOURCE_LENGTH = 40
REFERENCE_LENGTH = 120 - SOURCE_LENGTH - 1
ALIASES = {
    "referencia": ("id", "referencia_externa", "referencia", "external_reference", "external_id", "reference", "key",
                   "clave"),
    "titulo": ("titulo", "title", "asunto", "subject", "question", "pregunta"),
    "texto": ("texto", "text", "contenido", "content", "body", "cuerpo"),
    "problema": ("problema", "problem", "sintoma", "symptom", "descripcion", "description"),
    "causa": ("causa", "cause", "root_cause"),
    "solucion": ("solucion", "solution", "respuesta", "answer", "resolucion", "resolution"),
    "area": ("area", "area_code", "labels.area", "departamento", "department", "categoria", "category"),
    "idioma": ("idioma", "lang", "language"),
}  # fmt: skip

_TEXTS = ("titulo", "texto", "problema", "causa", "solucion")


@dataclass(frozen=True)
class Document:
    """A checked row of a file."""

    reference: str
    title: str
    problem: str
    cause: str
    solution: str
    area_code: str
    lang: str


class ArticleImporter:
    """Checks and writes rows of articles, as published versions 1.0 or as drafts; held texts are drafts always."""

    def __init__(
        self, *, actor: Actor, columns: Columns, areas: AreaBook, source: str, visibility: str, publish: bool
    ) -> None:
        self.actor, self.columns, self.areas, self.source = actor, columns, areas, source
        self.visibility, self.publish = visibility, publish
        self.slugs = Slugs()

    def check(self, row: Row, references: References) -> Document:
        values, checks = self.columns.values(row), Checks()
        values |= {name: without_hidden(values[name]) for name in _TEXTS}
        values["solucion"], values["problema"] = _divided(values)
        title = checks.take(checked_line, "titulo", values["titulo"], TITLE_LENGTH, required=False)
        solution = checks.take(checked_text, "solucion", values["solucion"], TEXT_LENGTH)
        problem = checks.take(checked_text, "problema", values["problema"], TEXT_LENGTH, required=False)
        title = title or title_from(problem or solution)
        own = checks.take(checked_line, "referencia", values["referencia"], REFERENCE_LENGTH, required=False)
        document = Document(
            reference=f"{self.source}:{own or references.of_content(title, problem, solution)}",
            title=title,
            problem=problem or title,
            cause=checks.take(checked_text, "causa", values["causa"], TEXT_LENGTH, required=False),
            solution=solution,
            area_code=checks.take(self.areas.code_of, values["area"]),
            lang=language_of(values["idioma"], f"{title} {solution}"),
        )
        checks.finish()
        return document

    def known(self, items: list[Document]) -> set[str]:
        found = Article.objects.filter(external_reference__in=[item.reference for item in items])
        return set(found.values_list("external_reference", flat=True))

    def write(self, items: list[Document]) -> int:
        with transaction.atomic():
            imports_serialise()
            known = self.known(items)
            fresh = [item for item in items if item.reference not in known]
            articles = Article.objects.bulk_create([self._article(item) for item in fresh])
            pairs = zip(articles, fresh, strict=True)
            versions = Version.objects.bulk_create([self._version(article, item) for article, item in pairs])
            record_all([entry for version in versions for entry in self._entries(version)])
            for version in versions:
                if version.state != Version.State.PUBLISHED:
                    version_hold(version)
            if self.publish:
                self._make_current(articles)
        return len(fresh)

    def _article(self, item: Document) -> Article:
        return Article(
            slug=self.slugs.next(item.title),
            area=self.areas.area(item.area_code, self.actor),
            visibility=self.visibility,
            owner_id=self.actor.user_id,
            external_reference=item.reference,
        )

    def _version(self, article: Article, item: Document) -> Version:
        texts = (item.title, item.problem, item.cause, item.solution)
        is_published = self.publish and not signs_in(*texts)
        published = {"state": Version.State.PUBLISHED, "published_at": timezone.now()} if is_published else {}
        return Version(
            article=article,
            lang=item.lang,
            title=item.title,
            problem=item.problem,
            cause=item.cause,
            solution=item.solution,
            origin=f"importacion:{self.source}"[:60],
            author_id=self.actor.user_id,
            published_by_id=self.actor.user_id if is_published else None,
            **published,
        )

    def _entries(self, version: Version) -> list[AuditEntry]:
        resource = f"articulo:{version.article.slug}"
        details = {"version": version.number, "origen": version.origin}
        drafted = build_entry(self.actor, "article.imported", resource, details)
        if version.state != Version.State.PUBLISHED:
            return [drafted]
        change = {"version": {"antes": None, "despues": version.number}}
        return [drafted, build_entry(self.actor, "version.published", resource, change)]

    def _make_current(self, articles: list[Article]) -> None:
        published = Version.objects.filter(article=OuterRef("pk"), state=Version.State.PUBLISHED).values("pk")[:1]
        Article.objects.filter(pk__in=[article.pk for article in articles]).update(current=Subquery(published))
        for article in articles:
            queue.enqueue(
                "article.index",
                payload={"article_id": article.pk},
                queue="bulk",
                dedup_key=f"article.index:{article.pk}",
                flow=self.actor.label,
            )


class Slugs:
    """Free slugs; `titulo`, `titulo-2`, `titulo-3` for articles of one title."""

    def __init__(self) -> None:
        self._taken: set[str] | None = None
        self._last: Counter[str] = Counter()

    def next(self, title: str) -> str:
        if self._taken is None:
            self._taken = {*RESERVED_SLUGS, *Article.objects.values_list("slug", flat=True)}
        base = slugify(title)[:SLUG_LENGTH].strip("-") or "articulo"
        slug = base
        while slug in self._taken:
            self._last[base] = max(self._last[base], 1) + 1
            slug = f"{base}-{self._last[base]}"
        self._taken.add(slug)
        return slug


def _divided(values: dict[str, str]) -> tuple[str, str]:
    """Solution and problem. A document of one text is the solution of the problem in its title."""
    if values["solucion"]:
        return values["solucion"], values["problema"] or values["texto"] or values["titulo"]
    return values["texto"] or values["problema"], (values["problema"] if values["texto"] else "") or values["titulo"]


def language_of(given: str, text: str) -> str:
    """`es` or `en`: as given, else detected."""
    code = given.strip().casefold()[:2]
    return code if code in ("es", "en") else detect_language(text)


def articles_import(
    *,
    actor: Actor,
    table: Table,
    areas: AreaBook,
    columns: dict[str, str] | None = None,
    source: str = "",
    visibility: str = Article.Visibility.AREA,
    publish: bool = False,
    dry_run: bool = False,
    skip_errors: bool = False,
    watch: Watch = unwatched,
) -> ImportResult:
    """Import a table of articles as drafts, or published; those whose (source, reference) exists are left as they are.

    `columns` names the column of a field, an empty one switches the field off. Raises UnreadableTable when a needed
    column isn't there.
    """
    if visibility not in VISIBILITIES:
        raise InvalidInput.field("visibilidad", _("Unknown visibility."))
    required = [("texto", "solucion", "problema"), *([] if areas.default else [("area",)])]
    importer = ArticleImporter(
        actor=actor,
        columns=Columns(ALIASES, table, columns or {}, required),
        areas=areas,
        source=checked_line("origen", source or DEFAULT_SOURCE, SOURCE_LENGTH),
        visibility=visibility,
        publish=publish,
    )
    return rows_import(importer, table, dry_run=dry_run, skip_errors=skip_errors, watch=watch)
