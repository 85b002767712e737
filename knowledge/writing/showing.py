"""What pages show of two texts and of one that is still typed. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from prsystem.core.bounds.differences import Steps
from prsystem.core.text.markdown import render

from ..differences import Line, compare
from .texts import FIELDS, Draft

LABELS = {
    "titulo": _("Title"),
    "problema": _("Problem"),
    "causa": _("Cause"),
    "solucion": _("Solution"),
    "idioma": _("Language"),
}
SECTIONS = ("problema", "causa", "solucion")


def compared(differences: Mapping[str, Mapping[str, str]]) -> list[tuple[object, list[Line]]]:
    """By field: from what is there now (`actual`) to what was typed (`suyo`)."""
    steps = Steps()
    return [(LABELS[name], compare(found["actual"], found["suyo"], steps)) for name, found in differences.items()]


def sections(draft: Draft) -> list[dict[str, Any]]:
    """The sections of a draft as its readers will see them; empty ones are left out."""
    texts = ((name, getattr(draft, FIELDS[name])) for name in SECTIONS)
    return [
        {"name": FIELDS[name], "label": LABELS[name], "html": render(text.replace("\r\n", "\n"))}
        for name, text in texts
        if text.strip()
    ]


def told(errors: Mapping[str, Iterable[object]]) -> list[str]:
    """Errors of fields in one line each: `Problema: Este campo es obligatorio.`"""
    lines = [(LABELS.get(name), message) for name, found in errors.items() for message in found]
    return [f"{label}: {message}" if label else str(message) for label, message in lines]
