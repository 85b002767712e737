"""The drills: each makes one fault on the running topology and tells what was seen beside what is expected."""

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import psycopg

from deploy.cluster.site import BACKENDS, NODES
from prsystem.demo_accounts import PASSWORD

from .holding import database_hangs, slow_clients
from .load import READING
from .losses import site_lost, table_dropped
from .record import Seen
from .rig import Rig
from .versions import two_versions

APPLICATION = (*BACKENDS, "worker", "beat", "sender", "sealer")
# What the drill before left to do: the made model nodes answer a few reports a second.
BACKLOG_SECONDS = 900


@dataclass(frozen=True)
class Size:
    """How long a drill goes on: the whole or the short form."""

    between_kills: float
    kills: int
    pairs: int
    jobs: int
    worker_kills: int
    outage: float


WHOLE = Size(between_kills=20, kills=6, pairs=1000, jobs=2000, worker_kills=50, outage=20)
SHORT = Size(between_kills=8, kills=2, pairs=50, jobs=200, worker_kills=4, outage=6)


def _told_of_losses(rig: Rig, acknowledged: dict[str, str]) -> tuple[str, bool]:
    lost, twice = rig.lost(acknowledged)
    return f"{len(acknowledged)} confirmadas, {lost} perdidas, {twice} repetidas", lost == twice == 0


def backends_killed(rig: Rig, size: Size) -> Seen:
    with rig.load() as account:
        for number in range(size.kills):
            time.sleep(size.between_kills / 2)
            rig.kill(BACKENDS[number % len(BACKENDS)])
            time.sleep(size.between_kills / 2)
    told, kept = _told_of_losses(rig, account.acknowledged)
    fault = f"{size.kills} veces, cada {size.between_kills:.0f} s, se mata un backend (por turno)"
    held = kept and account.share_failed() <= 0.001
    return Seen(fault, "como mucho 0,1 % de peticiones fallidas; nada repetido", f"{account.describe()}; {told}", held)


def rolling_restart(rig: Rig, size: Size) -> Seen:
    before = rig.pids(BACKENDS)
    with rig.load() as account:
        for name in BACKENDS:
            time.sleep(2)
            rig.turn(name)
        time.sleep(2)
    changed = sum(rig.pids(BACKENDS)[name] != pid for name, pid in before.items())
    held = not account.failures and changed == len(BACKENDS)
    seen = f"{account.describe()}; {changed} de {len(BACKENDS)} reiniciados"
    return Seen("reinicio escalonado de los tres backends", "0 peticiones fallidas", seen, held)


def column_added(rig: Rig, size: Size) -> Seen:
    """What a migration of the kind that the linter lets through does, while the code of before goes on."""
    with rig.load() as account:
        time.sleep(3)
        with psycopg.connect(rig.site.database_url("owner", "read-write"), autocommit=True) as owner:
            owner.execute("ALTER TABLE incidents_incident ADD COLUMN simulacro text")
            owner.execute("CREATE INDEX CONCURRENTLY simulacro ON incidents_incident (simulacro)")
            time.sleep(3)
            owner.execute("DROP INDEX CONCURRENTLY simulacro")
            owner.execute("ALTER TABLE incidents_incident DROP COLUMN simulacro")
        time.sleep(3)
    fault = "columna e índice nuevos en la tabla de incidencias, y fuera otra vez, con la versión anterior trabajando"
    return Seen(fault, "0 peticiones fallidas", account.describe(), not account.failures)


def primary_killed(rig: Rig, size: Size) -> Seen:
    """Patroni and its server, and they stay away as a lost machine does."""
    before, old = rig.pids(APPLICATION), rig.primary()
    with rig.load() as account:
        time.sleep(5)
        rig.kill_server(old)
        rig.stop(old)
        rig.wait(lambda: rig.primary() != old, 60)
        time.sleep(8)
    rig.start(old)
    again = rig.wait(lambda: rig.sql("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"))
    told, kept = _told_of_losses(rig, account.acknowledged)
    gap, same = account.longest_gap_in_writes(), rig.pids(APPLICATION) == before
    seen = (
        f"{told}; {gap:.1f} s sin escrituras; aplicación {'sin' if same else 'CON'} reinicio; el primario de antes "
        f"vuelve como réplica en {again:.0f} s; {account.describe()}"
    )
    expected = "nada confirmado se pierde; se escribe otra vez en 30 s o menos sin reiniciar la aplicación"
    return Seen("el servidor primario de PostgreSQL desaparece (SIGKILL)", expected, seen, kept and gap <= 30 and same)


