"""What integrations hold of an erased person: mails to and from, names in mails to others, who asked for a backup."""

from integrations.backups.models import BackupRun
from prsystem.core.text.forgetting import Gone, names_replace

from .mail.models import InboundMail, OutgoingMail


def names_blank(gone: Gone) -> None:
    """Called by `person_erase` in its transaction."""
    if gone.email:
        OutgoingMail.objects.filter(recipient__iexact=gone.email).delete()
        theirs = InboundMail.objects.filter(sender__iexact=gone.email)
        theirs.filter(state=InboundMail.State.RECEIVED).update(state=InboundMail.State.IGNORED, raw=None)
        theirs.update(sender=gone.label, subject="")
    names_replace(gone, OutgoingMail, "subject", "text", "html", "reply_to")
    names_replace(gone, InboundMail, "subject")
    names_replace(gone, BackupRun, "requested_by")
