"""The only sender of mail. The server is the operator's own word (`EMAIL_URL`), so its address counts as allowed."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from prsystem.core.bounds import deadlines
from prsystem.mail_servers import MailServer

TIMEOUT_SECONDS = 20
DEADLINE_SECONDS, ANSWER_BYTES = 60.0, 1024 * 1024


class MailNotSent(Exception):
    """`retryable` says whether the same mail may go through later. The text names the kind of failure, no content."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        self.retryable = retryable
        super().__init__(reason)


def send(server: MailServer, message: EmailMessage, recipient: str) -> None:
    """Hand one mail to the server. Raises MailNotSent."""
    with _failures_named(), _connected(server) as connection:
        connection.send_message(message, server.address, [recipient])


def greet(server: MailServer) -> None:
    """Connect and sign in, as before a mail. Raises MailNotSent."""
    with _failures_named(), _connected(server):
        return


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        with deadlines.within(DEADLINE_SECONDS, most_bytes=ANSWER_BYTES):
            yield
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise MailNotSent(f"recipient refused ({code})", retryable=code < 500) from error
    except smtplib.SMTPAuthenticationError as error:  # the operator can mend it
        raise MailNotSent("the server refused the account", retryable=True) from error
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(f"answer {error.smtp_code}", retryable=error.smtp_code < 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(type(error).__name__, retryable=True) from error


class _PlainSMTP(smtplib.SMTP):
    def _get_socket(self, *args: Any) -> socket.socket:
        return deadlines.clocked(super()._get_socket(*args))  # type: ignore[misc]  # the stubs leave it out


def _connected(server: MailServer) -> smtplib.SMTP:
    context = deadlines.tls_context()
    if server.is_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = _PlainSMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        _prepare(connection, server, context)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: smtplib.SMTP, server: MailServer, context: ssl.SSLContext) -> None:
    connection.ehlo_or_helo_if_needed()
    offered = connection.has_extn("starttls")
    if not server.is_tls and server.starttls != "never" and (offered or server.starttls == "required"):
        connection.starttls(context=context)
        connection.ehlo()
    if server.user:
        connection.login(server.user, server.password)
