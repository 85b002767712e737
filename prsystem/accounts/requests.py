"""The request of a page behind `login_required`, for the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from prsystem.core.context import Actor

from .models import User


class SignedInRequest(HttpRequest):
    """`user` is a person; `actor` and `htmx` come from the middleware."""

    user: User
    actor: Actor
    htmx: HtmxDetails
