"""Validator of a node's address: its form, and addresses that are never allowed. Where a name leads is checked each
time the nodes are read."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from prsystem.core.outgoing.addresses import AddressRefused, is_never_reached, parse_target


def checked_node_url(value: str) -> None:
    try:
        literal = parse_target(value).literal
    except AddressRefused as error:
        raise ValidationError(_("This URL can't be used: only plain http or https addresses.")) from error
    parts = urlsplit(value)
    if parts.query or parts.fragment:
        raise ValidationError(_("This URL can't be used: only plain http or https addresses."))
    if literal is not None and is_never_reached(literal):
        raise ValidationError(_("This address is never allowed: it is of a machine itself or of a cloud's metadata."))
