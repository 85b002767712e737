"""`/metrics` for the networks that may scrape."""

import ipaddress
import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from prsystem.core.errors import NotAllowed
from prsystem.core.health import checks
from prsystem.core.web.middleware import client_ip

from .metrics import DATABASE


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; NotAllowed for an address outside METRICS_ALLOWED_CIDRS."""
    address = ipaddress.ip_address(client_ip(request))
    if not any(address in network for network in settings.METRICS_ALLOWED_CIDRS):
        raise NotAllowed()
    text = generate_latest(_counted())
    if (
        checks.state_of("database") == checks.OK
    ):  # else each reader waits for its own connection, longer than a scrape may
        text += generate_latest(DATABASE)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    """What all processes of this server have counted; without a folder for that, what this one has."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
