"""Addresses of the probes and of the API's own documentation."""

from .docs import DocsView, SchemaView
from .health import HealthView, ReadyView
from .requests import address

urlpatterns = [
    *address("health", HealthView.as_view(), "api_health"),
    *address("health/ready", ReadyView.as_view(), "api_ready"),
    *address("schema", SchemaView.as_view(), "api_schema"),
    *address("docs", DocsView.as_view(), "api_docs"),
]
