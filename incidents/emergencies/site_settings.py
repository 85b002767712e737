"""What a site says when people are in danger, and the words by which it knows. Changed in the console."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from prsystem.runtime.registry import Kind, Preview, Setting, register
from prsystem.runtime.selectors import get_setting

TEXT_LENGTH = 600
TEXT = (
    "Si hay peligro para alguien: aléjese, avise en voz alta y siga el plan de emergencia del sitio. "
    "No intente reparar nada. Llame a quien atiende emergencias y espere en el punto de reunión."
)


PREVIEW = "incidents/emergencies/words_preview.html"


def _words_told(words: list[str]) -> dict[str, Any]:
    """What these words would have made of the newest cases. The models are there by the time somebody asks."""
    from .selectors import words_previewed

    return words_previewed(words, get_setting("emergency.never"))


def _never_told(never: list[str]) -> dict[str, Any]:
    from .selectors import words_previewed

    return words_previewed(get_setting("emergency.words"), never)


def register_all() -> None:
    """Called once from the app's `ready()`."""
    group = _("Danger to people")
    register(
        Setting(
            key="emergency.text",
            kind=Kind.TEXT,
            default=TEXT,
            max_length=TEXT_LENGTH,
            label=_("What to do in an emergency"),
            group=group,
            help=_("Shown in place of a proposal when a report speaks of danger. Write what holds on this site."),
        ),
        Setting(
            key="emergency.telephone",
            kind=Kind.TEXT,
            default="",
            max_length=40,
            label=_("Emergency telephone"),
            group=group,
            help=_("Shown with it, and can be called by a press. Empty: none is shown."),
        ),
        Setting(
            key="emergency.words",
            kind=Kind.LINES,
            default=[],
            label=_("Words that tell danger here"),
            group=group,
            help=_("One phrase a line, besides those that come with the product; * stands for any ending."),
            preview=Preview(PREVIEW, _words_told),
        ),
        Setting(
            key="emergency.never",
            kind=Kind.LINES,
            default=[],
            label=_("Words that tell none"),
            group=group,
            help=_("One phrase a line: a sentence with it is no emergency, such as the name of a machine."),
            preview=Preview(PREVIEW, _never_told),
        ),
    )
