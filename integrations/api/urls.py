"""Addresses of the integrations in the API."""

from prsystem.core.api.requests import address

from .health import KeyedHealthView
from .nodes import NodesView, OneNodeView

urlpatterns = [
    *address("health/detailed", KeyedHealthView.as_view(), "api_health_detailed"),
    *address("nodos", NodesView.as_view(), "api_model_nodes"),
    *address("nodos/<int:n>", OneNodeView.as_view(), "api_model_node"),
]
