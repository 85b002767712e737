"""The story of an incident: audit entries as sentences, and comments, in the order in which they happened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from incidents.case.choices import Timer
from incidents.case.models import Comment
from prsystem.accounts.names import people_of, with_names

Details = dict[str, Any]
NOTHING = "—"
HIDDEN = {"incident.commented", "suggestion.rated", "suggestion.requested"}
SUPPORT_ONLY = {
    "incident.checklist_added",
    "incident.checklist_ticked",
    "incident.checklist_unticked",
    "incident.checklist_removed",
    "suggestion.failed",
    "suggestion.source_hidden",
    "suggestion.source_shown",
    "incident.linked",
    "incident.unlinked",
    "incident.split",
    "incident.triaged",
    "incident.merged_in",
    "incident.unmerged_from",
    "incident.retargeted",
    "incident.sla_warned",
    "incident.sla_breached",
    "incident.rule_applied",
}
ICONS = {
    "incident.reported": "flag",
    "incident.imported": "flag",
    "incident.claimed": "hand-grab",
    "incident.assigned": "user-plus",
    "incident.released": "user-off",
    "incident.escalated": "stairs-up",
    "incident.waiting": "player-pause",
    "incident.resumed": "player-play",
    "incident.resolved": "circle-check",
    "incident.closed": "lock",
    "incident.reopened": "restore",
    "incident.merged": "git-merge",
    "incident.merged_in": "git-merge",
    "incident.unmerged": "restore",
    "incident.unmerged_from": "restore",
    "incident.checklist_added": "checklist",
    "incident.checklist_ticked": "circle-check",
    "incident.checklist_unticked": "restore",
    "incident.checklist_removed": "x",
    "incident.linked": "link",
    "incident.unlinked": "link",
    "incident.split": "git-compare",
    "incident.split_from": "git-compare",
    "incident.file_attached": "paperclip",
    "incident.file_infected": "alert-triangle",
    "incident.triaged": "robot",
    "incident.emergency_declared": "alert-triangle",
    "incident.emergency_called_off": "circle-check",
    "incident.retargeted": "clock",
    "incident.sla_warned": "clock",
    "incident.sla_breached": "flame",
    "incident.rule_applied": "stairs-up",
    "suggestion.made": "sparkles",
    "suggestion.failed": "alert-triangle",
    "suggestion.source_hidden": "x",
    "suggestion.source_shown": "restore",
}


@dataclass(frozen=True)
class Item:
    """One entry: a comment, or a change told by `icon` and `text`."""

    at: datetime
    who: str
    icon: str = ""
    text: str = ""
    note: str = ""
    comment: Comment | None = None


def timeline(
    entries: Iterable[AuditEntry], comments: Iterable[Comment], names: dict[int, str], *, for_support: bool
) -> list[Item]:
    """Newest last. Without `for_support`, what is internal is left out."""
    shown = [entry for entry in entries if _is_shown(entry, for_support)]
    items = [_change(entry, names) for entry in shown]
    items += [
        Item(comment.created_at, str(comment.author or comment.author_label), comment=comment) for comment in comments
    ]
    return sorted(items, key=lambda item: item.at)


def people_in(entry: AuditEntry) -> set[int]:
    """The numbers of everybody that an entry names: who acted, and those of its details."""
    return people_of(entry.detalles) | ({entry.usuario_id} if entry.usuario_id else set())


def _is_shown(entry: AuditEntry, for_support: bool) -> bool:
    if entry.accion in HIDDEN or entry.resultado == AuditEntry.Outcome.DENIED:
        return False
    return for_support or not (entry.accion in SUPPORT_ONLY or is_internal(entry))


def is_internal(entry: AuditEntry) -> bool:
    """Whether it names something that only support sees. Of infected files entries of before don't say: they are."""
    return bool(entry.detalles.get("interno", entry.accion == "incident.file_infected"))


def _change(entry: AuditEntry, names: dict[int, str]) -> Item:
    who = names.get(entry.usuario_id or 0) or (_("The system") if entry.actor_kind == "system" else entry.actor)
    tell, details = SENTENCES.get(entry.accion), with_names(entry.detalles, names)
    text = tell(details) if tell else _changed_fields(details) or entry.accion
    return Item(entry.timestamp, who, ICONS.get(entry.accion, "edit"), text, str(details.get("motivo", "")))


def _pair(details: Details, name: str) -> tuple[Any, ...]:
    """(before, after) of a change; what there is none of is a dash."""
    change = details.get(name)
    pair = (change.get("antes"), change.get("despues")) if isinstance(change, dict) else (None, change)
    return tuple(NOTHING if value is None else value for value in pair)


def _assigned(details: Details) -> str:
    return _("assigned it to %(name)s") % {"name": _pair(details, "asignado_a")[1]}


def _escalated(details: Details) -> str:
    return _("escalated it from %(old)s to %(new)s") % dict(zip(("old", "new"), _pair(details, "nivel"), strict=True))


def _resolved(details: Details) -> str:
    if details.get("con"):
        return _("resolved it together with %(number)s") % {"number": details["con"]}
    return _("resolved it; version %(version)s of the article «%(article)s» was written") % {
        "version": details.get("version", ""),
        "article": details.get("articulo", ""),
    }


