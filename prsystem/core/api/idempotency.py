"""`Idempotency-Key`: the same key and body give the first answer again; another body under the key is refused (422)."""

import hashlib
import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.errors import InvalidInput
from prsystem.core.text.cleaning import SECRET_NAME
from prsystem.core.web.idempotency import answer_once, fingerprints_of
from prsystem.core.web.middleware import actor_of

MAX_KEY_LENGTH = 200
Method = Callable[..., Response]


def idempotent(method: Method, hidden: tuple[str, ...] = ()) -> Method:
    """Decorator of a DRF view's write method. Without the header the method runs as it is.

    `hidden` fields of the answer are secrets: they are given the first time and kept nowhere."""

    @wraps(method)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return method(view, request, *args, **kwargs)
        # The web server hands on an empty text for one that isn't ASCII: whoever sent it counts on a repetition.
        if not key or len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
            raise InvalidInput.field("Idempotency-Key", _("At most 200 printable ASCII characters."))

        headers: dict[str, str] = {}
        secrets: dict[str, Any] = {}

        def run() -> tuple[int, Any]:
            response = method(view, request, *args, **kwargs)
            headers.update(response.headers)
            secrets.update({name: response.data[name] for name in hidden})
            return response.status_code, {**response.data, **dict.fromkeys(hidden)} if hidden else response.data

        kept = answer_once(actor=actor_of(request._request), key=key, fingerprints=_fingerprints(request), run=run)
        if kept.is_replay:
            headers["Idempotent-Replayed"] = "true"
        body = {**kept.body, **secrets} if secrets else kept.body
        return Response(body, status=kept.status, headers=headers)

    return wrapper


def idempotent_hiding(*fields: str) -> Callable[[Method], Method]:
    return partial(idempotent, hidden=fields)


def _fingerprints(request: Request) -> list[str]:
    """Of method, path and body, with the site's key: who reads the database can't try out bodies. Secrets don't count,
    so that nothing of them is kept. Files count by name and content, read in pieces and wound back."""
    files = sorted((name, file.name, _content_digest(file)) for name, file in request.FILES.items())
    sent = _without_secrets(dict(request.data.lists()) if hasattr(request.data, "lists") else request.data)
    body = json.dumps([request.method, request.path, sent, files], sort_keys=True, default=str)
    return fingerprints_of(body)


def _without_secrets(value: Any) -> Any:
    """A copy without what stands under the name of a secret, at any depth."""
    if isinstance(value, dict):
        return {name: _without_secrets(item) for name, item in value.items() if not SECRET_NAME.search(str(name))}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _content_digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
