"""How states and votes look in knowledge's pages."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()
# Of versions and of editions: no state of one means something else in the other.
COLOURS = {
    **dict.fromkeys(("publicada", "en_uso"), "green"),
    **dict.fromkeys(("borrador", "en_revision", "pendiente"), "amber"),
    **dict.fromkeys(("retirada", "rechazada", "fallida"), "red"),
}


@register.filter
def state_colour(state: str) -> str:
    """The name of a colour of the style sheet."""
    return COLOURS.get(state, "gray")


@register.filter
def shift_told(shift: float) -> str:
    """What people's votes did to the place of an article, in a sentence."""
    if shift > 0:
        return _("Moved up a little by what people said")
    if shift < 0:
        return _("Moved down a little by what people said")
    return _("What people said did not move it")
