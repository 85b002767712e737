"""Typed readers of the environment: `NAME`, or `NAME_FILE` naming a file that holds the value.

An unusable value raises ConfigurationError with one line in Spanish, the language of the start, that names the
variable; the value itself is never repeated, since it may be a secret.
"""

import base64
import ipaddress
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prsystem.mail_servers import MailServer, parse_mail_server

T = TypeVar("T")
_HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
TRUE, FALSE = {"1", "true", "yes", "on", "si", "sí"}, {"0", "false", "no", "off", ""}


class ConfigurationError(Exception):
    """The environment holds a value that can't be used."""


def text(name: str, default: str = "") -> str:
    """The value of NAME, else the content of the file in NAME_FILE, else the default; blanks stripped."""
    if name in os.environ:
        return os.environ[name].strip()
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{name}_FILE: no se puede leer el archivo ({type(error).__name__})") from error


def is_set(name: str) -> bool:
    return bool(text(name))


def _parsed(name: str, default: T, parse: Callable[[str], T], expected: str) -> T:
    value = text(name)
    if not value:
        return default
    try:
        return parse(value)
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:  # OSError: a folder of time zones
        raise ConfigurationError(f"{name}: se espera {expected}") from error


def integer(name: str, default: int, *, minimum: int = 0, maximum: int = 2**31 - 1) -> int:
    def parse(value: str) -> int:
        number = int(value)
        if not minimum <= number <= maximum:
            raise ValueError(name)
        return number

    return _parsed(name, default, parse, f"un número entero de {minimum} a {maximum}")


def boolean(name: str, default: bool) -> bool:
    def parse(value: str) -> bool:
        if value.lower() in TRUE:
            return True
        if value.lower() in FALSE:
            return False
        raise ValueError(name)

    return _parsed(name, default, parse, "true o false")


def names(name: str, default: list[str]) -> list[str]:
    """A comma-separated list without empty items."""
    return [item.strip() for item in text(name).split(",") if item.strip()] or default


def hosts(name: str, default: list[str]) -> list[str]:
    """Host names and addresses without scheme and port. Given but without a name is an error: by the default the site
    would be served to nobody, or to others than was meant."""
    if name not in os.environ and f"{name}_FILE" not in os.environ:
        return default
    found = names(name, [])
    if not found or not all(_HOST.fullmatch(host) for host in found):
        raise ConfigurationError(f"{name}: se esperan nombres como pr.planta.mx, sin https:// ni puerto")
    return found


def matching(name: str, pattern: str, expected: str) -> str:
    """Text that fits the regular expression as a whole; empty when it isn't given."""

    def parse(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(name)
        return value

    return _parsed(name, "", parse, expected)


def public_keys(name: str) -> list[str]:
    """Ed25519 public keys of 32 bytes in Base64, comma-separated."""

    def parse(value: str) -> list[str]:
        found = [item.strip() for item in value.split(",") if item.strip()]
        if any(len(base64.b64decode(item, validate=True)) != 32 for item in found):
            raise ValueError(name)
        return found

    return _parsed(name, [], parse, "claves de 32 bytes en Base64, separadas por comas")


def folder(name: str, default: Path) -> Path:
    """A folder that is there or can be made; made when it is first used."""

    def parse(value: str) -> Path:
        path = Path(value).expanduser()
        nearest = next(part for part in (path, *path.absolute().parents) if part.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise ValueError(name)
        return path

    return _parsed(name, default, parse, "una carpeta en la que se pueda escribir")


def numbered(name: str) -> dict[int, str]:
    """Secrets by number: `2:secret,3:secret`, each of at least 32 characters, numbers from 2 to 32767."""

    def parse(value: str) -> dict[int, str]:
        pairs = [item.strip().partition(":") for item in value.split(",") if item.strip()]
        found = {int(number): secret for number, _colon, secret in pairs}
        if any(not 2 <= number <= 32767 or len(secret) < 32 for number, secret in found.items()):
            raise ValueError(name)
        return found

    return _parsed(name, {}, parse, "secretos numerados como 2:<32 caracteres o más>")


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of the words, in capitals."""

    def parse(value: str) -> str:
        if value.upper() not in allowed:
            raise ValueError(name)
        return value.upper()

    return _parsed(name, default, parse, " o ".join(allowed))


def age_recipients(name: str) -> list[str]:
    """Public keys of age, comma-separated."""

    def parse(value: str) -> list[str]:
        found = [item.strip() for item in value.split(",") if item.strip()]
        if not all(re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", item) for item in found):
            raise ValueError(name)
        return found

    return _parsed(name, [], parse, "claves públicas de age (age1…), separadas por comas")


def url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    return _parsed(name, default, lambda value: _checked_url(value, schemes), f"una URL {'://, '.join(schemes)}://")


def urls(name: str, *, schemes: tuple[str, ...]) -> list[str]:
    def parse(value: str) -> list[str]:
        return [_checked_url(item.strip(), schemes) for item in value.split(",") if item.strip()]

    return _parsed(name, [], parse, f"separadas por comas, URL {'://, '.join(schemes)}://")


def mail_server(name: str, *, schemes: tuple[str, ...]) -> MailServer | None:
    """A mail server's URL such as `smtp://user:secret@host:587?from=soporte@planta.mx`; None when it isn't given."""

    def parse(value: str) -> MailServer | None:
        return parse_mail_server(_checked_url(value, schemes))

    expected = (
        f"{'://, '.join(schemes)}://usuario:clave@servidor:puerto con from, starttls=auto|required|never, plus, folder"
    )
    return _parsed(name, None, parse, expected)


def _checked_url(value: str, schemes: tuple[str, ...]) -> str:
    parts = urlsplit(value)
    _ = parts.port  # raises ValueError on a port that is no number
    place = parts.path if parts.scheme == "unix" else parts.hostname
    if parts.scheme not in schemes or not place or re.search(r"[\s\x00-\x1f]", value):
        raise ValueError("url")
    return value.rstrip("/") if parts.scheme in ("http", "https") else value


def database(name: str, default: str) -> dict[str, str]:
    """libpq's parts (host, port, user, password, dbname and options) of a URL that may name several hosts."""

    def parse(value: str) -> dict[str, str]:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict

        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("url")
        try:
            parts = {part: str(given) for part, given in conninfo_to_dict(value).items()}
        except psycopg.ProgrammingError as error:
            raise ValueError("url") from error
        if not all(port.isdigit() for port in parts.get("port", "").split(",") if port):
            raise ValueError("port")
        return parts

    return _parsed(name, parse(default) if default else {}, parse, "una URL postgresql://")


def networks(name: str, default: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    def parse(items: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        return [ipaddress.ip_network(item, strict=False) for item in items]

    return _parsed(
        name, parse(default), lambda value: parse(re.split(r"[,\s]+", value.strip(", "))), "direcciones o redes CIDR"
    )


def time_zone(name: str, default: str) -> str:
    return _parsed(name, default, lambda value: ZoneInfo(value).key, "una zona horaria como America/Mexico_City")
