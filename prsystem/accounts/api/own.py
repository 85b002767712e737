"""What a person does with the own account: language and theme, password, and where one is signed in."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.accounts.models import User
from prsystem.accounts.selectors import families_of, sessions_of
from prsystem.accounts.services import password_change, preferences_set, present_password_check
from prsystem.accounts.sessions.refreshing import family_end
from prsystem.accounts.sessions.services import session_end, sessions_end_all
from prsystem.core.api.acting import act_view
from prsystem.core.api.fields import Text
from prsystem.core.api.requests import caller
from prsystem.core.api.schema import page_of
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.web.context_processors import THEMES
from prsystem.core.web.step_up import ProvedLately

_TAGS = ["auth"]
LANGUAGES = ("es", "en")


class OwnPreferencesIn(serializers.Serializer):
    idioma = serializers.ChoiceField(LANGUAGES, required=False)
    tema = serializers.ChoiceField(THEMES, required=False)


class OwnPreferencesOut(serializers.Serializer):
    idioma = serializers.CharField()
    tema = serializers.CharField()


class PasswordIn(serializers.Serializer):
    contrasena = Text(max_length=4096)


class OwnPasswordIn(PasswordIn):
    """`actual`: the present one."""

    actual = Text(max_length=4096)


class SessionOut(serializers.Serializer):
    """`tipo`: navegador, or api for a sign-in of the API with its renewals."""

    id = serializers.CharField()
    tipo = serializers.ChoiceField(["navegador", "api"])
    dispositivo = serializers.CharField()
    direccion = serializers.CharField(allow_null=True)
    desde = serializers.DateTimeField(allow_null=True)
    vista = serializers.DateTimeField(allow_null=True)


class EndedOut(serializers.Serializer):
    terminada = serializers.BooleanField()


class ProvedView(APIView):
    """For what wants a sign-in of the last ten minutes."""

    permission_classes = [IsAuthenticated, ProvedLately]


class OwnSessionsView(APIView):
    @extend_schema(operation_id="yo_sesiones", tags=_TAGS, responses=page_of(SessionOut))
    def get(self, request: Request) -> Response:
        """All on one page."""
        return Response({"resultados": sessions_out(request.user), "siguiente": None, "anterior": None})


def sessions_out(user: User) -> list[dict[str, Any]]:
    browsers = [
        _session(row.session_key, "navegador", row.device, row.address, row.created_at, row.seen_at)
        for row in sessions_of(user)
    ]
    tokens = [
        _session(str(row["family"]), "api", row["device"], row["address"], row["since"], row["seen"])
        for row in families_of(user)
    ]
    return browsers + tokens


def _session(name: str, kind: str, device: str, address: str | None, since: Any, seen: Any) -> dict[str, Any]:
    return {"id": name, "tipo": kind, "dispositivo": device, "direccion": address, "desde": since, "vista": seen}


def _end_one(request: Request, given: dict[str, Any], sesion: str) -> dict[str, Any]:
    actor, user = caller(request), request.user
    try:
        done = family_end(actor=actor, user_id=user.pk, family=uuid.UUID(sesion))
    except ValueError:
        done = session_end(actor=actor, user_id=user.pk, digest=sesion[:40].replace("\x00", ""))
    if not done:
        raise Missing()
    return {"terminada": True}


def _end_all(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    sessions_end_all(actor=caller(request), user_id=request.user.pk)
    return {"terminada": True}


def _prefer(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    user = preferences_set(
        actor=caller(request), user_id=request.user.pk, language=given.get("idioma", ""), theme=given.get("tema", "")
    )
    return {"idioma": user.language, "tema": user.theme}


def password_set(request: Request, user_id: int, given: dict[str, Any]) -> None:
    try:
        password_change(actor=caller(request), user_id=user_id, password=given["contrasena"])
    except InvalidInput as error:
        raise InvalidInput(
            errors={"contrasena": [text for found in error.errors.values() for text in found]}
        ) from error


def _own_password(request: Request, given: dict[str, Any]) -> None:
    if not present_password_check(user=request.user, given=given["actual"]):
        raise InvalidInput.field("actual", _("That is not your present password."))
    password_set(request, request.user.pk, given)


OwnSessionEndView = act_view("yo_sesiones_terminar_una", _end_one, tags=_TAGS, answer=EndedOut)
OwnSessionsEndView = act_view("yo_sesiones_terminar", _end_all, tags=_TAGS, answer=EndedOut)
OwnPreferencesView = act_view("yo_preferencias", _prefer, tags=_TAGS, body=OwnPreferencesIn, answer=OwnPreferencesOut)
OwnPasswordView = act_view("yo_contrasena", _own_password, tags=_TAGS, body=OwnPasswordIn, base=ProvedView)