def replica_paused(rig: Rig, size: Size) -> Seen:
    with rig.replay_stopped(rig.standby()), rig.client("ana") as client, rig.load(mix=READING) as account:
        hits = sum(_sees_own(client, number) for number in range(size.pairs))
    expected = f"lo propio se ve en {size.pairs} de {size.pairs}"
    seen = f"{hits} de {size.pairs}; al lado, lecturas: {account.describe()}"
    held = hits == size.pairs and not account.failures
    return Seen("la réplica deja de reproducir", expected, seen, held)


def _sees_own(client: httpx.Client, number: int) -> bool:
    body = {"titulo": f"Par {number}", "descripcion": "No arranca.", "area": "PROD"}
    made = client.post("/api/incidencias", json=body).raise_for_status().json()["id"]
    return client.get("/api/incidencias?limite=1").raise_for_status().json()["resultados"][0]["id"] == made


def replica_killed(rig: Rig, size: Size) -> Seen:
    standby = rig.standby()
    with rig.load() as account:
        time.sleep(4)
        rig.kill_server(standby)
        rig.stop(standby)
        time.sleep(size.outage)
    rig.start(standby)
    rig.steady()
    reads = [outcome for outcome in account.failures if outcome.kind != "reporte"]
    told, kept = _told_of_losses(rig, account.acknowledged)
    seen = f"{len(reads)} lecturas fallidas; {account.longest_gap_in_writes():.1f} s sin escrituras; {told}; "
    expected = "las lecturas pasan al primario sin errores; las escrituras siguen"
    return Seen("la réplica desaparece", expected, seen + account.describe(), kept and not account.failures)


def redis_killed(rig: Rig, size: Size) -> Seen:
    rig.wait(partial(_nothing_to_assist, rig), BACKLOG_SECONDS)
    with rig.load() as account:
        time.sleep(3)
        with rig.stopped("valkey"):
            time.sleep(size.outage)
        time.sleep(3)
    drained = rig.wait(partial(_nothing_waits, rig, account.acknowledged), 240)
    told, kept = _told_of_losses(rig, account.acknowledged)
    seen = f"{account.describe()}; {told}; todo atendido {drained:.0f} s después"
    held = kept and not account.failures and drained != float("inf")
    return Seen("Redis muere y vuelve vacío", "los reportes siguen entrando; ningún trabajo se pierde", seen, held)


def _nothing_waits(rig: Rig, acknowledged: dict[str, str]) -> bool:
    """No report of the drill is without its assistance."""
    sql = """SELECT count(*) FROM core_job WHERE kind = 'incident.assist' AND state <> 'done'
             AND (payload->>'incident_id')::bigint IN (SELECT id FROM incidents_incident WHERE title = ANY(%s))"""
    return bool(rig.sql(sql, list(acknowledged))[0][0] == 0)


def _nothing_to_assist(rig: Rig) -> bool:
    sql = "SELECT count(*) FROM core_job WHERE kind = 'incident.assist' AND state = 'pending'"
    return bool(rig.sql(sql)[0][0] == 0)


def worker_killed(rig: Rig, size: Size) -> Seen:
    """Real jobs: each report makes one, whose effect is its suggestion."""
    before = rig.sql("SELECT coalesce(max(id), 0) FROM core_job")[0][0]
    with rig.load(mix={"reporte": 1}) as account:
        ends_at = time.monotonic() + 600
        kills = 0
        while len(account.acknowledged) < size.jobs and time.monotonic() < ends_at:
            time.sleep(0.5)
            if kills < size.worker_kills and len(account.acknowledged) > size.jobs * kills / size.worker_kills:
                rig.kill("worker")
                kills += 1
    drained = rig.wait(partial(_nothing_waits, rig, account.acknowledged), 900)
    parked = rig.sql("SELECT count(*) FROM core_job WHERE id > %s AND state = 'parked'", before)[0][0]
    suggestions = rig.sql(
        "SELECT i.id, count(s.id) FROM incidents_incident i LEFT JOIN incidents_suggestion s ON s.incident_id = i.id "
        "WHERE i.title = ANY(%s) GROUP BY i.id HAVING count(s.id) <> 1",
        list(account.acknowledged),
    )
    seen = (
        f"{len(account.acknowledged)} trabajos, {kills} muertes; {parked} apartados; {len(suggestions)} sin efecto o "
        f"con efecto doble; todo hecho {drained:.0f} s después"
    )
    held = not parked and not suggestions and drained != float("inf")
    return Seen(
        "se mata el proceso de trabajo una y otra vez", "cada trabajo tiene efecto exactamente una vez", seen, held
    )


