"""The site as an installed application: manifest, service worker, and the page for writing without a connection.

None of them shows anything of a person, so that the browser may keep them; who writes is asked for apart.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from prsystem.accounts.models import User
from prsystem.accounts.selectors import areas_in

from . import __version__
from .runtime.selectors import get_setting
from .settings.base import BASE_DIR

STATIC = BASE_DIR / "prsystem" / "static"
WORKER = "prs/worker.js"
# All that the page without a connection needs: these and that page are what the worker keeps, and nothing else.
SHELL = (
    "vendor/tabler/tabler.min.css",
    "vendor/inter/inter-latin-wght-normal.woff2",
    *("prs/app.css", "prs/components.css", "prs/icon.svg"),
    *("prs/theme.js", "prs/outbox.js", "prs/offline.js", "prs/forms.js"),
)
THEME_COLOUR = "#4f46e5"
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable"))


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, icons and colours, in the language of the request (W3C Web Application Manifest)."""
    name = get_setting("site.name")
    icons = [
        {"src": static(f"prs/installed/{file}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for file, size, purpose in ICONS
    ]
    body = {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": get_language(),
        "dir": "ltr",
        "name": _("%(site)s: problem resolution") % {"site": name},
        "short_name": name,
        "description": _("Report problems, also without a connection, and solve them with what was learned."),
        "theme_color": THEME_COLOUR,
        "background_color": "#f7f8fa",
        "icons": icons,
        "shortcuts": [
            {"name": _("Report a problem"), "url": reverse("incident_report")},
            {"name": _("Reports kept on this device"), "url": reverse("offline")},
        ],
    }
    return _kept(HttpResponse(json.dumps(body), content_type="application/manifest+json"))


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, because a worker governs only what is below its own address."""
    start = f'"use strict";\nconst RELEASE = "{_release()}";\n'
    start += f"const OFFLINE = {json.dumps(reverse('offline'))};\n"
    start += f"const SHELL = {json.dumps([static(path) for path in SHELL])};\n"
    text = start + (STATIC / WORKER).read_text(encoding="utf-8")
    return _kept(HttpResponse(text, content_type="text/javascript; charset=utf-8"))


@lru_cache(maxsize=1)
def _release() -> str:
    """Another one whenever something that the worker keeps is another: browsers then fetch all of it anew."""
    page = get_template("offline.html").origin.name  # type: ignore[attr-defined]
    digest = hashlib.sha256(__version__.encode())
    for path in (Path(page), *(STATIC / part for part in (WORKER, *SHELL))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Writing a report that is kept on the device. The same for everybody: it must not read who asks."""
    return _kept(render(request, "offline.html"))


@require_GET
def offline_person(request: HttpRequest) -> HttpResponse:
    """Who is signed in, where they may report, and the token for the very same session; 401 for nobody."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    user = cast(User, request.user)
    areas = [{"codigo": area.code, "nombre": area.name} for area in areas_in(user.rights.belongs)]
    body = {"usuario": user.username, "nombre": str(user), "areas": areas, "csrf": get_token(request)}
    return JsonResponse(body)


def _kept(response: HttpResponse) -> HttpResponse:
    """May be kept, but is asked about each time."""
    patch_cache_control(response, no_cache=True)
    return response
