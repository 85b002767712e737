"""The API of the contract."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("prsystem.core.api.urls")),
    path("", include("prsystem.runtime.api_urls")),
    path("", include("audit.api_urls")),
    path("", include("prsystem.accounts.api.urls")),
    path("", include("integrations.api.urls")),
    path("", include("incidents.api.urls")),
    path("", include("knowledge.api.urls")),
]
