"""What views of the API share: reading a body, who acts, addresses with and without a final slash."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from prsystem.core.context import Actor
from prsystem.core.web.middleware import actor_of


def body_of(request: Request, serializer: type[Serializer]) -> dict[str, Any]:
    """The checked body; ValidationError names every field of a wrong JSON type."""
    return _checked(serializer(data=request.data))


def query_of(request: Request, serializer: type[Serializer]) -> dict[str, Any]:
    """The checked query; the last value counts where a name is repeated."""
    return _checked(serializer(data=request.query_params.dict()))


def _checked(serializer: Serializer) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def caller(request: Request) -> Actor:
    return actor_of(request._request)


def address(route: str, view: Callable[[HttpRequest], HttpResponse], name: str) -> list[URLPattern]:
    """The route of the contract, and the same with a slash at its end."""
    return [path(route, view, name=name), path(f"{route}/", view, name=f"{name}_slash")]
