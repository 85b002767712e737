"""Bounds what the kernel does for a client that doesn't read its answer."""

import os
import resource
import socket
import stat
from contextlib import suppress
from pathlib import Path

UNREAD_SECONDS = 60


def raise_descriptor_limit() -> None:
    """As many connections as this process may have at all, not only by default."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS has a bound of its own below an unlimited hard one
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def end_unread_answers() -> None:
    """Connections that this process accepts from now on are ended when an answer lies unread for UNREAD_SECONDS.

    Linux hands TCP_USER_TIMEOUT down from a listening socket. The server makes its sockets itself and doesn't show
    them: they are found among the open descriptors.
    """
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        return
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            if stat.S_ISSOCK(os.fstat(int(entry.name)).st_mode):
                _end_unread(int(entry.name))


def _end_unread(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as found:
        is_inet = found.family in (socket.AF_INET, socket.AF_INET6)
        if is_inet and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * UNREAD_SECONDS)
