"""Every address of the site. Pages are Spanish paths; the API is below /api/."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from integrations.mcp.views import McpView
from prsystem import app_pages
from prsystem.core.telemetry.exposition import metrics

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("prsystem.api_urls")),
    path("mcp", McpView.as_view(), name="mcp"),
    path("metrics", metrics),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}prs/icon.svg", permanent=True)),
    path("app.webmanifest", app_pages.manifest, name="manifest"),
    path("sw.js", app_pages.service_worker, name="service_worker"),
    path("sin-conexion", app_pages.offline, name="offline"),
    path("sin-conexion/persona", app_pages.offline_person, name="offline_person"),
    path("", include("audit.urls")),
    path("", include("prsystem.accounts.urls")),
    path("", include("incidents.urls")),  # before: `…/versiones/1.0/incidencias` looks like two versions to compare
    path("", include("knowledge.urls")),
]

handler400 = "prsystem.core.web.pages.bad_request"
handler403 = "prsystem.core.web.pages.permission_denied"
handler404 = "prsystem.core.web.pages.page_not_found"
handler500 = "prsystem.core.web.pages.server_error"
