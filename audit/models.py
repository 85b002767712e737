"""The audit trail: rows that are only ever added, in the transaction of the change they tell of; and its seals."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to what, when, from where, with which outcome. Field names are those of the contract.

    The table has one more column, `xid`: the number of the transaction that wrote the row, given by the database. The
    sealer goes by it, since ids are handed out before their transactions end.
    """

    class Outcome(models.TextChoices):
        OK = "ok", _("Done")
        DENIED = "denegado", _("Denied")
        FAILED = "fallido", _("Failed")

    timestamp = models.DateTimeField(db_default=Now(), editable=False)
    actor_kind = models.CharField(max_length=12)
    usuario_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=150)
    accion = models.CharField(max_length=60)
    recurso = models.CharField(max_length=120)
    resultado = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OK)
    detalles = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["recurso", "id"], name="audit_resource"),
            models.Index(fields=["accion", "id"], name="audit_action"),
            models.Index(fields=["usuario_id", "id"], name="audit_user"),
        ]

    def __str__(self) -> str:
        return f"{self.accion} {self.recurso}"


class PersonKey(models.Model):
    """The key under which seals commit to what entries tell of a person. Emptied, it erases; a later one may follow."""

    user_id = models.BigIntegerField(_("person"))
    secret = models.BinaryField(null=True, max_length=32)
    made_at = models.DateTimeField(_("made"), db_default=Now())
    destroyed_at = models.DateTimeField(_("destroyed"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("audit key of a person")
        verbose_name_plural = _("audit keys of people")
        constraints = [
            models.UniqueConstraint(
                fields=["user_id"], condition=models.Q(destroyed_at=None), name="audit_one_living_key"
            ),
            models.CheckConstraint(
                condition=models.Q(secret=None) ^ models.Q(destroyed_at=None), name="audit_key_or_destroyed"
            ),
        ]

    def __str__(self) -> str:
        return f"usuario:{self.user_id} #{self.pk}"


class SealBatch(models.Model):
    """A signed batch of entries. Its head covers the Merkle root of the entries and the head before it."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    count = models.PositiveIntegerField(_("entries"))
    root = models.BinaryField(max_length=32)
    previous_head = models.BinaryField(max_length=32, unique=True)
    head = models.BinaryField(max_length=32, unique=True)
    watermark = models.BigIntegerField(
        null=True, help_text=_("Transactions below it are sealed; empty while entries of before are being sealed.")
    )
    system = models.CharField(max_length=24, help_text=_("The database cluster whose transactions are counted."))
    key = models.CharField(max_length=44, help_text=_("Public key (Ed25519) of the signature."))
    signature = models.BinaryField(max_length=64)
    sealed_at = models.DateTimeField(_("sealed"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("sealed batch")
        verbose_name_plural = _("sealed batches")

    def __str__(self) -> str:
        return f"{self.number} ({self.count})"


class SealedEntry(models.Model):
    """The one place of an entry in the one batch that seals it."""

    entry_id = models.BigIntegerField(_("entry"), primary_key=True)
    batch = models.ForeignKey(SealBatch, on_delete=models.PROTECT, related_name="members", db_index=False)
    ordinal = models.PositiveIntegerField()
    leaf = models.BinaryField(max_length=32)
    tag = models.BinaryField(max_length=16)
    actor_key = models.ForeignKey(PersonKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    actor_hmac = models.BinaryField(max_length=32, null=True)
    subject_key = models.ForeignKey(PersonKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    subject_hmac = models.BinaryField(max_length=32, null=True)

    class Meta:
        ordering = ["batch_id", "ordinal"]
        verbose_name = _("sealed entry")
        verbose_name_plural = _("sealed entries")
        constraints = [models.UniqueConstraint(fields=["batch", "ordinal"], name="audit_place_in_batch")]

    def __str__(self) -> str:
        return f"{self.entry_id} ({self.batch_id}:{self.ordinal})"


class Retirement(models.Model):
    """Batches whose entries were removed when the retention had passed. Their heads stay, so that the chain holds."""

    first_batch = models.BigIntegerField(_("first batch"), unique=True)
    last_batch = models.BigIntegerField(_("last batch"), unique=True)
    entries = models.BigIntegerField(_("entries"))
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        ordering = ["id"]
        verbose_name = _("retired batches")
        verbose_name_plural = _("retired batches")

    def __str__(self) -> str:
        return f"{self.first_batch}-{self.last_batch}"
