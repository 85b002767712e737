"""Chroma's Rust server by itself: the packaged command imports the whole Python client first, which takes seconds.

The index can be made again from the database: a folder that the server can't read is set aside, and the server starts
with an empty one, which the repair of the index fills. Until then search goes by the words.

With `--socket FILE` it answers on a Unix socket of this user's alone. The server knows TCP only and no credentials, so
that on loopback every local user could read and change the index: it runs in a network of its own (a namespace of
Linux), where nobody else is, and this process carries the connections of the socket into it. Where the system gives no
namespace the server listens on loopback as well, and the log says so.
"""

import asyncio
import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

from prsystem.runner.endpoints import LOOPBACK, accepts_connections, free_port
from prsystem.runner.program import tied_to_parent

from . import chroma_folder

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PORT = 8000  # in a network of its own
PIECE_BYTES = 64 * 1024
POLL_SECONDS = 0.03
OPTION = "--socket"
STORE_FAULTS = ("Frontend Config", "Sqlx", "sqlite")  # what the server says when its folder is the cause


def own_network() -> bool:
    """Move this process into a network with nothing but loopback; False where that isn't to be had. Tried by a child
    first: what succeeds by half can't be taken back."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        os._exit(0 if _moved() else 1)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0 and _moved()


def _moved() -> bool:
    """Root moves as it is; anybody else in a user namespace that knows this user alone (user_namespaces(7))."""
    libc, uid, gid = ctypes.CDLL(None, use_errno=True), os.getuid(), os.getgid()
    try:
        if libc.unshare(CLONE_NEWNET) != 0:
            if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
                return False
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")
        _loopback_up()
    except OSError:
        return False
    return True


def _loopback_up() -> None:
    """As `ip link set lo up` (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(any_socket, SIOCGIFFLAGS, asked), 16)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


async def serve(path: Path, arguments: list[str], port: int) -> int:
    """Run the server and carry connections to it until it ends or this process is told to; the exit code."""
    options = ("--host", LOOPBACK, "--port", str(port))
    command = (sys.executable, "-m", "prsystem.runner.servers.chroma", *arguments, *options)
    server = await asyncio.create_subprocess_exec(*tied_to_parent(command, signal.SIGTERM))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.terminate)
    while server.returncode is None and not accepts_connections(f"http://{LOOPBACK}:{port}"):
        await asyncio.sleep(POLL_SECONDS)
    path.unlink(missing_ok=True)
    os.umask(0o077)
    listening = await asyncio.start_unix_server(lambda reader, writer: _carry(reader, writer, port), path)
    code = await server.wait()
    listening.close()
    path.unlink(missing_ok=True)
    return code


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """One connection, both ways, until either side ends it."""
    with suppress(OSError):
        there = await asyncio.open_connection(LOOPBACK, port)
        ways = [asyncio.create_task(_copy(reader, there[1])), asyncio.create_task(_copy(there[0], writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        there[1].close()
    writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(PIECE_BYTES):
            target.write(piece)
            await target.drain()


def main(arguments: list[str]) -> None:
    if OPTION not in arguments:
        _serve_here(arguments)
        return
    place = arguments.index(OPTION)
    path = Path(arguments[place + 1])
    is_alone = own_network()
    if not is_alone:
        print("chroma: no network of its own to be had; other users of this machine reach it", file=sys.stderr)
    rest = arguments[:place] + arguments[place + 2 :]
    sys.exit(asyncio.run(serve(path, rest, PORT if is_alone else free_port())))


def _serve_here(arguments: list[str]) -> None:
    import chromadb_rust_bindings

    folder = Path(arguments[arguments.index("--path") + 1])
    if fault := chroma_folder.fault_of(folder):
        chroma_folder.set_aside(folder, fault)
    try:
        chromadb_rust_bindings.cli(["chroma", *arguments])
    except BaseException as error:  # the bindings' panic is no Exception
        if type(error).__name__ == "PanicException" and any(word in str(error) for word in STORE_FAULTS):
            chroma_folder.set_aside(folder, str(error)[:200])
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
