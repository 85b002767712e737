"""Looking after articles: did they help, do they still hold, what their owners have to know."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.core.api.acting import act_view
from prsystem.core.api.fields import Flag
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import caller
from prsystem.core.api.schema import PAGING, page_of

from ..models import Notice
from ..selectors import article_get, notices_of
from ..services import article_feedback_give, article_reviewed, notice_done
from . import shapes

_TAGS = ["conocimiento"]


class HelpedIn(serializers.Serializer):
    """`sin_incidencia`: it helped so well that nothing had to be reported."""

    util = Flag()
    sin_incidencia = Flag(required=False)


class HelpedOut(serializers.Serializer):
    articulo = serializers.CharField()
    util = serializers.BooleanField()


class ReviewedOut(serializers.Serializer):
    articulo = serializers.CharField()
    revisar_el = serializers.DateField()


class ArticleNoticeOut(serializers.Serializer):
    id = serializers.CharField()
    tipo = serializers.ChoiceField(Notice.Kind.values)
    articulo = serializers.CharField()
    version = serializers.CharField(allow_null=True)
    texto = serializers.CharField()
    creado_en = serializers.DateTimeField()


def notice_out(notice: Notice) -> dict[str, Any]:
    return {
        "id": str(notice.pk),
        "tipo": notice.kind,
        "articulo": notice.article.slug,
        "version": notice.version.number if notice.version else None,
        "texto": notice.text,
        "creado_en": shapes.moment(notice.created_at),
    }


class ArticleNoticesView(APIView):
    @extend_schema(
        operation_id="conocimiento_avisos", tags=_TAGS, parameters=PAGING, responses=page_of(ArticleNoticeOut)
    )
    def get(self, request: Request) -> Response:
        """One's own that aren't done, newest first."""
        pages = CursorPages()
        rows = pages.paginate_queryset(notices_of(caller(request).rights), request, self)
        return pages.get_paginated_response([notice_out(row) for row in rows])


def _helped(request: Request, given: dict[str, Any], slug: str) -> dict[str, Any]:
    actor = caller(request)
    feedback = article_feedback_give(
        actor=actor,
        user=request.user,
        article=article_get(actor.rights, slug),
        was_helpful=given["util"],
        resolved_without_case=given["util"] and given.get("sin_incidencia", False),
    )
    return {"articulo": slug, "util": feedback.was_helpful}


def _reviewed(request: Request, given: dict[str, Any], slug: str) -> dict[str, Any]:
    actor = caller(request)
    article = article_reviewed(actor=actor, slug=article_get(actor.rights, slug).slug)
    return {"articulo": slug, "revisar_el": article.review_on}


def _done(request: Request, given: dict[str, Any], n: int) -> None:
    notice_done(actor=caller(request), notice_id=n)


HelpedView = act_view("conocimiento_valorar", _helped, tags=_TAGS, body=HelpedIn, answer=HelpedOut)
ReviewedView = act_view("conocimiento_revisado", _reviewed, tags=_TAGS, answer=ReviewedOut)
NoticeDoneView = act_view("conocimiento_aviso_hecho", _done, tags=_TAGS)
