"""What reaches people and other systems: directory, mail, webhooks."""

from django.conf import settings
from django.core.mail import get_connection
from django.utils.translation import gettext as _

from integrations.webhooks.models import Endpoint
from prsystem.accounts.directory.probe import directory_probe
from prsystem.core.preflight import FAIL, OFF, WARN, Finding, good

MAIL_SECONDS = 5


def directory() -> Finding:
    steps = directory_probe()
    if not steps:
        return Finding(OFF, _("LDAP_SERVER isn't set: accounts are local"))
    if wrong := [step.text for step in steps if not step.is_ok]:
        return Finding(FAIL, "; ".join(wrong), _("Check the LDAP_… variables and the mapped groups."))
    return good("; ".join(step.text for step in steps))


def mail() -> Finding:
    """A greeting to the mail server, sign-in included; nothing is sent."""
    if "smtp" not in settings.EMAIL_BACKEND or settings.EMAIL_HOST in ("", "localhost"):
        return Finding(OFF, _("no mail server is configured"))
    server = get_connection(timeout=MAIL_SECONDS)
    try:
        server.open()
    except OSError as error:
        detail = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} {type(error).__name__}"
        return Finding(FAIL, detail, _("Check EMAIL_URL: host, port, encryption, account."))
    server.close()
    return good(f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def webhooks() -> Finding:
    active = list(Endpoint.objects.filter(state=Endpoint.State.ACTIVE).values_list("name", "failing_since"))
    failing = [name for name, since in active if since]
    if failing:
        advice = _("See their deliveries in the console and send a test.")
        return Finding(WARN, _("Failing: %(names)s") % {"names": ", ".join(failing)}, advice)
    return good(", ".join(name for name, _since in active)) if active else Finding(OFF, _("no endpoint"))
