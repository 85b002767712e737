"""Quarantine: a text with signs of an attack is published only after a person has released it, with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.selectors import entries_of
from audit.services import record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import Conflict, IllegalMove, Missing, NotAllowed, StaleVersion
from prsystem.core.jobs import queue
from prsystem.core.text.fields import checked_line

from ..models import Version
from ..models_holds import Hold
from ..models_manuals import ManualEdition
from ..quarantine import Sign, signs_in

REASON_LENGTH = 300


class Held(Conflict):
    """The text waits for a person's release; the problem document tells why, and by which words."""

    code = "retenida"
    message = _("It is held: somebody has to look at it and release it before it is published.")

    def __init__(self, signs: list[Sign]) -> None:
        super().__init__()
        self.extra = {"retencion": signs_told(signs)}


def signs_told(signs: list[Sign]) -> list[dict[str, str]]:
    return [{"tipo": sign.kind, "motivo": str(sign.why), "palabras": sign.words} for sign in signs]


def signs_of(version: Version) -> list[Sign]:
    return signs_in(version.title, version.problem, version.cause, version.solution)


def version_hold(version: Version) -> Hold | None:
    """Hold a new version when it has signs. In the caller's transaction."""
    signs = signs_of(version)
    if not signs:
        return None
    hold = Hold.objects.create(version=version, signs=_kept(signs))
    record(
        SYSTEM, "version.held", f"articulo:{version.article.slug}", {"version": version.number, "senales": hold.signs}
    )
    return hold


def version_rehold(actor: Actor, version: Version) -> None:
    """Look at a draft's changed text: a release counted for the text that was looked at. In the caller's transaction.

    What comes, changes or goes is in the audit trail, with who saved the text. None who did may release it.
    """
    signs, hold = _kept(signs_of(version)), Hold.objects.filter(version=version).first()
    if hold is None:
        version_hold(version)
        return
    before, was_released = hold.signs, hold.released_at is not None
    if not signs:
        hold.delete()
        _rehold_record(actor, version, "version.hold_gone", before, [])
        return
    if signs != before or was_released:
        _rehold_record(actor, version, "version.hold_changed", before, signs)
    hold.signs, hold.released_at, hold.released_by, hold.reason = signs, None, None, ""
    hold.save()


def _rehold_record(actor: Actor, version: Version, action: str, before: list[list[str]], now: list[list[str]]) -> None:
    details = {"version": version.number, "senales": {"antes": before, "despues": now}}
    record(actor, action, f"articulo:{version.article.slug}", details)


def _writers(version: Version) -> set[int | None]:
    """Whose words it may hold: its author, and everybody who ever saved another text of it."""
    edits = entries_of(f"articulo:{version.article.slug}").filter(
        accion="version.edited", detalles__version=version.number
    )
    return {version.author_id, *edits.order_by().values_list("usuario_id", flat=True)}


def is_held(version: Version) -> bool:
    return bool(signs_holding(version))


def signs_holding(version: Version) -> list[Sign]:
    """Those that keep a version from publication; none once it was released. Drafts of earlier releases of this
    software have no row, so their text is looked at."""
    hold = Hold.objects.filter(version=version).first()
    if hold is None:
        return signs_of(version)
    return [] if hold.released_at else hold.told


def require_not_held(version: Version) -> None:
    if signs := signs_holding(version):
        raise Held(signs)


def require_seen(version: Version, revision: int | None) -> None:
    """What is published or released is the text that was looked at, where it is told which one that was."""
    if revision is not None and revision != version.revision:
        raise StaleVersion(
            _("%(who)s saved another text of this draft in the meantime.") % {"who": version.edited_by or _("Somebody")}
        )


def version_release(*, actor: Actor, version_id: int, reason: str, revision: int | None = None) -> Version:
    """Let a held version be published. Who may publish may, but for who wrote it; an administrator always. As with
    publication, StaleVersion where its text isn't that of `revision` any more."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with transaction.atomic():
        version = Version.objects.select_for_update().filter(pk=version_id).first()
        if version is None:
            raise Missing()
        _require_releaser(actor, version.article.area_id, *_writers(version))
        require_seen(version, revision)
        signs = signs_holding(version)
        if not signs:
            raise IllegalMove(_("It isn't held."))
        hold, _made = Hold.objects.get_or_create(version=version, defaults={"signs": _kept(signs)})
        _release(actor, hold, reason)
        details = {"version": version.number, "motivo": reason, "senales": hold.signs}
        record(actor, "version.released", f"articulo:{version.article.slug}", details)
    return version


def edition_hold(edition: ManualEdition, signs: list[Sign]) -> None:
    """Keep an edition that was read from being published. In the caller's transaction."""
    hold, _made = Hold.objects.get_or_create(edition=edition, defaults={"signs": _kept(signs)})
    edition.state, edition.read_at = ManualEdition.State.HELD, timezone.now()
    edition.save(update_fields=["state", "read_at"])
    details = {"edicion": edition.number, "senales": hold.signs}
    record(SYSTEM, "manual.held", f"manual:{edition.manual.slug}", details)


def is_released(edition: ManualEdition) -> bool:
    return Hold.objects.filter(edition=edition, released_at__isnull=False).exists()


def edition_release(*, actor: Actor, slug: str, number: int, reason: str) -> ManualEdition:
    """Let a held edition be published: it is read again by the job. As with versions, not by who uploaded it."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with transaction.atomic():
        found = ManualEdition.objects.select_for_update()
        edition = found.filter(manual__slug=slug, manual__deleted_at=None, number=number).first()
        if edition is None:
            raise Missing()
        _require_releaser(actor, edition.manual.area_id, edition.uploaded_by_id)
        if edition.state != ManualEdition.State.HELD:
            raise IllegalMove(_("It isn't held."))
        if edition.manual.editions.filter(state=ManualEdition.State.WAITING).exists():
            raise Conflict(_("An edition of this manual is being read; wait until it is done."))
        _release(actor, edition.hold, reason)
        edition.state = ManualEdition.State.WAITING
        edition.save(update_fields=["state"])
        details = {"edicion": number, "motivo": reason, "senales": edition.hold.signs}
        record(actor, "manual.released", f"manual:{slug}", details)
        queue.enqueue(
            "manual.read", payload={"edition_id": edition.pk}, queue="bulk", dedup_key=f"manual.read:{edition.pk}"
        )
    return edition


def _release(actor: Actor, hold: Hold, reason: str) -> None:
    hold.released_by_id, hold.released_at, hold.reason = actor.user_id, timezone.now(), reason
    hold.save(update_fields=["released_by", "released_at", "reason"])


def _require_releaser(actor: Actor, area_id: int, *author_ids: int | None) -> None:
    if area_id not in actor.rights.publishes:
        raise NotAllowed()
    if actor.user_id is not None and actor.user_id in author_ids and not actor.rights.is_admin:
        raise NotAllowed(_("Somebody else has to look at it: not the person who wrote or uploaded it."))


def _kept(signs: list[Sign]) -> list[list[str]]:
    return [[sign.kind, sign.words] for sign in signs]
