"""Validator of a node's address: its form only. Where it leads is checked each time the nodes are read."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from prsystem.core.addresses import AddressRefused, parse_target


def checked_node_url(value: str) -> None:
    try:
        parse_target(value)
    except AddressRefused as error:
        raise ValidationError(_("This URL can't be used: only plain http or https addresses.")) from error
