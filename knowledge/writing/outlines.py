"""What a new article may start from, so that a reader finds the same things in the same order everywhere. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Outline:
    """`code` is what the form sends; the texts are made in the language of who begins."""

    code: str
    label: object
    hint: object


BLANK = "blanco"
OUTLINES = (
    Outline("falla", gettext_lazy("Fault"), gettext_lazy("Symptom, cause, safety, steps, check")),
    Outline("procedimiento", gettext_lazy("Procedure"), gettext_lazy("When, safety, steps, check")),
    Outline(BLANK, gettext_lazy("Blank"), gettext_lazy("Without headings")),
)


def outline_texts(code: str) -> dict[str, str]:
    """Problem, cause and solution to start from, by the model's names; none for what isn't known."""
    safety, steps, check = _("Safety"), _("Steps"), _("Check")
    solution = f"## {safety}\n\n- \n\n## {steps}\n\n1. \n\n## {check}\n\n- "
    symptom, when = _("Symptom"), _("Since when and where")
    if code == "falla":
        return {"problem": f"**{symptom}:** \n\n**{when}:** ", "solution": solution}
    if code == "procedimiento":
        return {"problem": f"**{_('When it is done')}:** ", "solution": solution}
    return {}
