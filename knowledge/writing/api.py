"""Versions in the API: read, begun, edited while they are drafts, corrected once they are published."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.core.api.fields import Text, WholeNumber
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.context import Actor
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from ..api import shapes
from ..api.serializers import PublicationOut, VersionOut
from ..api.views import ArticleView
from ..models import Article, Version
from ..selectors import drafts_to_publish, version_get, versions_of
from .selectors import drafts_of
from .services import correction_publish, draft_begin_next, draft_save
from .texts import FIELDS, LANGUAGES, Draft

_TAGS = ["conocimiento"]
SHOWN_WITH = ("article__area", "author", "edited_by", "published_by", "base")


class TextsIn(serializers.Serializer):
    """Texts that are left out stay as they are. `idioma` empty: recognised from the text."""

    titulo = Text(required=False)
    problema = Text(required=False)
    causa = Text(required=False)
    solucion = Text(required=False)
    idioma = serializers.ChoiceField(["", *LANGUAGES], required=False)


class DraftIn(TextsIn):
    version = WholeNumber(help_text="La `revision` sobre la que se escribió; si ya es otra, 409 con los dos textos.")
    sobre = Text(
        required=False,
        max_length=11,
        allow_blank=False,
        help_text="La versión publicada cuyos cambios ya incorpora el borrador.",
    )


class CorrectIn(TextsIn):
    version = Text(max_length=11, help_text="La versión publicada que se corrige; si ya es otra, 409.")


class DraftOut(VersionOut):
    articulo = serializers.CharField()
    area = serializers.CharField()


class _DraftsView(APIView):
    ordering = ("-id",)

    def waiting(self, rights: Rights) -> QuerySet[Version]:
        raise NotImplementedError

    def page(self, request: Request) -> Response:
        pages = CursorPages()
        found = self.waiting(caller(request).rights).order_by(*self.ordering).select_related(*SHOWN_WITH)
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response([_draft_out(row) for row in rows])


class DraftsView(_DraftsView):
    @extend_schema(operation_id="conocimiento_borradores", tags=_TAGS, parameters=PAGING, responses=page_of(DraftOut))
    def get(self, request: Request) -> Response:
        """One's own drafts, newest first."""
        return self.page(request)

    def waiting(self, rights: Rights) -> QuerySet[Version]:
        return drafts_of(rights)


class ReviewsView(_DraftsView):
    @extend_schema(operation_id="conocimiento_por_revisar", tags=_TAGS, parameters=PAGING, responses=page_of(DraftOut))
    def get(self, request: Request) -> Response:
        """Drafts that wait for somebody with the caller's right to publish, newest first."""
        return self.page(request)

    def waiting(self, rights: Rights) -> QuerySet[Version]:
        return drafts_to_publish(rights)


def _draft_out(version: Version) -> dict[str, Any]:
    head = {"articulo": version.article.slug, "area": version.article.area.code}
    return {**head, **shapes.version_out(version)}


class VersionsView(ArticleView):
    ordering = ("-major", "-minor", "-id")

    @extend_schema(operation_id="conocimiento_versiones", tags=_TAGS, parameters=PAGING, responses=page_of(VersionOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        """Versions, newest first; drafts for those who read drafts."""
        pages = CursorPages()
        found = versions_of(caller(request).rights, self.article(request))
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response([shapes.version_out(row) for row in rows])

    @extend_schema(
        operation_id="conocimiento_version_crear",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=TextsIn,
        responses={201: VersionOut},
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """The next version as a draft: the published text (the newest where none is published) with what is given."""
        slug, given = self.article(request).slug, body_of(request, TextsIn)
        version = draft_begin_next(actor=caller(request), slug=slug, given=given)
        location = request.build_absolute_uri(f"/api/conocimiento/{slug}/versiones/{version.number}")
        return Response(shapes.version_out(version), status=201, headers={"Location": location})


class VersionView(ArticleView):
    @extend_schema(operation_id="conocimiento_version", tags=_TAGS, responses=VersionOut)
    def get(self, request: Request, slug: str, number: str) -> Response:
        return Response(shapes.version_out(version_get(caller(request).rights, slug, number)))

    @extend_schema(
        operation_id="conocimiento_version_editar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=DraftIn,
        responses=VersionOut,
    )
    @idempotent
    def patch(self, request: Request, slug: str, number: str) -> Response:
        """Edit a draft. Where it was saved since, or is none any more: 409, with both texts in `diferencias`."""
        actor, given = caller(request), body_of(request, DraftIn)
        version = version_get(actor.rights, slug, number)
        return Response(shapes.version_out(_edited(actor, version, given)))


def _edited(actor: Actor, version: Version, given: dict[str, Any]) -> Version:
    return draft_save(
        actor=actor,
        version_id=version.pk,
        revision=given["version"],
        draft=_draft(version, given),
        taking_in=given.get("sobre", ""),
    )


def _draft(version: Version, given: dict[str, Any]) -> Draft:
    """Without any text in the call the language stays too; with one it is recognised anew unless it is given."""
    draft = Draft.of(version, given)
    has_new_text = bool(set(given) & set(FIELDS))
    return Draft.of(version, {**given, "idioma": given.get("idioma", "")}) if has_new_text else draft


class CorrectView(ArticleView):
    @extend_schema(
        operation_id="conocimiento_corregir",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=CorrectIn,
        responses=PublicationOut,
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Correct the published text: published at once as the next version."""
        article, given = self.article(request), body_of(request, CorrectIn)
        draft = _draft(_published(article), given)
        version = correction_publish(actor=caller(request), slug=article.slug, base=given["version"], draft=draft)
        return Response(shapes.publication_out(version))


def _published(article: Article) -> Version:
    if article.current is None:
        raise Missing()
    return article.current
