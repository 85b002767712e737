"""What administrators choose about mail while the system runs; servers and secrets are the environment's."""

from django.utils.translation import gettext_lazy as _

from prsystem.runtime.registry import Kind, Setting

SETTINGS = (
    Setting(
        key="mail.site_url",
        kind=Kind.TEXT,
        default="",
        label=_("Address of the site in mails"),
        group=_("Mail"),
        help=_("E.g. https://soporte.planta.mx. Empty: the first host that the site serves."),
    ),
    Setting(
        key="mail.digest_hour",
        kind=Kind.INTEGER,
        default=7,
        minimum=0,
        maximum=23,
        label=_("Hour of the daily mail"),
        group=_("Mail"),
        help=_("In the site's time zone; for those who chose one mail a day."),
    ),
    Setting(
        key="mail.unknown_senders",
        kind=Kind.CHOICE,
        default="ignorar",
        choices=(("ignorar", _("Ignore them")), ("reportar", _("Open an incident"))),
        label=_("Mails of unknown senders"),
        group=_("Mail"),
        help=_("A sender is known when exactly one active account has the address."),
    ),
    Setting(
        key="mail.area",
        kind=Kind.TEXT,
        default="",
        max_length=12,
        label=_("Area of mails"),
        group=_("Mail"),
        help=_("The code of the area that mails report to unless their address names one, as in soporte+MANT@…"),
    ),
    Setting(
        key="mail.per_sender_and_hour",
        kind=Kind.INTEGER,
        default=20,
        minimum=1,
        maximum=1000,
        label=_("Mails of one sender in an hour"),
        group=_("Mail"),
        help=_("What comes beyond that is kept as ignored: two robots that answer each other stop here."),
    ),
)
