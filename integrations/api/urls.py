"""Addresses of the integrations in the API."""

from prsystem.core.api.requests import address

from .health import KeyedHealthView

urlpatterns = [*address("health/detailed", KeyedHealthView.as_view(), "api_health_detailed")]
