"""What reaches people and other systems: directory, mail, webhooks."""

from django.conf import settings
from django.utils.translation import gettext as _

from integrations.mail import imap, smtp
from integrations.webhooks.models import Endpoint
from prsystem.accounts.directory.probe import directory_probe
from prsystem.core.health.preflight import FAIL, OFF, WARN, Finding, good


def directory() -> Finding:
    steps = directory_probe()
    if not steps:
        return Finding(OFF, _("LDAP_SERVER isn't set: accounts are local"))
    if wrong := [step.text for step in steps if not step.is_ok]:
        return Finding(FAIL, " ".join(wrong), _("Check the LDAP_… variables and the mapped groups."))
    return good(" ".join(step.text for step in steps))


def mail() -> Finding:
    """A greeting to the mail server, sign-in included; nothing is sent."""
    if settings.EMAIL_SERVER is None:
        return Finding(OFF, _("EMAIL_URL isn't set: mails are held in the console"))
    shown = f"{settings.EMAIL_SERVER.host}:{settings.EMAIL_SERVER.port}"
    try:
        smtp.greet(settings.EMAIL_SERVER)
    except smtp.MailNotSent as error:
        return Finding(FAIL, f"{shown}: {error}", _("Check EMAIL_URL: host, port, encryption, account."))
    return good(shown)


def mailbox() -> Finding:
    """The mailbox that reports are read from."""
    if settings.IMAP_SERVER is None:
        return Finding(OFF, _("IMAP_URL isn't set: no mail is read"))
    shown = f"{settings.IMAP_SERVER.host}:{settings.IMAP_SERVER.port}"
    try:
        with imap.Mailbox(settings.IMAP_SERVER):
            return good(shown)
    except imap.MailboxUnavailable as error:
        return Finding(FAIL, f"{shown}: {error}", _("Check IMAP_URL: host, port, encryption, account, folder."))


def webhooks() -> Finding:
    active = list(Endpoint.objects.filter(state=Endpoint.State.ACTIVE).values_list("name", "failing_since"))
    failing = [name for name, since in active if since]
    if failing:
        advice = _("See their deliveries in the console and send a test.")
        return Finding(WARN, _("Failing: %(names)s") % {"names": ", ".join(failing)}, advice)
    return good(", ".join(name for name, _since in active)) if active else Finding(OFF, _("no endpoint"))
