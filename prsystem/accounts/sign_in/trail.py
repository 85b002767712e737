"""Sign-ins in the audit trail, through whichever door: page, API or admin. Never with a password."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from audit.refusals import refusal_record
from audit.services import Outcome, record
from prsystem.accounts.models import User
from prsystem.accounts.names import canonical_username
from prsystem.core.context import ANONYMOUS
from prsystem.core.telemetry.metrics import LOGIN_FAILURES


def connect() -> None:
    """Called once from the app's `ready()`. Django's signals are the one place that all doors pass."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit.signed_out")
    user_login_failed.connect(_refused, dispatch_uid="audit.refused")


def _door(request: HttpRequest | None) -> dict[str, Any]:
    return {"puerta": "api" if request is not None and request.path.startswith("/api/") else "web"}


def sign_in_malformed(request: HttpRequest) -> None:
    """An attempt that was refused before name and password were looked at: one is missing, too long or no text."""
    refusal_record(ANONYMOUS, "session.refused", "usuario:desconocido", {**_door(request), "motivo": "malformado"})


def _signed_in(*, user: User, request: HttpRequest | None = None, **kwargs: object) -> None:
    record(user.as_actor(), "session.started", f"usuario:{user.pk}", _door(request))
    if settings.LDAP_SERVERS and user.directory_id is None:
        record(user.as_actor(), "session.local_account", f"usuario:{user.pk}", _door(request))


def _signed_out(*, user: User | None, request: HttpRequest | None = None, **kwargs: object) -> None:
    if user is not None:
        record(user.as_actor(), "session.ended", f"usuario:{user.pk}", _door(request))


def _refused(*, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: object) -> None:
    """An unknown name isn't kept: people type passwords into the wrong field."""
    name = canonical_username(str(credentials.get("username") or ""))
    known = User.objects.filter(username=name).values_list("pk", flat=True).first()
    resource = f"usuario:{known}" if known else "usuario:desconocido"
    LOGIN_FAILURES.labels("contraseña" if known else "desconocido").inc()
    record(ANONYMOUS, "session.refused", resource, _door(request), Outcome.DENIED)
