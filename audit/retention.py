"""How long entries are kept, and what happens to a person's traces: both leave an entry of their own, and the chain of
seals stays valid. The owner decides (by a setting, by an order); functions of the database do the removing."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import Conflict
from prsystem.runtime.selectors import get_setting

from .models import Retirement, SealBatch
from .sealing import MAX_BATCH, batch_seal
from .selectors import ERASED
from .services import record

RETENTION = "audit.retention_days"
RETIRED = "audit.retired"
_SEALING_ROUNDS = 1000


def batches_retire(*, actor: Actor = SYSTEM) -> int:
    """Remove the entries of batches that are older than the retention; how many. 0 days keep everything."""
    days = get_setting(RETENTION)
    if not days:
        return 0
    before = timezone.now() - timedelta(days=days)
    upto = _last_past(before)
    if upto is None:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_retire(%s, %s)", [upto, before])
        removed: int = cursor.fetchone()[0]
        details = {"hasta_lote": upto, "entradas": removed, "dias": days}
        record(actor, RETIRED, "auditoria:registro", details)
    return removed


def _last_past(before: object) -> int | None:
    """The last batch up to which all are past their time and not retired yet. The newest of all always stays."""
    newest = SealBatch.objects.aggregate(number=Max("number"))["number"] or 0
    younger = (
        SealBatch.objects.filter(sealed_at__gte=before).order_by("number").values_list("number", flat=True).first()
    )
    upto = min(newest, younger or newest) - 1
    retired = Retirement.objects.aggregate(number=Max("last_batch"))["number"] or 0
    return upto if upto > retired else None


def traces_erase(*, actor: Actor, user_id: int) -> int:
    """Destroy the audit keys of a person and blank what they stand for; how many entries the person had made.

    Whatever isn't sealed yet is sealed first. Conflict while a transaction under way holds that up.
    """
    for _round in range(_SEALING_ROUNDS):
        if batch_seal() < MAX_BATCH:
            break
    if _has_unsealed(user_id):
        raise Conflict(_("Entries of this person wait for their seal. Try again in a moment."))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_erase(%s)", [user_id])
        erased: int = cursor.fetchone()[0]
        record(actor, ERASED, f"usuario:{user_id}", {"entradas": erased})
    return erased


def _has_unsealed(user_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM audit_auditentry e WHERE (e.usuario_id = %s OR e.recurso = %s)"
            " AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id))",
            [user_id, f"usuario:{user_id}"],
        )
        return bool(cursor.fetchone()[0])
