"""Sessions of the pages: whose they are, from where, how long. This module is the site's SESSION_ENGINE.

The limits are settings of the site: minutes without use, hours in all. They are checked from the session itself, and
"last seen" is written once a minute at most, so that a page costs no query more.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from time import time
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from prsystem.core.web.middleware import client_ip
from prsystem.core.web.step_up import prove
from prsystem.runtime.selectors import get_setting

SINCE, SEEN, ADDRESS, DEVICE = "since", "seen", "address", "device"
DEVICE_LENGTH = 200
SEEN_SECONDS = 60
Handler = Callable[[HttpRequest], HttpResponse]


def key_digest(key: str) -> str:
    """What is kept of a session's key: 160 bits of its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's store of sessions in the database, with digests as keys and columns to show people what is open."""

    @classmethod
    def get_model_class(cls) -> Any:
        from prsystem.accounts.models import BrowserSession

        return BrowserSession

    def _get_session_from_db(self) -> Any:
        digest = key_digest(str(self.session_key))
        row = self.model.objects.filter(session_key=digest, expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(key_digest(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(key_digest(key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.session_key = key_digest(row.session_key)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.address, row.device = data.get(ADDRESS), data.get(DEVICE, "")
        row.created_at, row.seen_at = _moment(data.get(SINCE)), _moment(data.get(SEEN))
        return row


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def connect() -> None:
    """Called once from the app's `ready()`."""
    user_logged_in.connect(_begin, dispatch_uid="accounts.sessions")


def _begin(*, request: HttpRequest | None = None, **kwargs: object) -> None:
    """Django has given the session a new key; this says from where and when it began. The API has no session."""
    if request is None or not hasattr(request, "session") or SESSION_KEY not in request.session:
        return
    request.session[SINCE] = request.session[SEEN] = int(time())
    prove(request)
    request.session[ADDRESS] = client_ip(request)
    request.session[DEVICE] = request.headers.get("User-Agent", "").replace("\x00", "")[:DEVICE_LENGTH]


class SessionLimitsMiddleware:
    """Signs out whoever was away too long, or has been signed in for too long."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES and request.user.is_authenticated:
            now = int(time())
            if _is_over(request, now):
                logout(request)
            elif now - request.session[SEEN] >= SEEN_SECONDS:
                request.session[SEEN] = now
        return self.get_response(request)


def _is_over(request: HttpRequest, now: int) -> bool:
    since, seen = request.session.get(SINCE), request.session.get(SEEN)
    if since is None or seen is None:
        return True
    return now - seen > 60 * get_setting("session_idle_minutes") or now - since > 3600 * get_setting("session_hours")
