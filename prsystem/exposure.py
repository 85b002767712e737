"""Whether the site may be reached from elsewhere than this machine, as far as its environment tells.

Importable before Django's settings. What only loopback reaches may have accounts with a published password.
"""

import ipaddress
from urllib.parse import urlsplit

from . import env

LOOPBACK = "127.0.0.1"


def web_host() -> str:
    """The address that the web server listens on."""
    given = env.text("PRS_WEB_HOST") or LOOPBACK
    try:
        return LOOPBACK if given == "localhost" else str(ipaddress.ip_address(given))
    except ValueError as error:
        raise env.ConfigurationError("PRS_WEB_HOST: se espera una dirección como 127.0.0.1 o 0.0.0.0") from error


def local_address() -> str:
    """Where this machine itself reaches the web server."""
    host = web_host()
    return LOOPBACK if host in ("0.0.0.0", "::") else host  # noqa: S104  compared, not listened on


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone. What can't be told is somewhere else."""
    name = host.strip("[].").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def opened_by() -> list[str]:
    """The variables that open the site to others, or say that it is no trial: SECRET_KEY is an operator's."""
    origins = [urlsplit(origin).hostname or "" for origin in env.names("PRS_WEBAUTHN_ORIGINS", [])]
    found = {
        "SECRET_KEY": env.is_set("SECRET_KEY"),
        "ALLOWED_HOSTS": not all(map(is_loopback, env.names("ALLOWED_HOSTS", []))),
        "PRS_WEB_HOST": not is_loopback(web_host()),
        "TRUSTED_PROXIES": not all(network.is_loopback for network in env.networks("TRUSTED_PROXIES", [])),
        "PRS_WEBAUTHN_ORIGINS": not all(map(is_loopback, origins)),
    }
    return [name for name, is_open in found.items() if is_open]
