"""ClamAV's daemon, asked over its own protocol (clamd(8), INSTREAM): a file goes in as chunks, a verdict comes out."""

import socket
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from prsystem.core.bounds import deadlines

CHUNK_BYTES = 64 * 1024
CONNECT_SECONDS, ANSWER_SECONDS, DEADLINE_SECONDS = 3.0, 60.0, 120.0
ANSWER_BYTES = 4096


class AntivirusAway(Exception):
    """The daemon can't be reached, or gave no verdict."""


def is_configured() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def threat_in(file: IO[bytes]) -> str:
    """The name of what was found; empty for a clean file. AntivirusAway without a verdict."""
    try:
        with deadlines.within(DEADLINE_SECONDS), _connected() as connection:
            connection.sendall(b"zINSTREAM\0")
            file.seek(0)
            while chunk := file.read(CHUNK_BYTES):
                connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
            connection.sendall(bytes(4))
            answer = _answer(connection)
    except OSError as error:
        raise AntivirusAway from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")[:120]
    raise AntivirusAway


def _connected() -> socket.socket:
    connection = deadlines.clocked(_plain())
    connection.settimeout(ANSWER_SECONDS)
    return connection


def _plain() -> socket.socket:
    parts = urlsplit(settings.CLAMD_ADDRESS)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=CONNECT_SECONDS)


def _answer(connection: socket.socket) -> str:
    received = b""
    while b"\0" not in received and len(received) < ANSWER_BYTES:
        part = connection.recv(ANSWER_BYTES)
        if not part:
            break
        received += part
    return received.partition(b"\0")[0].decode("ascii", "replace").strip()
