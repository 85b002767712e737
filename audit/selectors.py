"""Reading the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from audit.export.formats import Range, entries_between
from audit.seals.checking import last_check
from audit.seals.sealing import unsealed_seconds
from audit.seals.verifying import Broken, Fault, entry_prove

from .models import AuditEntry, Retirement, SealBatch
from .retention import ERASED


def entries_of(resource: str) -> QuerySet[AuditEntry]:
    """Entries of one resource, oldest first."""
    return AuditEntry.objects.filter(recurso=resource).order_by("id")


def entries_filtered(values: Mapping[str, str], span: Range) -> QuerySet[AuditEntry]:
    """Entries that match every filter given. `quien` is a name or the number of a person, `accion` the beginning of an
    action, `recurso` one resource or, with its colon at the end, a kind of them."""
    found = entries_between(span)
    if who := values.get("quien"):
        is_number = who.isascii() and who.isdigit() and len(who) < 19
        found = found.filter(Q(actor=who) | Q(usuario_id=int(who)) if is_number else Q(actor=who))
    if action := values.get("accion"):
        found = found.filter(accion__startswith=action)
    if resource := values.get("recurso"):
        found = found.filter(recurso__startswith=resource) if resource.endswith(":") else found.filter(recurso=resource)
    if outcome := values.get("resultado"):
        found = found.filter(resultado=outcome)
    return found


@dataclass(frozen=True)
class SealState:
    """How far the seals reach and when all of it was last verified."""

    batch: SealBatch | None
    unsealed_seconds: float
    verified: AuditEntry | None
    retired: int

    @property
    def is_whole(self) -> bool:
        return self.verified is not None and self.verified.resultado == AuditEntry.Outcome.OK


def seal_state() -> SealState:
    retirement = Retirement.objects.order_by("-id").first()
    return SealState(
        batch=SealBatch.objects.order_by("-number").first(),
        unsealed_seconds=unsealed_seconds(),
        verified=last_check(),
        retired=retirement.last_batch if retirement else 0,
    )


@dataclass(frozen=True)
class EntrySeal:
    """Whether one entry is proved to be in a signed batch; `batch` is 0 while it waits."""

    batch: int = 0
    ordinal: int = 0
    fault: Fault | None = None


def seal_of(entry_id: int) -> EntrySeal:
    try:
        proof = entry_prove(entry_id)
    except Broken as broken:
        return EntrySeal(broken.fault.batch, fault=broken.fault)
    return EntrySeal(proof.batch.number, proof.ordinal) if proof else EntrySeal()


@dataclass(frozen=True)
class Difference:
    """One row of an entry's details: before and after, or a plain value."""

    name: str
    before: Any
    after: Any
    is_change: bool


def differences_of(entry: AuditEntry) -> list[Difference]:
    return [_difference(name, value) for name, value in entry.detalles.items()]


def _difference(name: str, value: Any) -> Difference:
    if isinstance(value, dict) and set(value) == {"antes", "despues"}:
        return Difference(name, value["antes"], value["despues"], True)
    return Difference(name, None, value, False)


def entries_naming(user_id: int) -> int:
    """How many entries hold the name or the details of a person."""
    about = Q(recurso=f"usuario:{user_id}") & ~Q(detalles={})
    return AuditEntry.objects.filter(Q(usuario_id=user_id) & ~Q(actor="") | about).count()


def erased_at(user_id: int) -> datetime | None:
    """When the trail last forgot a person."""
    told = AuditEntry.objects.filter(accion=ERASED, recurso=f"usuario:{user_id}")
    return told.order_by("-id").values_list("timestamp", flat=True).first()


def filters_told(values: Mapping[str, str]) -> dict[str, str]:
    """Filters as an entry keeps them: a name that the trail knows becomes its number, any other is left out."""
    name = values.get("quien", "")
    if not name or name.isdecimal():
        return dict(values)
    number = AuditEntry.objects.filter(actor=name).values_list("usuario_id", flat=True).first()
    return {**values, "quien": f"usuario:{number}" if number else "otro"}
