"""Every address of the site. Pages are Spanish paths; the API is below /api/."""

from django.contrib import admin
from django.urls import include, path

from prsystem.core.exposition import metrics

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("prsystem.api_urls")),
    path("metrics", metrics),
    path("", include("prsystem.accounts.urls")),
    path("", include("incidents.urls")),  # before: `…/versiones/1.0/incidencias` looks like two versions to compare
    path("", include("knowledge.urls")),
]

handler400 = "prsystem.core.pages.bad_request"
handler403 = "prsystem.core.pages.permission_denied"
handler404 = "prsystem.core.pages.page_not_found"
handler500 = "prsystem.core.pages.server_error"
