"""Files of incidents: what they are is read from their bytes, never from their name or the sender's word."""

import hashlib
import secrets

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.case.events import record_change
from incidents.case.models import Attachment
from incidents.case.states import works_on
from incidents.case.writing import incident_locked, require_move
from integrations import antivirus
from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, NotAllowed, TooLarge, UnsupportedContent
from prsystem.core.files import checks as filechecks
from prsystem.core.files.stored import store_reached
from prsystem.core.files.types import ALLOWED, safe_name, sniff

from .scanning import scan_enqueue

MAX_PER_INCIDENT = 20


def attachment_add(
    *, actor: Actor, incident_id: int, file: File, name: str, user: User | None = None, is_internal: bool = False
) -> Attachment:
    """Keep a file. TooLarge above the limit, UnsupportedContent when its bytes aren't of an allowed type or don't
    match its extension, StoreAway (nothing is kept) when the store doesn't answer."""
    name = safe_name(name)
    content_type = _checked_type(file, name)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    with incident_locked(incident_id) as incident:
        require_move("adjuntar", incident, actor)
        if is_internal and not works_on(actor, incident):
            raise NotAllowed()
        if incident.attachments.count() >= MAX_PER_INCIDENT:
            raise InvalidInput.field(
                "archivo", _("At most %(limit)d files per incident.") % {"limit": MAX_PER_INCIDENT}
            )
        attachment = Attachment(
            incident=incident,
            name=name,
            content_type=content_type,
            size=file.size,
            sha256=digest.hexdigest(),
            is_internal=is_internal,
            scan=Attachment.Scan.HELD if antivirus.is_configured() else Attachment.Scan.NONE,
            uploaded_by=user,
        )
        with store_reached():
            attachment.file.save(f"{secrets.token_hex(16)}.bin", file, save=False)
        try:
            with transaction.atomic():
                attachment.save(force_insert=True)
                incident.updated_at = timezone.now()
                incident.save(update_fields=["updated_at"])
                details = {
                    "archivo": name,
                    "bytes": attachment.size,
                    "sha256": attachment.sha256,
                    "interno": is_internal,
                }
                record_change(actor, incident, "incident.file_attached", details)
                if attachment.scan:
                    scan_enqueue(attachment.pk)
        except BaseException:
            with store_reached():
                attachment.file.delete(save=False)
            raise
    return attachment


def _checked_type(file: File, name: str) -> str:
    limit = settings.MAX_ATTACHMENT_BYTES
    if not file.size:
        raise InvalidInput.field("archivo", _("The file is empty."))
    if file.size > limit:
        raise TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": limit // 1024 // 1024})
    file.seek(0)
    content_type = sniff(file.read(8192))
    file.seek(0)
    extension = name.rpartition(".")[2].lower()
    if content_type is None or extension not in ALLOWED[content_type]:
        raise UnsupportedContent(
            _("«%(name)s» isn't a file of an accepted type, or its content isn't what its name says.") % {"name": name}
        )
    if fault := filechecks.fault_of(file, content_type, extension):  # a Django file reads like any other
        raise UnsupportedContent(filechecks.MESSAGES[fault] % {"name": name})
    return content_type
