"""What pages say about people and their rights."""

from django import template

from prsystem.core.rights import Rights, Role

register = template.Library()


@register.filter
def role_names(rights: Rights) -> str:
    """The names of the roles held, the widest last: `Reporter, Support L1`."""
    return ", ".join(str(Role(role).label) for role in rights.roles)