def chroma_wiped(rig: Rig, size: Size) -> Seen:
    folder = rig.site.layout.chroma
    with rig.client("marta") as client:
        rig.wait(partial(_index_is_whole, rig), 300)
        before, found = _mode(client), _hits(client)
        with rig.load() as account:
            with rig.stopped("chroma"):
                shutil.rmtree(folder)
                folder.mkdir()
                during = _mode(client)
            hybrid = rig.wait(lambda: _mode(client) == "hibrido", 300)
        whole = rig.wait(partial(_index_is_whole, rig), 300)
        kept, indexed, same = _vectors_kept(rig), _vectors_indexed(rig), _hits(client) == found
    seen = (
        f"antes {before}, durante {during}, híbrida otra vez en {hybrid:.0f} s; completo {whole:.0f} s después: "
        f"{indexed} de {kept} vectores; {'los mismos' if same else 'otros'} resultados en {len(QUESTIONS)} preguntas; "
        f"{account.describe()}"
    )
    held = not account.failures and during == "texto" and hybrid != float("inf") and 0 < kept == indexed and same
    return Seen(
        "el índice de Chroma se borra", "la búsqueda sigue por texto y el índice se rehace solo, entero", seen, held
    )


QUESTIONS = ("la banda no arranca", "fuga de aceite", "alarma E-217", "el motor se calienta", "no imprime etiquetas")


def _index_is_whole(rig: Rig) -> bool:
    return 0 < _vectors_kept(rig) == _vectors_indexed(rig)


def _vectors_kept(rig: Rig) -> int:
    """In the database, of the index that search uses."""
    return int(
        rig.sql(
            "SELECT count(*) FROM knowledge_passagevector v JOIN knowledge_indexgeneration g ON g.id = v.generation_id "
            "WHERE g.is_active"
        )[0][0]
    )


def _vectors_indexed(rig: Rig) -> int:
    """As Chroma counts them; 0 while the collection isn't there."""
    name = rig.sql("SELECT collection FROM knowledge_indexgeneration WHERE is_active")[0][0]
    path = f"{rig.site.url('chroma')}/api/v2/tenants/default_tenant/databases/default_database/collections"
    answer = httpx.get(f"{path}/{name}", trust_env=False)
    return int(httpx.get(f"{path}/{answer.json()['id']}/count", trust_env=False).json()) if answer.is_success else 0


def _search(client: httpx.Client, question: str) -> dict[str, Any]:
    answer = client.post("/api/conocimiento/buscar", json={"query": question, "limite": 5})
    return dict(answer.raise_for_status().json())


def _hits(client: httpx.Client) -> list[list[tuple[str, str]]]:
    """Articles and versions that each question finds, in their order."""
    return [
        [(hit["articulo"], hit["version"]) for hit in _search(client, question)["resultados"]] for question in QUESTIONS
    ]


def _mode(client: httpx.Client) -> str:
    return str(_search(client, QUESTIONS[0])["modo"])


def nodes_lost(rig: Rig, size: Size) -> Seen:
    rig.wait(partial(_nothing_to_assist, rig), BACKLOG_SECONDS)
    with rig.client("ana") as client, rig.load(mix=READING) as account:
        with rig.stopped(NODES[0]):
            one = _answered(client, "con un nodo menos")
        with rig.stopped(*NODES):
            none = _answered(client, "sin nodos")
        with rig.frozen(*NODES):
            hung = _answered(client, "con los nodos colgados")
    seen = f"uno muerto: {one}; todos muertos: {none}; todos colgados: {hung}; al lado, lecturas: {account.describe()}"
    held = (
        not account.failures
        and all("sin respuesta a tiempo" not in told for told in (one, none, hung))
        and "modelo" not in none
    )
    return Seen("nodos de modelo: uno muerto, todos muertos, todos colgados", _NODES_EXPECTED, seen, held)


