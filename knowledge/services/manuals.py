"""Manuals: kept at once, read by a job, replaced by the next edition, deleted."""

import hashlib
import secrets
import shutil
import tempfile
from functools import partial

import structlog
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from integrations import antivirus
from prsystem.accounts.models import Area
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import Conflict, InvalidInput, Missing, NotAllowed, TooLarge, UnsupportedContent
from prsystem.core.files import checks as filechecks
from prsystem.core.files.stored import store_reached
from prsystem.core.files.types import safe_name
from prsystem.core.jobs import queue
from prsystem.core.text.fields import checked_line

from ..manuals.kinds import INFECTED, kind_of
from ..manuals.process import Reading, manual_read
from ..manuals.reading import UNREADABLE
from ..models import Article
from ..models_manuals import Manual, ManualEdition
from ..quarantine import signs_in
from ..selectors_manuals import same_file
from .articles import require_visibility
from .holding import edition_hold, is_released
from .indexing import index_request
from .manual_parts import parts_archive, parts_publish

log = structlog.get_logger(__name__)
NAME_LENGTH = 100
AGAIN_SECONDS = 60.0
READ = "manual.read"
State = ManualEdition.State


def manual_add(*, actor: Actor, file: File, area: Area, name: str = "", visibility: str = "area") -> ManualEdition:
    """Keep a new manual's first edition; a job reads it. Conflict when the same file is there already."""
    if area.pk not in actor.rights.publishes:
        raise NotAllowed(_("Manuals of an area are uploaded by those who may publish in it."))
    require_visibility(visibility)
    file_name = safe_name(file.name or "")
    name = checked_line("nombre", name or file_name.rpartition(".")[0][:NAME_LENGTH], NAME_LENGTH)
    checked = _Checked.of(actor, file, file_name)
    with transaction.atomic():
        manual = Manual.objects.create(slug=_free_slug(name), name=name, area=area, visibility=visibility)
        return _edition_keep(actor, manual, checked, 1)


def edition_add(*, actor: Actor, slug: str, file: File) -> ManualEdition:
    """Keep the next edition; the one in use stays until the new one was read."""
    with transaction.atomic():
        manual = _manual_locked(actor, slug)
        if manual.editions.filter(state=State.WAITING).exists():
            raise Conflict(_("An edition of this manual is being read; wait until it is done."))
        checked = _Checked.of(actor, file, safe_name(file.name or ""))
        last = manual.editions.order_by("-number").values_list("number", flat=True).first() or 0
        return _edition_keep(actor, manual, checked, last + 1)


def manual_visibility_set(*, actor: Actor, slug: str, visibility: str) -> Manual:
    """Who may read a manual, in all its parts and editions. Search obeys at once."""
    require_visibility(visibility)
    with transaction.atomic():
        manual = _manual_locked(actor, slug)
        if difference := changes({"visibilidad": manual.visibility}, {"visibilidad": visibility}):
            manual.visibility = visibility
            manual.save(update_fields=["visibility"])
            Article.objects.filter(manual_part__manual=manual).update(visibility=visibility)
            record(actor, "manual.visibility_changed", f"manual:{manual.slug}", difference)
    return manual


def manual_delete(*, actor: Actor, slug: str) -> None:
    """Remove its files and take its parts out of reading and search. What answers cited stays as their history."""
    with transaction.atomic():
        manual = _manual_locked(actor, slug)
        manual.deleted_at = timezone.now()
        manual.save(update_fields=["deleted_at"])
        editions = list(manual.editions.select_for_update())
        manual.editions.update(state=State.REMOVED, file="")
        parts_archive(manual, keep=())
        record(actor, "manual.deleted", f"manual:{manual.slug}", {"ediciones": len(editions)})
        index_request()
        for edition in editions:
            transaction.on_commit(partial(_file_remove, edition.file.name))


def edition_read(edition_id: int) -> None:
    """Job: look at the file, read it in a process of its own, publish its parts. Safe to run twice."""
    edition = ManualEdition.objects.filter(pk=edition_id, state=State.WAITING).first()
    if edition is None:
        return
    try:
        reading = _read(edition)
    except antivirus.AntivirusAway:
        log.warning("manual.held", edition_id=edition_id)
        _read_later(edition, delay_seconds=AGAIN_SECONDS)
        return
    _write_down(edition_id, reading)


def edition_read_fail(edition_id: int) -> None:
    """After the last attempt: say so instead of waiting for ever."""
    _write_down(edition_id, Reading(fault=UNREADABLE))


