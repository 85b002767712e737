"""The company directory (LDAP or Active Directory); off without LDAP_SERVER."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from prsystem import env

_ENCRYPTED = ("ldaps://", "ldapi://")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def _servers() -> list[str]:
    """Addresses, tried in this order; a bare name means `ldap://`."""
    found = [item if "://" in item else f"ldap://{item}" for item in env.names("LDAP_SERVER", [])]
    for address in found:
        parts = urlsplit(address)
        try:
            _ = parts.port
        except ValueError as error:
            raise env.ConfigurationError("LDAP_SERVER: se esperan direcciones ldap:// o ldaps://") from error
        if parts.scheme not in ("ldap", "ldaps", "ldapi") or not parts.netloc:
            raise env.ConfigurationError("LDAP_SERVER: se esperan direcciones ldap:// o ldaps://")
    return found


def _needs_start_tls(address: str) -> bool:
    return not address.startswith(_ENCRYPTED) and urlsplit(address).hostname not in _LOOPBACK


def _ca_file() -> str:
    """The authority that signed the directory's certificate; the system's authorities when not given."""
    path = env.text("LDAP_CA_FILE")
    if path and not Path(path).is_file():
        raise env.ConfigurationError("LDAP_CA_FILE: no se puede leer el archivo")
    return path


LDAP_SERVERS = _servers()
LDAP_BASE_DN = env.matching("LDAP_BASE_DN", r"[\w.-]+\s*=.+", "un nombre como dc=planta,dc=mx")
LDAP_BIND_DN = env.text("LDAP_BIND_DN")
LDAP_BIND_PASSWORD = env.text("LDAP_BIND_PASSWORD")
LDAP_START_TLS = env.boolean("LDAP_START_TLS", any(map(_needs_start_tls, LDAP_SERVERS)))
LDAP_CA_FILE = _ca_file()
LDAP_SYNC_MINUTES = env.integer("LDAP_SYNC_MINUTES", 5, minimum=1, maximum=60)
if LDAP_SERVERS and not LDAP_BASE_DN:
    raise env.ConfigurationError("LDAP_BASE_DN: hace falta con LDAP_SERVER")
if LDAP_SERVERS and not find_spec("django_auth_ldap"):
    raise env.ConfigurationError(
        "LDAP_SERVER: necesita los paquetes de requirements-ldap.txt; instálelos con `make ldap`"
    )
DIRECTORY_BACKEND = "prsystem.accounts.directory.backend.DirectoryBackend"