_NODES_EXPECTED = "el reporte entra al instante; contesta otro nodo o un peldaño más abajo"


def _answered(client: httpx.Client, title: str) -> str:
    start = time.monotonic()
    body = {"titulo": f"La banda 3 no arranca {title}", "descripcion": "Marca E-4012 y se detiene.", "area": "PROD"}
    made = client.post("/api/incidencias", json=body).raise_for_status().json()["id"]
    taken = time.monotonic() - start
    while time.monotonic() - start < 120:
        found = client.get(f"/api/incidencias/{made}/sugerencia").raise_for_status().json()
        if found["estado"] not in ("pendiente", "en_curso"):
            return f"{found['peldaño']} en {time.monotonic() - start:.0f} s (reporte en {taken:.2f} s)"
        time.sleep(0.5)
    return "sin respuesta a tiempo"


def store_stopped(rig: Rig, size: Size) -> Seen:
    with rig.client("ana") as client:
        body = {"titulo": "Con foto", "descripcion": "Se adjunta.", "area": "PROD"}
        made = client.post("/api/incidencias", json=body).raise_for_status().json()["id"]
        with rig.load() as account, rig.stopped("s3"):
            time.sleep(3)
            start = time.monotonic()
            refused = _attach(client, made)
            seconds = time.monotonic() - start
            report = client.post("/api/incidencias", json=body).status_code
            time.sleep(3)
        rig.wait(rig.cluster.make_bucket)
        after = _attach(client, made)
    seen = f"adjuntar {refused} en {seconds:.1f} s; reportar {report}; después adjuntar {after}; {account.describe()}"
    held = not account.failures and refused == 503 and report == 201 and after in (200, 201)
    return Seen("el almacén S3 no está", "reportar sigue; adjuntar dice 503 y después funciona", seen, held)


def _attach(client: httpx.Client, incident: str) -> int:
    with suppress(httpx.ReadTimeout):
        files = {"archivo": ("nota.txt", b"La banda hace ruido.\n", "text/plain")}
        return client.post(f"/api/incidencias/{incident}/adjuntos", files=files).status_code
    return 0


def directory_stopped(rig: Rig, size: Size) -> Seen:
    client = httpx.Client(base_url=rig.site.url(BACKENDS[0]), trust_env=False, timeout=20)
    client.headers["X-Forwarded-Proto"] = "https"
    rosa = {"username": "rosa", "password": PASSWORD}
    if "LDAP_SERVER" not in rig.site.environment():
        raise RuntimeError("django-auth-ldap is missing: make ldap")
    with rig.load() as account, client, rig.stopped("ldap"):
        time.sleep(3)
        start = time.monotonic()
        refused = client.post("/api/auth/login", json=rosa).status_code
        seconds = time.monotonic() - start
        local = client.post("/api/auth/login", json={**rosa, "username": "eva"}).status_code
        time.sleep(3)
    seen = f"rosa {refused} en {seconds:.1f} s; eva (cuenta local) {local}; {account.describe()}"
    held = not account.failures and refused == 503 and seconds <= 4 and local == 200
    return Seen("LDAP no está", "503 en 4 s o menos; la cuenta local entra", seen, held)


Drill = Callable[[Rig, Size], Seen]
DRILLS: dict[str, Drill] = {
    "backends": backends_killed,
    "reinicio": rolling_restart,
    "columna": column_added,
    "versiones": two_versions,
    "primario": primary_killed,
    "replica-pausada": replica_paused,
    "replica": replica_killed,
    "trabajo": worker_killed,
    "redis": redis_killed,
    "chroma": chroma_wiped,
    "nodos": nodes_lost,
    "s3": store_stopped,
    "ldap": directory_stopped,
    "lentos": lambda rig, size: slow_clients(rig),
    "base-colgada": lambda rig, size: database_hangs(rig),
    "tabla": table_dropped,
    "sitio": site_lost,
}
SHORT_FORM = ("reinicio", "replica-pausada", "primario", "redis")
