"""deploy/nginx on Debian's real nginx, with a made certificate and backends that tell what reached them."""

import socket
import ssl
import threading
import time
from pathlib import Path

import httpx
import pytest

from deploy.cluster import edge
from prsystem.runner.endpoints import free_port
from tests.standins.backends import Backend

from .nginx_site import MARKS, SECONDS, Edge

pytestmark = MARKS


def headers_seen(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {name.lower(): value for name, value in answer.json()["headers"]}


def test_what_a_client_says_of_itself_never_gets_through(site: Edge) -> None:
    forged = {
        "X-Forwarded-For": "10.9.9.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "mal.example",
        "X-Real-IP": "10.9.9.9",
        "Forwarded": "for=10.9.9.9",
        "X_Forwarded_For": "10.9.9.9",
        "Proxy": "http://mal.example",
        "X-Request-ID": "elegido-por-el-cliente",
    }
    with site.client() as client:
        answer = client.get("/incidencias/", headers=forged)
    seen = headers_seen(answer)
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "https"
    assert seen["x-forwarded-host"] == seen["host"] == f"127.0.0.1:{site.https_port}"
    assert len(seen["x-request-id"]) == 32
    assert not {"x-real-ip", "forwarded", "x_forwarded_for", "proxy"} & set(seen)
    assert "10.9.9.9" not in answer.text


def test_security_headers_have_one_owner(site: Edge) -> None:
    with site.client() as client:
        answer = client.get("/")
    assert answer.headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert "strict-transport-security" not in answer.headers, "Django's, for what Django answers"
    assert answer.headers["server"] == "nginx"


@pytest.mark.parametrize(
    ("version", "works"),
    [(ssl.TLSVersion.TLSv1_3, True), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_1, False)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_tls_versions(site: Edge, version: ssl.TLSVersion, works: bool) -> None:
    context = ssl.create_default_context(cafile=site.ca)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    try:
        with (
            socket.create_connection(("127.0.0.1", site.https_port), 5) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
        ):
            assert (secured.version(), works) == (version.name.replace("v1_", "v1."), True)
    except ssl.SSLError:
        assert not works


def test_plain_http_is_sent_on_or_refused(site: Edge) -> None:
    plain = f"http://127.0.0.1:{site.http_port}"
    page = httpx.get(f"{plain}/incidencias/?estado=nuevo", trust_env=False)
    assert page.status_code == 301
    assert page.headers["location"] == f"https://127.0.0.1:{site.https_port}/incidencias/?estado=nuevo"
    for path in ("/api/auth/login", "/metrics"):
        answer = httpx.post(plain + path, json={"password": "x"}, trust_env=False)
        assert (answer.status_code, answer.json()["codigo"]) == (403, "https_obligatorio")


def test_the_zones_are_used(site: Edge, backend: Backend) -> None:
    with site.client() as client:
        codes = [client.post("/api/auth/login", json={}).status_code for _ in range(40)]
        last = client.post("/entrar", data={})
        reads = {client.get("/entrar").status_code for _ in range(30)}
    assert codes[:21] == [200] * 21
    assert codes.count(429) >= 15
    assert last.status_code == 429
    assert last.json()["codigo"] == "demasiadas_peticiones"
    assert last.headers["retry-after"] == "10"
    assert last.headers["x-content-type-options"] == "nosniff"
    assert reads == {200}, "only attempts are counted"


def test_the_api_zone_is_used(site: Edge) -> None:
    path = site.folder / edge.FILE
    text = path.read_text()
    assert text.count("rate=50r/s") == 1
    path.write_text(text.replace("rate=50r/s", "rate=1r/s"))
    site.reload()
    time.sleep(1)
    with site.client() as client:
        burst = [client.get("/api/incidencias").status_code for _ in range(130)]
        keyed = client.post("/api/incidencias", json={}, headers={"Idempotency-Key": "una"})
    assert burst[:100] == [200] * 100
    assert burst.count(429) >= 15
    assert keyed.status_code == 429, "no way around the zone"
    assert keyed.json()["codigo"] == "demasiadas_peticiones"


def test_uploads_are_bounded_by_place(site: Edge) -> None:
    def status(path: str, megabytes: int) -> int:
        with site.client() as client:
            return client.post(path, content=b"x" * (megabytes * 2**20)).status_code

    assert status("/api/incidencias", 1) == 200
    assert status("/api/incidencias", 3) == 413
    assert status("/api/incidencias/7/adjuntos", 21) == 200
    assert status("/api/incidencias/7/adjuntos", 26) == 413
    assert status("/api/conocimiento/manuales", 21) == 200
    assert status("/incidencias/nueva", 21) == 200


def test_the_edge_shows_neither_metrics_nor_details(site: Edge) -> None:
    (site.folder / "site" / "admin.conf").write_text("deny all;\n")
    site.reload()
    ends_at = time.monotonic() + SECONDS
    with site.client() as client:
        while client.get("/admin/").status_code != 403:
            assert time.monotonic() < ends_at
            time.sleep(0.1)
    with site.client() as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/api/health/detailed").status_code == 403
        assert client.get("/api/health").status_code == 200


def test_streams_are_not_held_back(site: Edge, backend: Backend) -> None:
    with site.client() as client, client.stream("GET", "/mcp") as answer:
        parts = answer.iter_raw()
        assert next(parts) == b"uno\n", "the first part, while the backend waits"
        backend.server.go_on.set()
        assert b"".join(parts) == b"dos\n"


def test_a_request_under_way_survives_a_reload(site: Edge) -> None:
    codes: list[int] = []

    def slow() -> None:
        with site.client() as client:
            codes.append(client.get("/lento").status_code)

    threads = [threading.Thread(target=slow) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    site.reload()
    for thread in threads:
        thread.join(SECONDS)
    assert codes == [200] * 5


def test_a_lost_backend_is_passed_over_and_a_write_sent_twice_only_with_a_key(tmp_path: Path, backend: Backend) -> None:
    with Backend() as dying:
        dying.server.dies_on_write = True
        site = Edge(tmp_path / "two")
        site.start([dying.port, backend.port])
        try:
            with site.client() as client:
                keyed = {"Idempotency-Key": "una-vez"}
                assert {client.post("/api/incidencias", json={}, headers=keyed).status_code for _ in range(12)} == {200}
                time.sleep(2.5)
                plain = [client.post("/api/incidencias", json={}).status_code for _ in range(6)]
            assert 503 in plain, "it may have been done: nobody repeats it"
            dying.close()
            with site.client() as client:
                assert {client.get("/").status_code for _ in range(20)} == {200}
                assert {client.post("/api/incidencias", json={}).status_code for _ in range(20)} == {200}
        finally:
            site.stop()
    gone = Edge(tmp_path / "none")
    gone.start([free_port()])
    with gone.client() as client:
        answers = [client.get("/"), client.get("/api/yo"), client.post("/api/incidencias", headers=keyed)]
    gone.stop()
    assert [(a.status_code, a.json()["codigo"], a.headers["retry-after"]) for a in answers] == [
        (503, "no_disponible", "5")
    ] * 3


def test_the_log_is_json_without_query_strings(site: Edge) -> None:
    with site.client() as client:
        client.get("/buscar?q=palabra-secreta", headers={"User-Agent": 'x"\n'.strip()})
    log = site.log.read_text()
    assert '"path":"/buscar"' in log
    assert "palabra-secreta" not in log
    written = {path.name for path in (site.folder / "run").rglob("*") if path.is_file()}
    assert written <= {"nginx.pid", "names.conf"}, "nothing that grows is in the container's memory"
