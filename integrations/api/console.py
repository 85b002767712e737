"""What the console does with work that runs by itself: failed jobs, backups, held webhooks, mails."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.backups import services
from integrations.backups.models import BackupRun
from integrations.backups.retention import holding
from prsystem.core.api.acting import act_view
from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import Flag
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import caller
from prsystem.core.api.schema import PAGING, page_of
from prsystem.core.errors import Missing
from prsystem.core.jobs.retrying import AT_ONCE, jobs_retry
from prsystem.core.models import Job

from ..mail.models import OutgoingMail
from ..mail.services import mail_send_again
from .webhooks import chosen

_TAGS = ["administración"]


class JobOut(serializers.Serializer):
    """Without what it holds: that may name people."""

    id = serializers.CharField()
    tipo = serializers.CharField()
    cola = serializers.CharField()
    estado = serializers.CharField()
    intentos = serializers.IntegerField()
    error = serializers.CharField()
    creado_en = serializers.DateTimeField()
    terminado_en = serializers.DateTimeField(allow_null=True)


class RetriedOut(serializers.Serializer):
    reintentados = serializers.IntegerField()


class BackupOut(serializers.Serializer):
    id = serializers.CharField()
    copia = serializers.CharField()
    nivel = serializers.CharField()
    estado = serializers.CharField()
    pedido_en = serializers.DateTimeField()
    verificado_en = serializers.DateTimeField(allow_null=True)
    bytes = serializers.IntegerField()
    cifrado = serializers.BooleanField()
    error = serializers.CharField()


class AskedOut(serializers.Serializer):
    """`pedido` is false when there is nothing to do any more."""

    pedido = serializers.BooleanField()


class ReleaseIn(serializers.Serializer):
    """`reenviar`: also what was pending before the restore."""

    reenviar = Flag(required=False)


class ReleasedOut(serializers.Serializer):
    copia = serializers.CharField()
    reenviado = serializers.BooleanField()


class MailOut(serializers.Serializer):
    """Without its text."""

    id = serializers.CharField()
    para = serializers.CharField()
    asunto = serializers.CharField()
    estado = serializers.CharField()
    intentos = serializers.IntegerField()
    error = serializers.CharField()
    creado_en = serializers.DateTimeField()
    enviado_en = serializers.DateTimeField(allow_null=True)


def job_out(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "tipo": job.kind,
        "cola": job.queue,
        "estado": job.state,
        "intentos": job.attempts,
        "error": job.last_error,
        "creado_en": job.created_at,
        "terminado_en": job.finished_at,
    }


def backup_out(run: BackupRun) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "copia": run.copy_id,
        "nivel": run.tier,
        "estado": run.state,
        "pedido_en": run.created_at,
        "verificado_en": run.verified_at,
        "bytes": run.size_bytes,
        "cifrado": run.is_encrypted,
        "error": run.error,
    }


def mail_out(mail: OutgoingMail) -> dict[str, Any]:
    return {
        "id": str(mail.pk),
        "para": mail.recipient,
        "asunto": mail.subject,
        "estado": mail.state,
        "intentos": mail.attempts,
        "error": mail.last_error,
        "creado_en": mail.created_at,
        "enviado_en": mail.sent_at,
    }


class JobsView(AdministratorView):
    @extend_schema(
        operation_id="trabajos_listar",
        tags=_TAGS,
        parameters=[*PAGING, OpenApiParameter("estado", str, enum=Job.State.values)],
        responses=page_of(JobOut),
    )
    def get(self, request: Request) -> Response:
        pages, rows = CursorPages(), Job.objects.all()
        if given := request.query_params.get("estado", ""):
            rows = rows.filter(state=chosen("estado", given, Job.State.values))
        return pages.get_paginated_response([job_out(row) for row in pages.paginate_queryset(rows, request, self)])


class BackupsView(AdministratorView):
    @extend_schema(operation_id="respaldos_listar", tags=_TAGS, parameters=PAGING, responses=page_of(BackupOut))
    def get(self, request: Request) -> Response:
        pages = CursorPages()
        rows = pages.paginate_queryset(BackupRun.objects.all(), request, self)
        return pages.get_paginated_response([backup_out(row) for row in rows])


class MailsView(AdministratorView):
    @extend_schema(operation_id="correos_listar", tags=_TAGS, parameters=PAGING, responses=page_of(MailOut))
    def get(self, request: Request) -> Response:
        pages = CursorPages()
        rows = pages.paginate_queryset(OutgoingMail.objects.all(), request, self)
        return pages.get_paginated_response([mail_out(row) for row in rows])


def _retry(request: Request, given: dict[str, Any], n: int | None = None) -> dict[str, Any]:
    """One parked job, or all of them, the oldest first."""
    parked = Job.objects.filter(state=Job.State.PARKED).order_by("pk")
    if n is not None and not Job.objects.filter(pk=n).exists():
        raise Missing()
    jobs = parked.filter(pk=n) if n is not None else parked[:AT_ONCE]
    return {"reintentados": jobs_retry(request._request, jobs)}


def _back_up(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    return backup_out(services.backup_request(actor=caller(request)))


def _verify(request: Request, given: dict[str, Any], n: int) -> dict[str, Any]:
    if (run := BackupRun.objects.filter(pk=n).first()) is None:
        raise Missing()
    return {"pedido": services.backup_verify_request(actor=caller(request), run=run)}


def _release(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    point = holding.restore_release(actor=caller(request), resend=given.get("reenviar", False))
    return {"copia": point.copy_id, "reenviado": point.was_resent}


def _mail_again(request: Request, given: dict[str, Any], n: int) -> dict[str, Any]:
    if not OutgoingMail.objects.filter(pk=n).exists():
        raise Missing()
    return {"pedido": mail_send_again(actor=caller(request), mail_id=n)}


JobRetryView = act_view("trabajos_reintentar", _retry, tags=_TAGS, base=AdministratorView, answer=RetriedOut)
JobsRetryView = act_view("trabajos_reintentar_todos", _retry, tags=_TAGS, base=AdministratorView, answer=RetriedOut)
BackupNowView = act_view("respaldos_hacer", _back_up, tags=_TAGS, base=AdministratorView, answer=BackupOut, status=202)
BackupVerifyView = act_view(
    "respaldos_verificar", _verify, tags=_TAGS, base=AdministratorView, answer=AskedOut, status=202
)
ReleaseView = act_view(
    "respaldos_soltar", _release, tags=_TAGS, base=AdministratorView, body=ReleaseIn, answer=ReleasedOut
)
MailAgainView = act_view(
    "correos_reenviar", _mail_again, tags=_TAGS, base=AdministratorView, answer=AskedOut, status=202
)
