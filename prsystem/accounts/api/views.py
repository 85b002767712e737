"""Sign-in, refresh, sign-out, and who am I."""

from typing import Any

from django.conf import settings
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.accounts.selectors import areas_in
from prsystem.accounts.sessions.refreshing import Issued, refresh_issue, refresh_revoke, refresh_rotate
from prsystem.accounts.sessions.tokens import TokenRefused, access_token_for
from prsystem.accounts.sign_in.checking import user_sign_in
from prsystem.accounts.sign_in.trail import sign_in_malformed
from prsystem.core.api.requests import body_of, caller
from prsystem.core.errors import DomainError

from .serializers import LoginIn, MeOut, RefreshIn, TokensOut


class RefreshRefused(DomainError):
    code = "sesion_caducada"
    status = 401
    message = _("The session has ended. Sign in again.")


class OpenView(APIView):
    """For those who have no token yet; a stale one in the headers doesn't matter."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class LoginView(OpenView):
    @extend_schema(operation_id="auth_login", tags=["auth"], request=LoginIn, responses={200: TokensOut})
    @method_decorator(sensitive_variables())
    def post(self, request: Request) -> Response:
        given = _sign_in_given(request)
        user = user_sign_in(request._request, given["username"], given["password"], given.get("otp", ""))
        return _tokens(refresh_issue(user, device=request.headers.get("User-Agent", "")), is_proof=True)


def _sign_in_given(request: Request) -> dict[str, Any]:
    try:
        return body_of(request, LoginIn)
    except (ValidationError, ParseError):
        sign_in_malformed(request._request)
        raise


class RefreshView(OpenView):
    @extend_schema(operation_id="auth_refresh", tags=["auth"], request=RefreshIn, responses={200: TokensOut})
    def post(self, request: Request) -> Response:
        try:
            successor = refresh_rotate(body_of(request, RefreshIn)["refresh"])
        except TokenRefused as error:
            raise RefreshRefused() from error
        return _tokens(successor)


class LogoutView(OpenView):
    @extend_schema(
        operation_id="auth_logout", tags=["auth"], request=RefreshIn, responses={204: OpenApiResponse(description="")}
    )
    def post(self, request: Request) -> Response:
        """Ends the family of the refresh token. Possession of it is the right; an unknown one is no error."""
        refresh_revoke(body_of(request, RefreshIn)["refresh"])
        return Response(status=204)


class MeView(APIView):
    @extend_schema(operation_id="yo", tags=["auth"], responses=MeOut)
    def get(self, request: Request) -> Response:
        user, rights = request.user, caller(request).rights
        return Response(
            {
                "id": str(user.pk),
                "username": user.username,
                "nombre": str(user),
                "roles": rights.roles,
                "areas": list(areas_in(rights.belongs).values_list("code", flat=True)),
                "idioma": user.language,
            }
        )


def _tokens(issued: Issued, *, is_proof: bool = False) -> Response:
    access = access_token_for(issued.user, issued.family, is_proof=is_proof)
    body = {"access": access, "refresh": issued.raw, "expira_en": settings.ACCESS_TOKEN_SECONDS}
    return Response(body, headers={"Cache-Control": "no-store"})
