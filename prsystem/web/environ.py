"""WSGI's environment (PEP 3333) of a request that came by ASGI."""

import sys
from typing import Any
from urllib.parse import unquote_to_bytes

from .answers import FileBlocks
from .bodies import Body, Scope

_ALWAYS = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": FileBlocks,
}
_OWN = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


def environ_of(scope: Scope, body: Body) -> dict[str, Any]:
    """Headers that came more than once are joined; one with an underscore in its name is dropped, since it would pass
    for the one with a dash."""
    server, client = scope.get("server") or ("localhost", 0), scope.get("client") or ("", 0)
    environ = {
        **_ALWAYS,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body.file,
    }
    for name, value in scope["headers"]:
        if b"_" not in name:
            _add(environ, name, value.decode("latin-1"))
    if body.size:
        environ["CONTENT_LENGTH"] = str(body.size)
    return environ


def _add(environ: dict[str, Any], name: bytes, value: str) -> None:
    key = _OWN.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    if key in environ:
        value = environ[key] + (";" if key == "HTTP_COOKIE" else ",") + value
    environ[key] = value
