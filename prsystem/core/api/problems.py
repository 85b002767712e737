"""Errors of the API as problem documents (RFC 9457) with the fields of the contract."""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from prsystem.core.errors import DomainError, InvalidInput, Missing, NotAllowed, TooLarge, Unavailable

log = structlog.get_logger(__name__)
CONTENT_TYPE = "application/problem+json"
GENERAL = "general"
UNAVAILABLE_SECONDS = 5

_CODES = {
    400: "peticion_invalida",
    401: "no_autenticado",
    403: "sin_permiso",
    404: "no_encontrado",
    405: "metodo_no_permitido",
    406: "formato_no_aceptable",
    408: "tiempo_agotado",
    409: "conflicto",
    413: "demasiado_grande",
    415: "tipo_no_admitido",
    422: "no_procesable",
    423: "cuenta_bloqueada",
    429: "demasiadas_peticiones",
    500: "error_interno",
    503: "no_disponible",
}


def _title(status: int) -> str:
    titles = {
        400: _("Invalid request"),
        401: _("Sign-in required"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("Method not allowed"),
        406: _("Format not available"),
        408: _("The request came too slowly"),
        409: _("Conflict"),
        413: _("Too large"),
        415: _("Type not accepted"),
        422: _("Can't be processed"),
        423: _("Account locked"),
        429: _("Too many requests"),
        503: _("Not available"),
    }
    return titles.get(status, _("Internal error"))


def problem(
    status: int, *, detail: object = "", code: str = "", errors: Mapping[str, Any] | None = None, request_id: str = ""
) -> dict[str, Any]:
    """A problem document; `errors` maps a field to its messages."""
    code = code or _CODES.get(status, "error")
    return {
        "type": f"urn:pr-system:problema:{code}",
        "title": _title(status),
        "status": status,
        "detail": str(detail or _title(status)),
        "codigo": code,
        "request_id": request_id,
        "errores": {field: [str(message) for message in messages] for field, messages in (errors or {}).items()},
    }


def as_bytes(status: int, request_id: str) -> bytes:
    """A problem document for an answer that is made before Django has a request."""
    return json.dumps(problem(status, request_id=request_id), ensure_ascii=False).encode()


def problem_response(error: DomainError, request: HttpRequest) -> JsonResponse:
    """A problem document outside DRF: error pages of /api/, lockout."""
    body = problem(
        error.status,
        detail=error.message,
        code=error.code,
        errors=error.errors,
        request_id=getattr(request, "request_id", ""),
    )
    request.refusal = error.code  # type: ignore[attr-defined]
    return JsonResponse(body, status=error.status, content_type=CONTENT_TYPE, headers=_retry_header(error))


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler: every expected error becomes a problem document; others go on to the 500 page and the log."""
    request = getattr(context.get("request"), "_request", None)
    request_id = getattr(request, "request_id", "")
    answer = _as_domain_error(error)
    if answer is not None:
        body = problem(
            answer.status, detail=answer.message, code=answer.code, errors=answer.errors, request_id=request_id
        )
        body |= answer.extra
        headers = _retry_header(answer)
    elif isinstance(error, exceptions.APIException):
        body = _from_drf(error, request_id)
        headers = _headers(error)
    else:
        return None
    set_rollback()
    if request is not None:
        request.refusal = body["codigo"]  # for the log
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _as_domain_error(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return Missing()
    if isinstance(error, PermissionDenied):
        return NotAllowed()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, OperationalError):
        log.error("database.unavailable", reason=type(error).__name__)
        return Unavailable(retry_after=UNAVAILABLE_SECONDS)
    if isinstance(error, exceptions.ValidationError):
        return InvalidInput(errors=flat_errors(error.detail))
    return None


def flat_errors(detail: Any, prefix: str = "") -> dict[str, list[object]]:
    """DRF's nested error detail as `{"field.sub": [messages]}`."""
    if isinstance(detail, Mapping):
        found: dict[str, list[object]] = {}
        for name, inner in detail.items():
            name = GENERAL if name == "non_field_errors" else str(name)
            found.update(flat_errors(inner, f"{prefix}.{name}" if prefix else name))
        return found
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        return {
            k: v for i, item in enumerate(detail) for k, v in flat_errors(item, f"{prefix}.{i}".lstrip(".")).items()
        }
    return {prefix or GENERAL: list(detail) if isinstance(detail, list) else [detail]}


def _from_drf(error: exceptions.APIException, request_id: str) -> dict[str, Any]:
    return problem(error.status_code, detail=error.detail, request_id=request_id)


def _retry_header(error: DomainError) -> dict[str, str]:
    return {"Retry-After": str(error.retry_after)} if error.retry_after else {}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = {}
    if authenticate := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = authenticate
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers
