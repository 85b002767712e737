"""Review, rejection, archive and recall of versions. Approval is `publicar`."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY
from prsystem.core.context import Actor

from ..models import Article, Version
from ..selectors import version_get, version_to_publish
from ..services import (
    article_archive,
    article_unarchive,
    version_recall,
    version_reject,
    version_release,
    version_submit,
)
from ..writing.reviewing import draft_return
from ..writing.services import draft_discard
from . import shapes
from .serializers import ArchivedOut, PublicationOut, PublishIn, RecallIn, RejectIn, RestoreIn, VersionReleaseIn
from .views import ArticleView

_TAGS = ["conocimiento"]


def _submit(actor: Actor, slug: str, given: dict[str, Any]) -> Version:
    version = version_to_publish(actor.rights, slug, given.get("version", ""))
    return version_submit(actor=actor, version_id=version.pk)


def _reject(actor: Actor, slug: str, given: dict[str, Any]) -> Version:
    version = version_to_publish(actor.rights, slug, given.get("version", ""))
    return version_reject(actor=actor, version_id=version.pk, reason=given["motivo"])


def _release(actor: Actor, slug: str, given: dict[str, Any]) -> Version:
    version = version_to_publish(actor.rights, slug, given.get("version", ""))
    return version_release(actor=actor, version_id=version.pk, reason=given["motivo"], revision=given.get("revision"))


def _recall(actor: Actor, slug: str, given: dict[str, Any]) -> Version:
    version = version_get(actor.rights, slug, given["version"])
    return version_recall(actor=actor, version_id=version.pk, reason=given["motivo"])


def _version_view(
    name: str, body: type[Serializer], move: Callable[[Actor, str, dict[str, Any]], Version]
) -> type[ArticleView]:
    class View(ArticleView):
        @extend_schema(
            operation_id=f"conocimiento_{name}",
            tags=_TAGS,
            parameters=[IDEMPOTENCY],
            request=body,
            responses=PublicationOut,
        )
        @idempotent
        def post(self, request: Request, **kwargs: str) -> Response:
            return Response(shapes.publication_out(move(caller(request), self.kwargs["slug"], body_of(request, body))))

    View.__name__ = f"{name.capitalize()}View"
    return View


def _return(actor: Actor, slug: str, given: dict[str, Any]) -> Version:
    version = version_to_publish(actor.rights, slug, given.get("version", ""))
    return draft_return(actor=actor, version_id=version.pk, reason=given["motivo"])


def _discard(actor: Actor, slug: str, given: dict[str, Any]) -> Version:
    version = version_get(actor.rights, slug, given["version"])
    return draft_discard(actor=actor, version_id=version.pk)


def _archive_view(name: str, move: Callable[..., Article]) -> type[ArticleView]:
    class View(ArticleView):
        @extend_schema(
            operation_id=f"conocimiento_{name}",
            tags=_TAGS,
            parameters=[IDEMPOTENCY],
            request=None,
            responses=ArchivedOut,
        )
        @idempotent
        def post(self, request: Request, **kwargs: str) -> Response:
            article = move(actor=caller(request), slug=self.article(request).slug)
            return Response({"articulo": article.slug, "archivado": article.is_archived})

    View.__name__ = f"{name.capitalize()}View"
    return View


LIFE_VIEWS = {
    "revision": _version_view("revision", PublishIn, _submit),
    "rechazar": _version_view("rechazar", RejectIn, _reject),
    "liberar": _version_view("liberar", VersionReleaseIn, _release),
    "retirar": _version_view("retirar", RecallIn, _recall),
    "devolver": _version_view("devolver", RejectIn, _return),
    "descartar": _version_view("descartar", RestoreIn, _discard),
    "archivar": _archive_view("archivar", article_archive),
    "desarchivar": _archive_view("desarchivar", article_unarchive),
}
