"""Articles, their versions, publishing, search."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.accounts.models import Area
from prsystem.accounts.selectors import area_by_code
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller, query_of
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import InvalidInput
from prsystem.core.text.cleaning import has_forbidden_controls

from ..models import Article
from ..retrieval.language import detect_language
from ..selectors import (
    article_get,
    articles_containing,
    articles_listed,
    version_get,
    version_to_publish,
    versions_of,
)
from ..services import (
    Lesson,
    article_owner_set,
    version_learn,
    version_publish,
    version_restore,
)
from ..services.search import knowledge_search
from ..writing.reviewing import article_details_set
from . import shapes
from .serializers import (
    ArticleChange,
    ArticleIn,
    ArticleLineOut,
    ArticleOut,
    PublicationOut,
    RestoreIn,
    SearchIn,
    SearchOut,
    SearchQuery,
    SeenIn,
)

_TAGS = ["conocimiento"]
WORDS_LENGTH = 200


class ArticleView(APIView):
    """Below `/api/conocimiento/{slug}`: what the caller may not read doesn't exist."""

    def article(self, request: Request) -> Article:
        return article_get(caller(request).rights, self.kwargs["slug"])


class ArticleListView(APIView):
    ordering = ("-updated_at", "-id")

    @extend_schema(
        operation_id="conocimiento_listar",
        tags=_TAGS,
        parameters=[OpenApiParameter("area", str), OpenApiParameter("q", str), *PAGING],
        responses=page_of(ArticleLineOut),
    )
    def get(self, request: Request) -> Response:
        """Published articles that the caller may read, the last changed first."""
        found = _narrowed(articles_listed(caller(request).rights), request)
        pages = CursorPages()
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response([shapes.article_line(row) for row in rows])

    @extend_schema(
        operation_id="conocimiento_crear",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=ArticleIn,
        responses={201: PublicationOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new article: version 1.0, a draft unless `publicar`."""
        given = body_of(request, ArticleIn)
        lesson = Lesson(
            area=known_area(given["area"]),
            lang=detect_language(f"{given['titulo']} {given['problema']} {given['solucion']}"),
            title=given["titulo"],
            problem=given["problema"],
            cause=given.get("causa", ""),
            solution=given["solucion"],
        )
        version = version_learn(actor=caller(request), lesson=lesson, publish=given.get("publicar", False))
        location = request.build_absolute_uri(f"/api/conocimiento/{version.article.slug}")
        return Response(shapes.publication_out(version), status=201, headers={"Location": location})


def _narrowed(found: QuerySet[Article], request: Request) -> QuerySet[Article]:
    if code := request.query_params.get("area", ""):
        found = found.filter(area=known_area(code))
    words = words_of(request)
    return articles_containing(found, words) if words else found


def words_of(request: Request) -> str:
    """What `?q=` looks for in a list; InvalidInput for what can't be looked for."""
    words = request.query_params.get("q", "").strip()
    if has_forbidden_controls(words) or len(words) > WORDS_LENGTH:
        raise InvalidInput.field("q", _("At most %(limit)d characters.") % {"limit": WORDS_LENGTH})
    return words


def known_area(code: str) -> Area:
    area = None if has_forbidden_controls(code) else area_by_code(code)
    if area is None:
        raise InvalidInput.field("area", _("Unknown area."))
    return area


class ArticleDetailView(ArticleView):
    @extend_schema(operation_id="conocimiento_leer", tags=_TAGS, responses=ArticleOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        """The published text; the newest draft of an article that was never published."""
        article = self.article(request)
        version = article.current or versions_of(caller(request).rights, article)[0]
        return Response(shapes.article_out(article, version))

    @extend_schema(
        operation_id="conocimiento_cambiar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=ArticleChange,
        responses=ArticleOut,
    )
    @idempotent
    def patch(self, request: Request, **kwargs: str) -> Response:
        """Its area, who may read it, who looks after it and until when it holds. Its text grows by versions."""
        actor, article = caller(request), self.article(request)
        given = body_of(request, ArticleChange)
        if {"area", "visibilidad", "revisar_el"} & set(given):
            article_details_set(
                actor=actor,
                slug=article.slug,
                area=known_area(given["area"]) if "area" in given else article.area,
                visibility=given.get("visibilidad", article.visibility),
                review_on=given.get("revisar_el", article.review_on),
            )
        if "responsable" in given:
            article_owner_set(actor=actor, article_id=article.pk, username=given["responsable"] or "")
        return self.get(request, **kwargs)


class PublishView(ArticleView):
    @extend_schema(
        operation_id="conocimiento_publicar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=SeenIn,
        responses=PublicationOut,
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Publish a version, the newest draft unless one is named. Publishing what is published changes nothing."""
        actor, given = caller(request), body_of(request, SeenIn)
        version = version_to_publish(actor.rights, self.kwargs["slug"], given.get("version", ""))
        published = version_publish(actor=actor, version_id=version.pk, revision=given.get("revision"))
        return Response(shapes.publication_out(published))


class RestoreView(ArticleView):
    @extend_schema(
        operation_id="conocimiento_restaurar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=RestoreIn,
        responses=PublicationOut,
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Bring an old text back as a new published version."""
        actor, given = caller(request), body_of(request, RestoreIn)
        old = version_get(actor.rights, self.kwargs["slug"], given["version"])
        return Response(shapes.publication_out(version_restore(actor=actor, version_id=old.pk)))


class SearchView(APIView):
    @extend_schema(operation_id="conocimiento_buscar", tags=_TAGS, parameters=[SearchQuery], responses=SearchOut)
    def get(self, request: Request) -> Response:
        """Search what the caller may read. A POST keeps the words out of addresses and logs."""
        return _found(request, **query_of(request, SearchQuery))

    @extend_schema(operation_id="conocimiento_buscar_post", tags=_TAGS, request=SearchIn, responses=SearchOut)
    def post(self, request: Request) -> Response:
        """The same search with the words in the body."""
        return _found(request, **body_of(request, SearchIn))


def _found(request: Request, query: str, limite: int) -> Response:
    result = knowledge_search(rights=caller(request).rights, text=query, limit=limite)
    return Response(
        {"resultados": [shapes.hit_out(hit) for hit in result.hits], "modo": result.mode, "tambien": result.also}
    )
