"""Export, plan and apply. A plan is an application that is undone: it says exactly what would be done or refused."""

from typing import Any

from django.db import connection, transaction

from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, NotAllowed

from .. import selectors
from .sections import Change, Item, Run, Section, sections_of_file

VERSION = 1
_LOCK = 0x70725F636667  # one application at a time: any constant does that nothing else uses

Content = dict[str, list[Item]]


def config_export() -> Content:
    """Section -> items."""
    return {section.code: section.export() for section in sections_of_file()}


def config_plan(
    *, actor: Actor, content: Content, prune: bool = False, among: list[Section] | None = None
) -> list[Change]:
    """What `config_apply` would do; InvalidInput names every place that it would refuse."""
    try:
        with transaction.atomic():
            run = _run(actor, content, prune, among)
            transaction.set_rollback(True)
    finally:
        selectors.forget()
    return run.changes


@transaction.atomic
def config_apply(
    *, actor: Actor, content: Content, prune: bool = False, among: list[Section] | None = None
) -> list[Change]:
    """Make the sections in the content equal to it, all or nothing; others are left alone.

    InvalidInput names every place that was refused. Each changed object leaves an audit entry.
    """
    return _run(actor, content, prune, among).changes


def _run(actor: Actor, content: Content, prune: bool, among: list[Section] | None) -> Run:
    if not actor.rights.is_admin:
        raise NotAllowed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    run = Run(actor, prune)
    for section in among if among is not None else sections_of_file():
        if section.code in content:
            section.apply(content[section.code], run)
    if run.errors:
        raise InvalidInput(errors=run.errors)
    return run


def changes_json(changes: list[Change]) -> list[dict[str, Any]]:
    """For machines."""
    return [
        {"seccion": change.section, "clave": change.key, "accion": change.action, "campos": change.fields}
        for change in changes
    ]
