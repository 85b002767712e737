"""The mailbox that is read. The server is the operator's own word (`IMAP_URL`), so its address counts as allowed."""

import imaplib
import re
import ssl
from types import TracebackType

from prsystem.mail_servers import MailServer

TIMEOUT_SECONDS = 20
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxUnavailable(Exception):
    """The mailbox can't be read now. The text is a stable English reason."""


class Mailbox:
    """`with Mailbox(server) as mailbox:` reads without marking; `mark_read` is called once a mail is kept."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def __enter__(self) -> "Mailbox":
        try:
            self._connection = self._connected()
            self._connection.login(self._server.user, self._server.password)
            self._checked(self._connection.select(self._server.folder))
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxUnavailable(type(error).__name__) from error
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._connection.logout()
        except (imaplib.IMAP4.error, OSError):
            self._connection.shutdown()

    def _connected(self) -> imaplib.IMAP4:
        server, context = self._server, ssl.create_default_context()
        if server.is_tls:
            return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
        connection = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
        offered = "STARTTLS" in connection.capabilities
        if server.starttls != "never" and (offered or server.starttls == "required"):
            connection.starttls(ssl_context=context)
        return connection

    def _checked(self, answer: tuple[str, list]) -> list:
        status, data = answer
        if status != "OK":
            raise MailboxUnavailable(f"answer {status}")
        return data

    def _uid(self, *arguments: str) -> list:
        try:
            return self._checked(self._connection.uid(*arguments))
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxUnavailable(type(error).__name__) from error

    def unread(self) -> list[str]:
        """Ids of the mails that nobody has read, oldest first."""
        found = self._uid("SEARCH", "UNSEEN")
        return (found[0] or b"").decode("ascii").split()

    def size(self, uid: str) -> int:
        match = _SIZE.search(b" ".join(_bytes_of(self._uid("FETCH", uid, "(RFC822.SIZE)"))))
        return int(match[1]) if match else 0

    def read(self, uid: str) -> bytes:
        """The whole mail, left unread."""
        parts = [part for part in self._uid("FETCH", uid, "(BODY.PEEK[])") if isinstance(part, tuple)]
        if not parts:
            raise MailboxUnavailable("no body")
        return bytes(parts[0][1])

    def mark_read(self, uid: str) -> None:
        self._uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _bytes_of(data: list) -> list[bytes]:
    return [part if isinstance(part, bytes) else part[0] for part in data if part]
