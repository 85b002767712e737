"""Validators of what an administrator types about webhooks."""

import ipaddress
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from prsystem.core.outgoing.addresses import AddressRefused, Network, parse_target


def checked_url(value: str) -> None:
    """Django's validator of an endpoint's URL: its form only. Addresses are checked at every connection."""
    try:
        parse_target(value)
    except AddressRefused as error:
        raise ValidationError(_("This URL can't be used: only plain http or https addresses.")) from error


def networks_of(text: str) -> tuple[Network, ...]:
    """Comma-separated CIDR networks; ValueError when one can't be read."""
    return tuple(ipaddress.ip_network(part) for part in re.split(r"[,\s]+", text.strip(", ")) if part)


def ports_of(text: str) -> frozenset[int]:
    """Comma-separated port numbers; ValueError when one can't be read."""
    ports = frozenset(int(part) for part in re.split(r"[,\s]+", text.strip(", ")) if part)
    if any(not 0 < port < 65536 for port in ports):
        raise ValueError("port")
    return ports


def checked_networks(value: str) -> None:
    try:
        if networks_of(value):
            return
    except ValueError:
        pass
    raise ValidationError(_("Write networks such as 10.20.0.0/16, separated by commas."))


def checked_ports(value: str) -> None:
    try:
        ports_of(value)
    except ValueError as error:
        raise ValidationError(_("Write port numbers separated by commas.")) from error
