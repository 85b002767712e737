"""A real nginx with deploy/nginx and one backend, for the tests beside this file."""

import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from deploy.cluster import edge
from prsystem.runner.endpoints import free_port, port_is_free

MARKS = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")),
        reason="needs nginx: apt-get install nginx-light",
    ),
]
SECONDS = 20


class Edge:
    def __init__(self, folder: Path) -> None:
        self.folder, self.https_port, self.http_port = folder, free_port(), free_port()
        self.ca = str(folder / "tls" / "ca.pem")

    def start(self, backends: list[int], *names: str) -> None:
        edge.prepare(self.folder, https_port=self.https_port, http_port=self.http_port, backends=backends)
        if names:
            edge.write_names(self.folder, *names)
        self.log = self.folder / "salida.log"  # what Docker would keep
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(edge.program(self.folder).command, stdout=output, stderr=output)
        ends_at = time.monotonic() + SECONDS
        while port_is_free(self.https_port):
            assert self.process.poll() is None and time.monotonic() < ends_at
            time.sleep(0.05)

    def reload(self) -> None:
        subprocess.run(edge.command(self.folder, "-s", "reload"), check=True, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(SECONDS)

    def client(self, **options: object) -> httpx.Client:
        context = ssl.create_default_context(cafile=self.ca)
        base = f"https://127.0.0.1:{self.https_port}"
        return httpx.Client(base_url=base, verify=context, trust_env=False, timeout=10, **options)


def said(
    site: Edge, line: str, host: str | None, *, handshake: str | None = None, secured: bool = True
) -> tuple[int, str]:
    """Status and body of the answer to a request written by hand; `handshake` is the name in it."""
    port = site.https_port if secured else site.http_port
    given = f"{line.format(scheme='https' if secured else 'http')}\r\n"
    given += "" if host is None else f"Host: {host.format(port=port)}\r\n"
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        context = ssl.create_default_context(cafile=site.ca)
        context.check_hostname = False
        with context.wrap_socket(plain, server_hostname=handshake) if secured else plain as connection:
            connection.sendall(f"{given}Connection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]
