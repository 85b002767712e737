"""Requests for names that aren't the site's, on a real nginx: refused before a backend hears of them."""

from pathlib import Path

import pytest

from tests.standins.backends import Backend

from .nginx_site import MARKS, Edge, said

pytestmark = MARKS
RAW = {
    "the site's": ("GET / HTTP/1.1", "127.0.0.1:{port}", 200),
    "in capitals, with a dot": ("GET / HTTP/1.1", "LOCALHOST.", 200),
    "another": ("GET / HTTP/1.1", "mal.example", 421),
    "another with the site's port": ("GET / HTTP/1.1", "mal.example:{port}", 421),
    "the site's at the end": ("GET / HTTP/1.1", "mal.localhost", 421),
    "the site's at the beginning": ("GET / HTTP/1.1", "localhost.mal.example", 421),
    "an address": ("GET / HTTP/1.1", "127.0.0.2", 421),
    "the name of no server": ("GET / HTTP/1.1", "_", 421),
    "with an account": ("GET / HTTP/1.1", "localhost@mal.example", 421),
    "with a wrong port": ("GET / HTTP/1.1", "localhost:x", 421),
    "another in the line": ("GET {scheme}://mal.example/ HTTP/1.1", "localhost", 421),
    "the site's in the line alone": ("GET {scheme}://localhost/ HTTP/1.1", "mal.example", 421),
    "the site's in both": ("GET {scheme}://localhost/ HTTP/1.1", "localhost", 200),
    "none": ("GET / HTTP/1.0", None, 421),
    "none, as it must": ("GET / HTTP/1.1", None, 400),
    "an empty one": ("GET / HTTP/1.1", "", 400),
    "two": ("GET / HTTP/1.1", "localhost\r\nHost: mal.example", 400),
    "another of an integration": ("GET /api/incidencias HTTP/1.1", "mal.example", 421),
    "another of a stream": ("GET /mcp HTTP/1.1", "mal.example", 421),
}


@pytest.mark.parametrize("case", RAW)
def test_only_the_sites_names_are_answered(site: Edge, backend: Backend, case: str) -> None:
    line, host, expected = RAW[case]
    status, body = said(site, line, host)
    assert status == expected, body
    assert len(backend.requests) == (expected == 200)
    if expected == 421:
        assert '"codigo":"nombre_ajeno"' in body
    plain, body = said(site, line, host, secured=False)
    assert plain == (301 if expected == 200 else expected), body


@pytest.mark.parametrize(
    ("handshake", "expected"), [(None, 200), ("localhost", 200), ("127.0.0.1", 200), ("mal.example", 421)]
)
def test_the_name_in_the_handshake_is_the_sites_as_well(site: Edge, handshake: str | None, expected: int) -> None:
    assert said(site, "GET / HTTP/1.1", "localhost", handshake=handshake)[0] == expected


@pytest.mark.parametrize(
    ("allowed", "known", "unknown"),
    [
        ("pr.planta.example", ["pr.planta.example"], ["planta.example", "otro.pr.planta.example"]),
        ("PR.Planta.example,pr.planta.example, otro", ["pr.planta.example", "otro"], ["localhost"]),
        (".planta.example", ["planta.example", "a.b.planta.example"], ["malplanta.example"]),
        ("[::1],10.0.0.7", ["[::1]:8443", "10.0.0.7"], ["[::2]", "10.0.0.70"]),
        ("*", ["cualquiera.example"], []),
        ("x" * 60 + ".planta-de-nombre-muy-largo.example", ["x" * 60 + ".planta-de-nombre-muy-largo.example"], ["x"]),
    ],
)
def test_the_names_are_those_of_allowed_hosts(
    tmp_path: Path, backend: Backend, allowed: str, known: list[str], unknown: list[str]
) -> None:
    site = Edge(tmp_path / "nginx")
    site.start([backend.port], *allowed.split(","))
    try:
        assert [said(site, "GET / HTTP/1.1", name)[0] for name in known] == [200] * len(known)
        assert [said(site, "GET / HTTP/1.1", name)[0] for name in unknown] == [421] * len(unknown)
    finally:
        site.stop()
