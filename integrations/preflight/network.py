"""Names, ports and the certificate, as those who use the site see them."""

import socket
import ssl
from datetime import UTC, datetime

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from prsystem.core.health.preflight import FAIL, OFF, WARN, Finding, good
from prsystem.core.outgoing.http import json_client

SECONDS = 3.0
SOON_DAYS = 30


def _names() -> list[str]:
    """The names that the site is served under, the local ones apart."""
    local = {"localhost", "127.0.0.1", "[::1]", "testserver", "*"}
    return [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host not in local]


def web_port() -> Finding:
    """Free before the start, ours afterwards."""
    detail = _("port %(port)d") % {"port": settings.PORT}
    try:
        answer = json_client(f"http://127.0.0.1:{settings.PORT}", SECONDS).get("/api/health")
        is_ours = answer.status_code == 200 and b'"status"' in answer.content[:200]
    except httpx.ConnectError:
        return good(_("%(port)s is free") % {"port": detail})
    except httpx.HTTPError:
        is_ours = False
    if is_ours:
        return good(_("%(port)s answers as PR-System") % {"port": detail})
    return Finding(FAIL, _("Another program has the %(port)s.") % {"port": detail}, _("Choose another PORT."))


def dns() -> Finding:
    unknown = [name for name in _names() if not _addresses(name)]
    if not _names():
        return Finding(OFF, _("Only local names are served."), _("Set ALLOWED_HOSTS."))
    if unknown:
        return Finding(FAIL, _("Without an address: %(names)s") % {"names": ", ".join(unknown)}, _("Add them to DNS."))
    return good(", ".join(_names()))


def _addresses(name: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)]
    except OSError:
        return []


def tls() -> Finding:
    """The certificate that the first name shows at port 443, checked by this machine's authorities."""
    if not _names():
        return Finding(
            OFF, _("Only local names are served."), _("Set ALLOWED_HOSTS and put a proxy with TLS in front.")
        )
    name = _names()[0]
    try:
        days = _days_left(name)
    except ssl.SSLCertVerificationError as error:
        advice = _("Renew it, or make its authority known to this machine.")
        return Finding(FAIL, f"{name}: {error.verify_message}", advice)
    except OSError as error:
        return Finding(WARN, f"{name}:443 {type(error).__name__}", _("Start the proxy and look at its port 443."))
    detail = _("%(name)s: %(days)d days left") % {"name": name, "days": days}
    return Finding(WARN, detail, _("Renew the certificate.")) if days < SOON_DAYS else good(detail)


def _days_left(name: str) -> int:
    context = ssl.create_default_context()
    with (
        socket.create_connection((name, 443), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=name) as secure,
    ):
        certificate = secure.getpeercert() or {}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return (until - datetime.now(UTC)).days


def hosts() -> Finding:
    """Behind a proxy its address must be trusted: otherwise everybody seems to come from it."""
    if not settings.SERVES_HTTPS:
        return Finding(
            WARN, _("ALLOWED_HOSTS isn't set: only local names, cookies without HTTPS"), _("Set ALLOWED_HOSTS.")
        )
    if "*" in settings.ALLOWED_HOSTS:
        return Finding(FAIL, _("ALLOWED_HOSTS takes any name."), _("Name the hosts."))
    if not settings.TRUSTED_PROXIES:
        advice = _("Name the proxy's network in TRUSTED_PROXIES; lock-outs count by client address.")
        return Finding(WARN, _("TRUSTED_PROXIES isn't set."), advice)
    return good(", ".join(settings.ALLOWED_HOSTS))
