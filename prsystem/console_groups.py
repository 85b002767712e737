"""How the console's front page orders models and pages: by what an administrator wants to do, not by app.

A model goes where its admin says (`console_group`), else where a word of its name or its module leads; what none of
these place is under «Others», so that nothing is lost.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

OTHERS = "others"


@dataclass(frozen=True)
class ConsoleGroup:
    """`names` is matched against the model's name, `modules` are beginnings of the model's module."""

    code: str
    title: Any
    help: Any
    names: str = ""
    modules: tuple[str, ...] = field(default=())


GROUPS = (
    ConsoleGroup(
        "people",
        _("People and roles"),
        _("Who gets in, with which role in which area."),
        modules=("prsystem.accounts", "axes"),
    ),
    ConsoleGroup(
        "areas",
        _("Areas and calendars"),
        _("The parts of the site, their working hours, free days and maintenance windows."),
        names=r"^area|calendar|holiday|shift|maintenance",
    ),
    ConsoleGroup(
        "rules",
        _("Policies and rules"),
        _("Response targets, escalation, routing, triage, and texts that are used again."),
        names=r"rule|policy|target$|escalation|routing|macro|template|checklist|view$",
    ),
    ConsoleGroup("incidents", _("Incidents"), _("What was reported, to look at."), modules=("incidents",)),
    ConsoleGroup("knowledge", _("Knowledge"), _("Articles and versions, to look at."), modules=("knowledge",)),
    ConsoleGroup(
        "integrations",
        _("Other systems"),
        _("Endpoints that are told, keys of those that call, mail."),
        names=r"^allowedtarget",
        modules=("integrations",),
    ),
    ConsoleGroup(
        "models",
        _("Language models and index"),
        _("Model nodes and the search index."),
        names=r"generation|vector|modelnode",
        modules=("integrations.ollama", "integrations.embedder"),
    ),
    ConsoleGroup(
        "backups", _("Backups"), _("Copies, their checks, restore points."), modules=("integrations.backups",)
    ),
    ConsoleGroup("audit", _("Audit"), _("Who did what, when and from where."), modules=("audit",)),
    ConsoleGroup(
        "system",
        _("System"),
        _("Settings, health, and the work in the background."),
        modules=("prsystem.core", "prsystem.runtime"),
    ),
    ConsoleGroup(OTHERS, _("Others"), _("What no other group holds.")),
)
CODES = tuple(group.code for group in GROUPS)


def group_of(model: type, asked: str = "") -> str:
    """The code of the group of a model; `asked` is what its admin says."""
    if asked in CODES:
        return asked
    name = model.__name__.lower()
    if by_name := [group.code for group in reversed(GROUPS) if group.names and re.search(group.names, name)]:
        return by_name[0]
    by_module = [(len(start), group.code) for group in GROUPS for start in group.modules if _is_in(model, start)]
    return max(by_module)[1] if by_module else OTHERS


def _is_in(model: type, module: str) -> bool:
    return f"{model.__module__}.".startswith(f"{module}.")


def grouped(entries: Iterable[tuple[str, dict[str, Any]]], url: str) -> list[dict[str, Any]]:
    """(code, entry) pairs as the list of apps that Django's admin templates show; groups without entries are left out.

    What can be changed comes before what can only be looked at.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for code, entry in entries:
        found.setdefault(code if code in CODES else OTHERS, []).append(entry)
    return [
        {
            "name": group.title,
            "help": group.help,
            "app_label": group.code,
            "app_url": f"{url}#{group.code}",
            "has_module_perms": True,
            "models": sorted(found[group.code], key=_place),
        }
        for group in GROUPS
        if group.code in found
    ]


def _place(entry: dict[str, Any]) -> tuple[bool, bool, str]:
    return not entry.get("is_page"), bool(entry["view_only"]), str(entry["name"]).casefold()
