"""People for administrators: who there is with which roles, letting in and keeping out, sessions, erasure."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.accounts.directory.requests import directory_sync_request
from prsystem.accounts.mfa.services import factors_reset
from prsystem.accounts.models import User
from prsystem.accounts.people.erasing import person_erase
from prsystem.accounts.people.sheet import PeopleSheet, roles_of
from prsystem.accounts.selectors import user_by_username
from prsystem.accounts.services import user_set_active, user_unlock
from prsystem.accounts.sessions.services import sessions_end_all
from prsystem.core.api.acting import act_view
from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import Flag, Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import Conflict, InvalidInput, Missing
from prsystem.core.text.cleaning import has_forbidden_controls
from prsystem.runtime.config.applying import config_apply

from .own import PasswordIn, password_set

_TAGS = ["administración"]
_NAMES = {
    "usuario": "username",
    "nombre": "full_name",
    "correo": "email",
    "activa": "is_active",
    "roles": "roles",
    "contrasena": "password",
}


class AccountIn(serializers.Serializer):
    """`roles`: `l1@PROD` is L1 in PROD, `editor@*` everywhere; those given replace those held."""

    usuario = Text(max_length=150)
    nombre = Text(required=False, max_length=150)
    correo = Text(required=False, max_length=254)
    activa = Flag(required=False)
    roles = serializers.ListField(child=Text(max_length=40), required=False, max_length=500)
    contrasena = Text(required=False, max_length=4096)


class AccountChange(serializers.Serializer):
    nombre = Text(required=False, max_length=150)
    correo = Text(required=False, max_length=254)
    roles = serializers.ListField(child=Text(max_length=40), required=False, max_length=500)


class AccountOut(serializers.Serializer):
    """`roles_del_directorio` come and go with its groups."""

    usuario = serializers.CharField()
    nombre = serializers.CharField()
    correo = serializers.CharField()
    activa = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())
    roles_del_directorio = serializers.ListField(child=serializers.CharField())
    ultima_entrada = serializers.DateTimeField(allow_null=True)


class ErasedOut(serializers.Serializer):
    borradas = serializers.IntegerField()


class DoneOut(serializers.Serializer):
    """`hecho` is false when there was nothing to do."""

    hecho = serializers.BooleanField()


def person_out(user: User) -> dict[str, Any]:
    return {
        "usuario": user.username,
        "nombre": user.full_name,
        "correo": user.email,
        "activa": user.is_active,
        "roles": roles_of(user),
        "roles_del_directorio": roles_of(user, from_directory=True),
        "ultima_entrada": user.last_login,
    }


def _found(username: str) -> User:
    user = None if has_forbidden_controls(username) else user_by_username(username)
    if user is None:
        raise Missing()
    return user


def _keep(request: Request, item: dict[str, Any]) -> User:
    """Through the console's table of people, so that both obey the same rules."""
    sheet = PeopleSheet()
    given = {_NAMES[word]: value for word, value in item.items()}
    if texts := [name for name, value in item.items() if isinstance(value, str) and has_forbidden_controls(value)]:
        raise InvalidInput(errors={name: [_("It holds characters that can't be kept.")] for name in texts})
    try:
        config_apply(actor=caller(request), content={sheet.code: [given]}, among=[sheet])
    except InvalidInput as error:
        words = {name: word for word, name in _NAMES.items()}
        errors = {words.get(place.rpartition(".")[2], "usuario"): found for place, found in error.errors.items()}
        raise InvalidInput(errors=errors) from error
    return _found(given["username"])


class PeopleView(AdministratorView):
    ordering = ("username",)

    @extend_schema(
        operation_id="personas_listar",
        tags=_TAGS,
        parameters=[OpenApiParameter("q", str), *PAGING],
        responses=page_of(AccountOut),
    )
    def get(self, request: Request) -> Response:
        """By user name."""
        pages, rows = CursorPages(), User.objects.prefetch_related("grants__area")
        if words := request.query_params.get("q", "").strip()[:100]:
            if has_forbidden_controls(words):
                raise InvalidInput.field("q", _("It holds characters that can't be kept."))
            rows = rows.filter(Q(username__icontains=words) | Q(full_name__icontains=words) | Q(email__iexact=words))
        return pages.get_paginated_response([person_out(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(
        operation_id="personas_crear",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=AccountIn,
        responses={201: AccountOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Without a password there is no signing in until one is set."""
        given = body_of(request, AccountIn)
        if not has_forbidden_controls(given["usuario"]) and user_by_username(given["usuario"]) is not None:
            raise Conflict(_("There is an account of that name."))
        return Response(person_out(_keep(request, given)), status=201)


class PersonView(AdministratorView):
    @extend_schema(operation_id="personas_leer", tags=_TAGS, responses=AccountOut)
    def get(self, request: Request, usuario: str) -> Response:
        return Response(person_out(_found(usuario)))

    @extend_schema(
        operation_id="personas_cambiar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=AccountChange,
        responses=AccountOut,
    )
    @idempotent
    def patch(self, request: Request, usuario: str) -> Response:
        user, given = _found(usuario), body_of(request, AccountChange)
        item = {**given, "usuario": user.username, "activa": user.is_active}
        return Response(person_out(_keep(request, item)))


def _let_in(request: Request, given: dict[str, Any], usuario: str) -> dict[str, Any]:
    done = user_set_active(actor=caller(request), user_id=_found(usuario).pk, is_active=True)
    return {"hecho": done}


def _keep_out(request: Request, given: dict[str, Any], usuario: str) -> dict[str, Any]:
    done = user_set_active(actor=caller(request), user_id=_found(usuario).pk, is_active=False)
    return {"hecho": done}


def _unlock(request: Request, given: dict[str, Any], usuario: str) -> dict[str, Any]:
    return {"hecho": user_unlock(actor=caller(request), user_id=_found(usuario).pk)}


def _sign_out(request: Request, given: dict[str, Any], usuario: str) -> dict[str, Any]:
    sessions_end_all(actor=caller(request), user_id=_found(usuario).pk)
    return {"hecho": True}


def _forget_factors(request: Request, given: dict[str, Any], usuario: str) -> dict[str, Any]:
    return {"hecho": factors_reset(actor=caller(request), user_id=_found(usuario).pk)}


def _password(request: Request, given: dict[str, Any], usuario: str) -> None:
    password_set(request, _found(usuario).pk, given)


def _erase(request: Request, given: dict[str, Any], usuario: str) -> dict[str, Any]:
    return {"borradas": person_erase(actor=caller(request), username=_found(usuario).username)}


def _sync(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    return {"hecho": directory_sync_request(actor=caller(request))}


def _view(name: str, act: Callable[..., Any], **options: Any) -> Any:
    return act_view(f"personas_{name}", act, tags=_TAGS, base=AdministratorView, **{"answer": DoneOut, **options})


PERSON_ACTS = {
    "activar": _view("activar", _let_in),
    "desactivar": _view("desactivar", _keep_out),
    "desbloquear": _view("desbloquear", _unlock),
    "cerrar-sesiones": _view("cerrar_sesiones", _sign_out),
    "quitar-segundo-factor": _view("quitar_segundo_factor", _forget_factors),
    "contrasena": _view("contrasena", _password, body=PasswordIn, answer=None),
    "borrar": _view("borrar", _erase, answer=ErasedOut),
}
DirectorySyncView = act_view("directorio_comparar", _sync, tags=_TAGS, base=AdministratorView, answer=DoneOut)
