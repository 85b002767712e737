"""An outgoing mail as a message: headers that other systems need in order not to answer a robot. Pure."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils import timezone

from prsystem.core.text.cleaning import clean_line
from prsystem.mail_servers import MailServer

from .models import OutgoingMail


def compose(mail: OutgoingMail, server: MailServer, site_name: str) -> EmailMessage:
    """Text and HTML in one mail. Every header is one clean line: a title can't add headers of its own."""
    message = EmailMessage(policy=SMTP)
    local, _at, domain = server.address.rpartition("@")
    message["From"] = Address(clean_line(site_name), local, domain)
    message["To"] = mail.recipient
    message["Subject"] = clean_line(mail.subject)
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = mail.message_id
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    if mail.thread:
        message["In-Reply-To"] = message["References"] = mail.thread
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Loop"] = server.address
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
