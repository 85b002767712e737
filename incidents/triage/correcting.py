"""What people think of automatic values: kept as examples for the next learning."""

from incidents.case.models import Incident
from prsystem.core.context import Actor

from .models import TriageCorrection


def correction_keep(actor: Actor, incident: Incident, target: str, chosen: str) -> None:
    """A person has decided: the automatic value goes from the incident, and into the corrections when it was another.

    In the caller's transaction, on the locked incident, which the caller saves.
    """
    automatic = incident.automatic.pop(target, None)
    if not automatic or "valor" not in automatic or automatic["valor"] == chosen:
        return
    TriageCorrection.objects.create(
        incident=incident,
        target=target,
        proposed=automatic["valor"],
        chosen=chosen,
        confidence=automatic.get("confianza"),
        method=automatic.get("metodo", ""),
        user_id=actor.user_id,
    )