def _link_sentence(details: Details) -> str:
    """By the kind of link, as this end sees it."""
    is_inverse = details.get("sentido") == "inverso"
    if details.get("tipo") == "padre":
        return _("made it a child of %(number)s") if is_inverse else _("made it the parent of %(number)s")
    if details.get("tipo") == "duplicada" and not is_inverse:
        return _("marked it as a duplicate of %(number)s")
    return _("linked it with %(number)s")


def _listed(details: Details) -> str:
    return ", ".join(str(number) for number in details.get("de", []))


def _attached(details: Details) -> str:
    return _("attached «%(name)s»") % {"name": details.get("archivo", "")}


def _suggested(details: Details) -> str:
    return _("proposed a solution") if details.get("peldaño") not in ("cola", "") else _("found no solution to propose")


def _timer(details: Details) -> dict[str, str]:
    timer = details.get("plazo", "")
    return {"timer": str(Timer(timer).label).lower() if timer in Timer.values else timer}


def _rule_applied(details: Details) -> str:
    """With the share that had been used: the clock of the response begins anew when a rule moves the case up."""
    values = {"name": details.get("regla", ""), "percent": details.get("porcentaje"), **_timer(details)}
    if values["percent"] is None:
        return _("applied the rule «%(name)s»") % values
    return _("applied the rule «%(name)s» when %(percent)d %% of a target was used: %(timer)s") % values


FIELD_LABELS: dict[str, Callable[[], str]] = {
    "titulo": lambda: _("title"),
    "descripcion": lambda: _("description"),
    "area": lambda: _("area"),
    "prioridad": lambda: _("priority"),
    "impacto": lambda: _("impact"),
    "urgencia": lambda: _("urgency"),
}


def _changed_fields(details: Details) -> str:
    """`changed priority from P3 to P1`, every field that the entry names; long texts are not repeated."""
    told = []
    for name, label in FIELD_LABELS.items():
        if name not in details or (name in ("impacto", "urgencia") and "prioridad" in details):
            continue
        old, new = _pair(details, name)
        if name in ("titulo", "descripcion"):
            told.append(_("changed the %(field)s") % {"field": label()})
        else:
            told.append(
                format_html(
                    _("changed the {field} from <del>{old}</del> to <ins>{new}</ins>"), field=label(), old=old, new=new
                )
            )
    return format_html(", ".join(["{}"] * len(told)), *told) if told else ""


SENTENCES: dict[str, Callable[[Details], str]] = {
    "incident.reported": lambda details: _("reported the incident"),
    "incident.imported": lambda details: _("imported it from «%(source)s»") % {"source": details.get("origen", "")},
    "incident.claimed": lambda details: _("claimed it"),
    "incident.assigned": _assigned,
    "incident.released": lambda details: _("put it back into the queue"),
    "incident.escalated": _escalated,
    "incident.waiting": lambda details: _("set it to wait"),
    "incident.resumed": lambda details: _("went on with it"),
    "incident.resolved": _resolved,
    "incident.closed": lambda details: _("closed it"),
    "incident.reopened": lambda details: _("reopened it"),
    "incident.merged": lambda details: _("merged it into %(number)s") % {"number": details.get("en", "")},
    "incident.merged_in": lambda details: _("merged %(numbers)s into it") % {"numbers": _listed(details)},
    "incident.unmerged": lambda details: _("undid its merge into %(number)s") % {"number": details.get("de", "")},
    "incident.unmerged_from": lambda details: (
        _("undid the merge of %(numbers)s into it") % {"numbers": _listed(details)}
    ),
    "incident.linked": lambda details: _link_sentence(details) % {"number": details.get("con", "")},
    "incident.unlinked": lambda details: _("took the link with %(number)s away") % {"number": details.get("con", "")},
    "incident.split": lambda details: _("made %(number)s of a part of it") % {"number": details.get("en", "")},
    "incident.split_from": lambda details: _("made it of a part of %(number)s") % {"number": details.get("de", "")},
    "incident.checklist_added": lambda details: (
        _("added to the checklist: %(steps)s") % {"steps": ", ".join(details.get("pasos", []))}
    ),
    "incident.checklist_ticked": lambda details: _("did «%(step)s»") % {"step": details.get("paso", "")},
    "incident.checklist_unticked": lambda details: (
        _("reopened the step «%(step)s»") % {"step": details.get("paso", "")}
    ),
    "incident.checklist_removed": lambda details: _("removed the step «%(step)s»") % {"step": details.get("paso", "")},
    "incident.file_attached": _attached,
    "incident.file_infected": lambda details: (
        _("removed «%(name)s»: the antivirus found something in it") % {"name": details.get("archivo", "")}
    ),
    "incident.emergency_declared": lambda details: _("marked danger to people"),
    "incident.emergency_called_off": lambda details: _("called the emergency off"),
    "incident.triaged": lambda details: _changed_fields(details) or _("made proposals from the text"),
    "incident.sla_warned": lambda details: _("saw that a target is at risk: %(timer)s") % _timer(details),
    "incident.sla_breached": lambda details: _("saw that a target is breached: %(timer)s") % _timer(details),
    "incident.rule_applied": _rule_applied,
    "incident.retargeted": lambda details: _("recomputed its targets by the calendars and policies that hold now"),
    "suggestion.made": _suggested,
    "suggestion.failed": lambda details: _("could not propose a solution"),
    "suggestion.source_hidden": lambda details: _("hid a source at this case: %s") % details.get("articulo", ""),
    "suggestion.source_shown": lambda details: _("showed a hidden source again: %s") % details.get("articulo", ""),
}
