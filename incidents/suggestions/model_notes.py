"""Why no language model answered, in one sentence for whoever looks. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
# For support and administrators, by the code of the answer's record.
WHY: dict[str, Text] = {
    "none": _("No language model is set up on this site."),
    "cordoned": _("No language model answered: every node is cordoned or draining and takes no new work."),
    "down": _("No language model answered: none of its nodes can be reached."),
    "missing": _("No language model answered: no node that can be reached has the model installed."),
    "breaker": _("No language model answered: its nodes failed several times in a row and rest for a moment."),
    "full": _("No language model answered: every node was busy for too long."),
    "failed": _("The language model failed or took too long."),
    "model_refused": _("The language model says that what is known doesn't answer this."),
    "ungrounded": _("The language model's answer was dropped: too little of it is in what is known."),
}
WITHOUT: Text = _("This proposal was made without a language model.")
NOT_NOW: Text = _("The language model isn't available right now.")
NOT_SURE: Text = _("The language model found no sure answer.")
PLAIN: dict[str, Text] = {"none": WITHOUT, "model_refused": NOT_SURE, "ungrounded": NOT_SURE}
ABOUT_NODES = frozenset({"none", "cordoned", "down", "missing", "breaker", "full", "failed"})


@dataclass(frozen=True)
class ModelNote:
    """`is_fault`: something is to be mended, by who looks after the nodes."""

    text: Text
    is_fault: bool
    leads_to_nodes: bool


def model_note(code: str, *, is_technical: bool, is_admin: bool) -> ModelNote | None:
    """The banner of a proposal that no model wrote; None where there is nothing to say."""
    if code not in WHY:
        return None
    is_fault = code in ABOUT_NODES - {"none"}
    text = WHY[code] if is_technical else PLAIN.get(code, NOT_NOW)
    return ModelNote(text, is_fault, leads_to_nodes=is_admin and code in ABOUT_NODES)