class _Checked:
    """A file that may be kept."""

    def __init__(self, file: File, name: str, kind: str, sha256: str) -> None:
        self.file, self.name, self.kind, self.sha256 = file, name, kind, sha256

    @classmethod
    def of(cls, actor: Actor, file: File, name: str) -> "_Checked":
        limit = settings.MAX_ATTACHMENT_BYTES
        if not file.size:
            raise InvalidInput.field("archivo", _("The file is empty."))
        if file.size > limit:
            raise TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": limit // 1024 // 1024})
        file.seek(0)
        kind = kind_of(file.read(8192), name)
        file.seek(0)
        if not kind:
            text = _("«%(name)s» isn't a PDF, DOCX, HTML or Markdown file, or its content isn't what its name says.")
            raise UnsupportedContent(text % {"name": name})
        media_type = "application/zip" if kind == "docx" else ""
        if fault := filechecks.fault_of(file, media_type, kind):  # reads like any other
            raise UnsupportedContent(filechecks.MESSAGES[fault] % {"name": name})
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        if twin := same_file(actor.rights, digest.hexdigest()):
            text = _("This very file is there already: «%(manual)s», edition %(number)d.")
            raise Conflict(text % {"manual": twin.manual.name, "number": twin.number})
        return cls(file, name, kind, digest.hexdigest())


def _manual_locked(actor: Actor, slug: str) -> Manual:
    manual = Manual.objects.select_for_update(of=["self"]).filter(slug=slug, deleted_at=None).first()
    if manual is None:
        raise Missing()
    if manual.area_id not in actor.rights.publishes:
        raise NotAllowed()
    return manual


def _free_slug(name: str) -> str:
    base = slugify(name)[:70].strip("-") or "manual"
    taken = set(Manual.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(s for n in range(1, len(taken) + 2) if (s := base if n == 1 else f"{base}-{n}") not in taken)


def _edition_keep(actor: Actor, manual: Manual, checked: _Checked, number: int) -> ManualEdition:
    edition = ManualEdition(
        manual=manual,
        number=number,
        name=checked.name,
        kind=checked.kind,
        size=checked.file.size,
        sha256=checked.sha256,
        uploaded_by_id=actor.user_id,
    )
    with store_reached():
        edition.file.save(f"{secrets.token_hex(16)}.bin", checked.file, save=False)
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
            details = {"archivo": checked.name, "edicion": number, "sha256": checked.sha256, "bytes": edition.size}
            record(actor, "manual.uploaded", f"manual:{manual.slug}", details)
            _read_later(edition)
    except IntegrityError as error:
        _file_remove(edition.file.name)
        raise Conflict(_("An edition of this manual is being read; wait until it is done.")) from error
    except BaseException:
        _file_remove(edition.file.name)
        raise
    return edition


def _file_remove(name: str | None) -> None:
    if name:
        with store_reached():
            default_storage.delete(name)


def _read_later(edition: ManualEdition, *, delay_seconds: float = 0) -> None:
    with transaction.atomic():
        queue.enqueue(
            READ,
            payload={"edition_id": edition.pk},
            queue="bulk",
            dedup_key=f"{READ}:{edition.pk}",
            delay_seconds=delay_seconds,
            is_retry=delay_seconds > 0,
        )


def _read(edition: ManualEdition) -> Reading:
    """From a copy: the store may be a bucket."""
    with tempfile.NamedTemporaryFile(prefix="manual-") as copy:
        with store_reached(), edition.file.open("rb") as kept:
            shutil.copyfileobj(kept, copy)
        copy.flush()
        if antivirus.is_configured() and antivirus.threat_in(copy):  # a file like any other
            return Reading(fault=INFECTED)
        return manual_read(copy.name, edition.kind)


@transaction.atomic
def _write_down(edition_id: int, reading: Reading) -> None:
    Manual.objects.select_for_update().get(editions=edition_id)  # who may read it doesn't change under the parts
    edition = ManualEdition.objects.select_for_update(of=["self"]).select_related("manual__area").get(pk=edition_id)
    if edition.state != State.WAITING:
        return
    resource = f"manual:{edition.manual.slug}"
    edition.read_at = timezone.now()
    if reading.fault:
        gone, edition.file = edition.file.name, ""  # no row names a file that isn't there: copies go by the rows
        edition.state, edition.fault = State.FAILED, reading.fault
        edition.save(update_fields=["state", "fault", "file", "read_at"])
        record(SYSTEM, "manual.failed", resource, {"edicion": edition.number, "motivo": reading.fault}, "fallido")
        transaction.on_commit(partial(_file_remove, gone))
        return
    signs = [] if is_released(edition) else signs_in(*(f"{part.label}\n{part.text}" for part in reading.parts))
    if signs:
        edition_hold(edition, signs)
        return
    edition.manual.editions.filter(state=State.IN_USE).update(state=State.REPLACED)
    changed = parts_publish(edition, reading.parts)
    edition.state, edition.pages, edition.parts = State.IN_USE, reading.pages, len(reading.parts)
    edition.save(update_fields=["state", "pages", "parts", "read_at"])
    record(SYSTEM, "manual.published", resource, {"edicion": edition.number, "partes": edition.parts, **changed})
    index_request()
