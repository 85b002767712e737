"""Comments and files of an incident."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.case.api import IncidentView
from incidents.case.people import people_offered
from incidents.case.serializers import AttachmentOut, CommentOut, PersonOut
from incidents.case.shapes import attachment_out, comment_out
from incidents.moves.attachments import attachment_add
from incidents.moves.conversation import comment_add
from incidents.relations.selectors import attachment_content, attachments_visible_to, comments_visible_to
from prsystem.core.api.files import FILE_HEADERS, AnyAccept
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.parsers import BoundedMultiPartParser
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import Missing

from .serializers import CommentIn, FileIn

_TAGS = ["incidencias"]


class CommentsView(IncidentView):
    ordering = ("id",)

    @extend_schema(operation_id="incidencias_comentarios", tags=_TAGS, parameters=PAGING, responses=page_of(CommentOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        """What was said, oldest first."""
        return self.paged(request, comments_visible_to(caller(request).rights, self.incident(request)), comment_out)

    @extend_schema(
        operation_id="incidencias_comentar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=CommentIn,
        responses={201: CommentOut},
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Say something; `interno` is for support only."""
        incident_id, given = self.incident(request).pk, body_of(request, CommentIn)
        comment = comment_add(
            actor=caller(request),
            incident_id=incident_id,
            body=given["cuerpo"],
            is_internal=given.get("interno", False),
            author=request.user,
        )
        return Response(comment_out(comment), status=201)


class PeopleView(IncidentView):
    @extend_schema(
        operation_id="incidencias_personas",
        tags=_TAGS,
        parameters=[OpenApiParameter("q", str)],
        responses=page_of(PersonOut),
    )
    def get(self, request: Request, **kwargs: str) -> Response:
        """Whom a comment here may mention."""
        found = people_offered(self.incident(request), request.query_params.get("q", ""))
        rows = [{"usuario": user.username, "nombre": str(user)} for user in found]
        return Response({"resultados": rows, "siguiente": None, "anterior": None})


class AttachmentsView(IncidentView):
    ordering = ("id",)
    parser_classes = [BoundedMultiPartParser]

    @extend_schema(operation_id="incidencias_adjuntos", tags=_TAGS, parameters=PAGING, responses=page_of(AttachmentOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        files = attachments_visible_to(caller(request).rights, self.incident(request))
        return self.paged(request, files, attachment_out)

    @extend_schema(
        operation_id="incidencias_adjuntar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request={"multipart/form-data": FileIn},
        responses={201: AttachmentOut},
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Keep a file, `archivo` of a form. What it is is read from its bytes."""
        incident_id, given = self.incident(request).pk, body_of(request, FileIn)
        attachment = attachment_add(
            actor=caller(request),
            incident_id=incident_id,
            file=given["archivo"],
            name=given["archivo"].name,
            user=request.user,
            is_internal=given.get("interno", False),
        )
        return Response(attachment_out(attachment), status=201)


class AttachmentFileView(IncidentView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="incidencias_adjunto",
        tags=_TAGS,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, **kwargs: str) -> FileResponse:
        """The file itself, always as a download."""
        files = attachments_visible_to(caller(request).rights, self.incident(request))
        attachment = files.filter(pk=self.kwargs["n"]).first()
        if attachment is None:
            raise Missing()
        return FileResponse(
            attachment_content(attachment),
            as_attachment=True,
            filename=attachment.name,
            content_type="application/octet-stream",
            headers=FILE_HEADERS,
        )
