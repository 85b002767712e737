"""Which addresses an outgoing request may reach: checked on the address that is connected to, never on a name alone.

Private networks are reachable only through an allowance (host and networks, kept by an administrator). Link-local
addresses, cloud metadata among them, multicast and unspecified ones are never reachable.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

USUAL_PORTS = frozenset({80, 443, 8080, 8443})
DEFAULT_PORTS = {"http": 80, "https": 443}
NEEDS_ALLOWANCE = _("private address without an allowance")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC_LABEL = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "100.100.100.200/32", "168.63.129.16/32")
) + tuple(ipaddress.ip_network(text) for text in ("::/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128"))
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
_TEREDO = ipaddress.ip_network("2001::/32")
_COMPATIBLE = ipaddress.ip_network("::/96")


class AddressRefused(OSError):
    """The target may not be reached. The text is a stable English reason, without secrets; pages translate it."""


@dataclass(frozen=True)
class Allowance:
    """`host` may be reached inside `networks`, on `ports` (the usual ones when empty)."""

    host: str
    networks: tuple[Network, ...]
    ports: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Target:
    """Where a URL points: `host` is lower-case ASCII or an address literal without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def literal(self) -> Address | None:
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None


def parse_target(url: str) -> Target:
    """The target of an http(s) URL; AddressRefused for anything that clients could read in two ways."""
    if any(ord(char) <= 0x20 or ord(char) == 0x7F or char in '\\^`{|}<>"' for char in url):
        raise AddressRefused(_("forbidden characters in the URL"))
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressRefused(_("malformed URL")) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise AddressRefused(_("only http and https are allowed"))
    if "@" in parts.netloc:
        raise AddressRefused(_("user names in the URL are not allowed"))
    if not host or "%" in parts.netloc or port == 0:
        raise AddressRefused(_("malformed host"))
    return Target(parts.scheme, _canonical_host(host), port or DEFAULT_PORTS[parts.scheme])


def _canonical_host(host: str) -> str:
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as error:
            raise AddressRefused(_("malformed address")) from error
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressRefused(_("malformed host")) from error
    ascii_host = ascii_host.removesuffix(".")
    labels = ascii_host.split(".")
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        return _dotted_quad(ascii_host)
    if len(ascii_host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused(_("malformed host"))
    return ascii_host


def _dotted_quad(host: str) -> str:
    """A host that ends in a number is an address for C libraries: only the plain form is taken."""
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError as error:
        raise AddressRefused(_("only plain dotted IPv4 addresses are allowed")) from error


def embedded(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, compatible, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in network for network in _NAT64) or (address in _COMPATIBLE and number > 0xFFFF):
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address(number >> 80 & 0xFFFFFFFF)
    if address in _TEREDO:
        return ipaddress.IPv4Address(~number & 0xFFFFFFFF)
    return address


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(network.version == address.version and address in network for network in networks)


def is_never_reached(address: Address) -> bool:
    """Whether no allowance opens it."""
    return _within(address, _NEVER) or _within(embedded(address), _NEVER)


@dataclass(frozen=True)
class AddressPolicy:
    """The allowances of the administrators, and the rules that hold for everybody."""

    allowances: tuple[Allowance, ...] = ()

    def _of_host(self, target: Target) -> list[Allowance]:
        return [allowance for allowance in self.allowances if allowance.host == target.host]

    def check_address(self, target: Target, text: str) -> None:
        """AddressRefused unless `text`, an address that the host resolved to, may be reached at the target's port."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError as error:
            raise AddressRefused(_("malformed address")) from error
        inner = embedded(address)
        if is_never_reached(address):
            raise AddressRefused(_("the address is never allowed"))
        allowances = [allowance for allowance in self._of_host(target) if _within(address, allowance.networks)]
        if any(target.port in (allowance.ports or USUAL_PORTS) for allowance in allowances):
            return
        if not (inner.is_global and address.is_global) and inner == address:
            raise AddressRefused(NEEDS_ALLOWANCE)
        if inner != address:
            raise AddressRefused(_("an IPv4 address inside an IPv6 address is not allowed"))
        if target.port not in USUAL_PORTS:
            raise AddressRefused(_("the port is not allowed"))

    def check_all(self, target: Target, addresses: Iterable[str]) -> list[str]:
        """The addresses, when every one of them may be reached; one that may not refuses the whole name."""
        found = list(addresses)
        if not found:
            raise AddressRefused(_("the name has no address"))
        for address in found:
            self.check_address(target, address)
        return found

    def check_url(self, url: str) -> Target:
        """The target of the URL, its address checked when it is a literal. Names are checked when they are resolved."""
        target = parse_target(url)
        if target.literal is not None:
            self.check_address(target, target.host)
        return target
