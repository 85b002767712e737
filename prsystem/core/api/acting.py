"""Views of one act: a POST with a checked body, carried out once per `Idempotency-Key`, with one answer."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from .idempotency import idempotent
from .requests import body_of
from .schema import IDEMPOTENCY

# What an act is given: the request, the checked body, and what stands in the address.
Act = Callable[..., dict[str, Any] | None]


def act_view(
    operation: str,
    act: Act,
    *,
    tags: list[str],
    answer: Any = None,
    body: type[Serializer] | None = None,
    base: type[APIView] = APIView,
    status: int = 200,
) -> type[APIView]:
    """The view of one act. Without an `answer` it is 204 and empty."""

    class View(base):
        @extend_schema(
            operation_id=operation,
            tags=tags,
            parameters=[IDEMPOTENCY],
            request=body,
            responses={status: answer} if answer else {204: OpenApiResponse(description="")},
        )
        @idempotent
        def post(self, request: Request, **address: Any) -> Response:
            given = body_of(request, body) if body else {}
            told = act(request, given, **address)
            return Response(told, status=status if answer else 204)

    View.__name__ = f"{operation.title().replace('_', '')}View"
    return View
