"""`/metrics` for the networks that may scrape."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from .errors import NotAllowed
from .middleware import client_ip


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; NotAllowed for an address outside METRICS_ALLOWED_CIDRS."""
    address = ipaddress.ip_address(client_ip(request))
    if not any(address in network for network in settings.METRICS_ALLOWED_CIDRS):
        raise NotAllowed()
    return ExportToDjangoView(request)
