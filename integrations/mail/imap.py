"""The mailbox that is read. The server is the operator's own word (`IMAP_URL`), so its address counts as allowed."""

import imaplib
import re
import socket
from contextlib import ExitStack
from types import TracebackType

from prsystem.core.bounds import deadlines
from prsystem.mail_servers import MailServer

TIMEOUT_SECONDS = 20
COMMAND_SECONDS, READ_SECONDS, CONVERSATION_SECONDS = 20.0, 120.0, 200.0
ANSWER_BYTES, MAIL_BYTES, HEADER_BYTES = 1024 * 1024, 32 * 1024 * 1024, 64 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxUnavailable(Exception):
    """The mailbox can't be read now. The text is a stable English reason."""


class _Bounded(imaplib.IMAP4):
    def read(self, size: int) -> bytes:
        if size > MAIL_BYTES:  # the room for it is made before its first byte comes
            raise self.error("the literal is too long")
        return super().read(size)


class _PlainIMAP(_Bounded):
    def _create_socket(self, timeout: float | None) -> socket.socket:
        return deadlines.clocked(super()._create_socket(timeout))  # type: ignore[misc]  # the stubs leave it out


class _TLSIMAP(_Bounded, imaplib.IMAP4_SSL):
    """Its sockets are by the clock through its context."""


class Mailbox:
    """`with Mailbox(server) as mailbox:` reads without marking; `mark_read` is called once a mail is kept."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def __enter__(self) -> "Mailbox":
        with ExitStack() as stack:
            stack.enter_context(deadlines.within(CONVERSATION_SECONDS))
            try:
                self._open()
            except (imaplib.IMAP4.error, OSError) as error:
                raise MailboxUnavailable(type(error).__name__) from error
            self._conversation = stack.pop_all()
        return self

    def _open(self) -> None:
        with deadlines.within(COMMAND_SECONDS, most_bytes=ANSWER_BYTES):
            self._connection = self._connected()
            self._connection.login(self._server.user, self._server.password)
            self._checked(self._connection.select(self._server.folder))

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._conversation, deadlines.within(COMMAND_SECONDS, most_bytes=ANSWER_BYTES):
            try:
                self._connection.logout()
            except (imaplib.IMAP4.error, OSError):
                self._connection.shutdown()

    def _connected(self) -> _Bounded:
        server, context = self._server, deadlines.tls_context()
        if server.is_tls:
            return _TLSIMAP(server.host, server.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
        connection = _PlainIMAP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        offered = "STARTTLS" in connection.capabilities
        if server.starttls != "never" and (offered or server.starttls == "required"):
            connection.starttls(ssl_context=context)
        return connection

    def _checked(self, answer: tuple[str, list]) -> list:
        status, data = answer
        if status != "OK":
            raise MailboxUnavailable(f"answer {status}")
        return data

    def _uid(self, *arguments: str, seconds: float = COMMAND_SECONDS, room: int = ANSWER_BYTES) -> list:
        try:
            with deadlines.within(seconds, most_bytes=room):
                return self._checked(self._connection.uid(*arguments))
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxUnavailable(type(error).__name__) from error

    def unread(self) -> list[str]:
        """Ids of the mails that nobody has read, oldest first."""
        found = self._uid("SEARCH", "UNSEEN")
        return [uid.decode() for uid in (found[0] or b"").split() if uid.isdigit()]

    def size(self, uid: str) -> int:
        match = _SIZE.search(b" ".join(_bytes_of(self._uid("FETCH", uid, "(RFC822.SIZE)"))))
        return int(match[1]) if match else 0

    def header(self, uid: str) -> bytes:
        """The beginning of a mail, left unread."""
        return self._body(uid, f"BODY.PEEK[]<0.{HEADER_BYTES}>", COMMAND_SECONDS, ANSWER_BYTES)

    def read(self, uid: str) -> bytes:
        """The whole mail, left unread."""
        return self._body(uid, "BODY.PEEK[]", READ_SECONDS, MAIL_BYTES)

    def _body(self, uid: str, what: str, seconds: float, room: int) -> bytes:
        answer = self._uid("FETCH", uid, f"({what})", seconds=seconds, room=room)
        parts = [part for part in answer if isinstance(part, tuple)]
        if not parts:
            raise MailboxUnavailable("no body")
        return bytes(parts[0][1])

    def mark_read(self, uid: str) -> None:
        self._uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _bytes_of(data: list) -> list[bytes]:
    return [part if isinstance(part, bytes) else part[0] for part in data if part]
